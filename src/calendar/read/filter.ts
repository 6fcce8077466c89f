// EventFilter as a predicate: what is left out does not restrict, what is given must all hold.
// Pure.
import { badInput } from '../../errors.ts';
import { completionOf } from '../model/derive.ts';
import { isErn } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind, type ScheduleEvent } from '../model/event.ts';
import type { EventFilter } from '../model/event-filter.ts';

const MAX_SEARCH = 200;

/** The kinds to fetch, each once, in the order of answers. */
export function kindsOf(filter: EventFilter | null | undefined): readonly EventKind[] {
  const wanted = filter?.kinds;
  return wanted === null || wanted === undefined ? EVENT_KINDS : EVENT_KINDS.filter((kind) => wanted.includes(kind));
}

/** Whether an event is wanted. Throws BAD_USER_INPUT naming the field. `now` in milliseconds. */
export function wantedBy(filter: EventFilter | null | undefined, now: number): (event: ScheduleEvent) => boolean {
  const { courses, completion, search } = filter ?? {};
  const malformed = courses?.find((course) => !isErn(course));
  if (malformed !== undefined) throw badInput('filter.courses', 'course names such as ern:lms:course/42', malformed);
  if (search !== null && search !== undefined && search.length > MAX_SEARCH) {
    throw badInput('filter.search', `at most ${MAX_SEARCH} characters`, search);
  }
  const sourcePart = search ? folded(search) : null;
  return (event) =>
    (!courses || courses.includes(event.course.ern)) &&
    (!completion || completion.includes(completionOf(event, now))) &&
    (sourcePart === null || folded(event.title).includes(sourcePart));
}

/** As titles are compared: NFC, so that composed and decomposed Hangul are equal, in lower case. */
const folded = (text: string): string => text.normalize('NFC').toLowerCase();
