// The adapters of the sources: the names that each service uses in the source contract, and how the
// fields are read in which they differ. They follow from the registry of kinds.
import { byKind, type EventKind, KINDS, RELATIONS_KIND, serviceOf, typePrefixOf } from '../../event-kinds.ts';
import { isErn } from '../model/ern.ts';
import { type ItemAdapter, instant, optional, truth } from './item.ts';

/** The names that a service uses in the source contract. */
export interface SourceAdapter extends ItemAdapter {
  readonly kind: EventKind;
  /** The field of `User` that lists audiences. */
  readonly audiences: string;
  /** The field of `User` that lists those of them that the user teaches. */
  readonly taught: string;
  readonly sliceType: string;
  readonly itemType: string;
  /** Fields of an item in addition to the common ones. */
  readonly itemFields: string;
  /** Whether this service knows teachers and observers. */
  readonly knowsRelations: boolean;
}

/** The adapter of each kind. */
export const SOURCE_ADAPTERS = byKind(adapterOf);

function adapterOf(kind: EventKind): SourceAdapter {
  const { lateLimit, lecture, completion, allDay } = KINDS[kind];
  const [service, prefix] = [serviceOf(kind), typePrefixOf(kind)];
  const fields = [lateLimit?.field, lecture, completion?.field, allDay];
  const states = new Map(Object.entries(completion?.states ?? {}));
  return {
    kind,
    audiences: `${service}Audiences`,
    taught: `${service}Taught`,
    sliceType: `${prefix}Slice`,
    itemType: `${prefix}Item`,
    itemFields: fields.filter((field) => field != null).join(' '),
    knowsRelations: kind === RELATIONS_KIND,
    lateLimit: read(lateLimit?.field, instant),
    lecture: read(lecture, (value) => (isErn(value) ? value : undefined)),
    done: read(completion?.field, (value) => (typeof value === 'string' ? states.get(value) : undefined)),
    allDay: read(allDay, truth),
  };
}

/** Reads a field if the kind has it. */
function read<T>(field: string | null | undefined, value: (given: unknown) => T | undefined) {
  return (raw: Readonly<Record<string, unknown>>): T | null | undefined =>
    field == null ? null : optional(raw[field], value);
}
