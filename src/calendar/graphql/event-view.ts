// Events and statuses as the schema shows them: instants in the calendar's zone, time-dependent
// fields computed when they are asked for.
import { echo } from '../../errors.ts';
import { EVENT_KINDS, eventTypeOf, KINDS, type KindDefinition } from '../../event-kinds.ts';
import { busyStatusOf, completionOf, isOverdue, phaseOf, timingOf } from '../model/derive.ts';
import type { ScheduleEvent } from '../model/event.ts';
import { parseEventId } from '../model/event-id.ts';
import type { SourceStatus } from '../model/status.ts';
import type { Zone } from '../model/zone.ts';
import type { Recorder } from '../revalidation/recorder.ts';

/** The URL of an event, from its id and its resource name. */
export type EventUrl = (event: Pick<ScheduleEvent, 'id' | 'ern'>) => string;

/** What all events of one answer are formatted with. */
export interface RenderContext {
  readonly zone: Zone;
  /** Milliseconds. */
  readonly now: number;
  /** The URL of an event. */
  readonly eventUrl: EventUrl;
  /** Is told which fields depend on now. */
  readonly recorder: Recorder;
}

/** The instants at which phase, completion and isOverdue of an event change. */
export function instantsOf({ startsAt, endsAt, lateLimit }: ScheduleEvent): readonly (number | null)[] {
  return [startsAt, endsAt, lateLimit];
}

/** One event of any kind; the schema decides which of these fields it has. */
export class EventView {
  readonly #event: ScheduleEvent;
  readonly #renderContext: RenderContext;

  constructor(event: ScheduleEvent, renderContext: RenderContext) {
    this.#event = event;
    this.#renderContext = renderContext;
  }

  get id() {
    return this.#event.id;
  }
  get ern() {
    return this.#event.ern;
  }
  get kind() {
    return this.#event.kind;
  }
  get title() {
    return this.#event.title;
  }
  get course() {
    return this.#event.course;
  }
  get startsAt() {
    return this.#renderContext.zone.format(this.#event.startsAt);
  }
  get endsAt() {
    return this.#renderContext.zone.format(this.#event.endsAt);
  }
  get timing() {
    return timingOf(this.#event);
  }
  get dateOverride() {
    const { dateOverride } = this.#event;
    if (dateOverride === null) return null;
    const { zone } = this.#renderContext;
    return { ...dateOverride, startsAt: zone.format(dateOverride.startsAt), endsAt: zone.format(dateOverride.endsAt) };
  }
  get phase() {
    return phaseOf(this.#event, this.#now());
  }
  get completion() {
    const { now, recorder } = this.#renderContext;
    const completion = completionOf(this.#event, now);
    // Of the others, only a write changes it.
    if (completion === 'PENDING' || completion === 'MISSED') {
      recorder.changesAt(now, this.#event.endsAt, this.#event.lateLimit);
    }
    return completion;
  }
  get isOverdue() {
    return isOverdue(this.#event, this.#now());
  }
  get busyStatus() {
    return busyStatusOf(this.#event);
  }
  get location() {
    return this.#event.location;
  }
  get url() {
    return this.#renderContext.eventUrl(this.#event);
  }
  get updatedAt() {
    return this.#renderContext.zone.format(this.#event.updatedAt);
  }
  /** The field is `lateAt`, `closesAt` or what the kind calls it, see {@link OWN_FIELDS}. */
  get lateLimit() {
    const { lateLimit } = this.#event;
    return lateLimit === null ? null : this.#renderContext.zone.format(lateLimit);
  }
  /** The lecture in which it takes place. */
  get inLecture() {
    const { lecture } = this.#event;
    return lecture === null ? null : { ern: lecture };
  }
  /** Its resource, which is the same for all users. */
  get resource() {
    return { ern: this.#event.ern };
  }

  /** Now, for a field that depends on it. */
  #now() {
    const { now, recorder } = this.#renderContext;
    recorder.changesAt(now, ...instantsOf(this.#event));
    return now;
  }
}

type Field = (view: EventView) => unknown;

/** The fields that only the events of a kind have, by the name of their type. */
export const OWN_FIELDS: Readonly<Record<string, Readonly<Record<string, Field>>>> = Object.fromEntries(
  EVENT_KINDS.map((kind) => [eventTypeOf(kind), ownFieldsOf(KINDS[kind])]),
);

function ownFieldsOf({ lateLimit, lecture, resource }: KindDefinition): Readonly<Record<string, Field>> {
  return {
    ...(lateLimit === null ? {} : { [lateLimit.field]: (view: EventView) => view.lateLimit }),
    ...(lecture === null ? {} : { [lecture]: (view: EventView) => view.inLecture }),
    ...(resource === null ? {} : { [resource.field]: (view: EventView) => view.resource }),
  };
}

/** A source's status as the schema shows it. */
export function statusView(status: SourceStatus, { zone, recorder }: RenderContext) {
  return {
    ...status,
    get fetchedAt() {
      recorder.showsLoadTimes();
      return status.fetchedAt === null ? null : zone.format(status.fetchedAt);
    },
  };
}

/**
 * Returns a function that replaces `{ern}`, `{id}` and `{user}` (the owner of the calendar) in the
 * template, escaped. Throws TypeError unless the template has one `{ern}` or one `{id}`.
 */
export function eventUrlFrom(template: string): EventUrl {
  if (template.split(/\{(?:ern|id)\}/).length !== 2) {
    throw new TypeError(`expected an address with {ern} or {id} in it once, given ${echo(template)}`);
  }
  return ({ id, ern }) => {
    const values: Readonly<Record<string, string>> = { id, ern, user: parseEventId(id)?.userId ?? '' };
    return template.replace(/\{(ern|id|user)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  };
}
