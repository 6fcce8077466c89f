// EventFilter as a predicate. An absent field does not restrict; all given fields must match. Pure.
import { badInput } from '../../errors.ts';
import { completionOf } from '../model/derive.ts';
import { isErn } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind, type ScheduleEvent } from '../model/event.ts';
import type { EventFilter } from '../model/event-filter.ts';

const MAX_SEARCH = 200;

/** The kinds to load, without duplicates, in the order of answers. */
export function kindsOf(filter: EventFilter | null | undefined): readonly EventKind[] {
  const wanted = filter?.kinds;
  return wanted === null || wanted === undefined ? EVENT_KINDS : EVENT_KINDS.filter((kind) => wanted.includes(kind));
}

/** Whether an event matches. Throws BAD_USER_INPUT naming the field. `now` in milliseconds. */
export function wantedBy(filter: EventFilter | null | undefined, now: number): (event: ScheduleEvent) => boolean {
  const { courses, completion, search } = filter ?? {};
  const malformed = courses?.find((course) => !isErn(course));
  if (malformed !== undefined) throw badInput('filter.courses', 'course names such as ern:lms:course/42', malformed);
  const sourcePart = search == null ? '' : folded(search).trim();
  if (search != null && search.normalize('NFC').trim().length > MAX_SEARCH) {
    throw badInput('filter.search', `at most ${MAX_SEARCH} characters`, search);
  }
  return (event) =>
    (!courses || courses.includes(event.course.ern)) &&
    (!completion || completion.includes(completionOf(event, now))) &&
    (sourcePart === '' || folded(event.title).includes(sourcePart));
}

/**
 * The form in which titles are compared: lower case and NFKC, so that composed and decomposed
 * Hangul, and wide and narrow letters, are equal.
 */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase();
