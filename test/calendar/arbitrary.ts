// Random events for property tests: few places and instants, so that events meet, nest, touch and
// coincide.
import fc from 'fast-check';
import type { CompletionState, EventKind, ScheduleEvent } from '../../src/calendar/model/event.ts';
import { inOrder } from '../../src/calendar/read/merge.ts';
import { event } from './examples.ts';

const typeOf = (kind: EventKind) => (kind === 'ATTENDANCE' ? 'check' : kind.toLowerCase());

/** An event of this kind and number; instants in milliseconds. */
export function numbered(kind: EventKind, number: number, given: Partial<ScheduleEvent> = {}): ScheduleEvent {
  return event({ kind, ern: `ern:lms:course/42/${typeOf(kind)}/${number}`, ...given });
}

/**
 * Events that start in [from, to) on a multiple of `step` and last a multiple of it, in the order
 * of an answer.
 */
export function events(from: number, to: number, step: number, most = 12): fc.Arbitrary<ScheduleEvent[]> {
  const one = fc.record({
    kind: fc.constantFrom<EventKind>('LECTURE', 'ATTENDANCE', 'ASSIGNMENT'),
    start: fc.nat(Math.floor((to - from - 1) / step)),
    steps: fc.nat(12),
    late: fc.option(fc.nat(12)),
    done: fc.constantFrom<CompletionState | null>(null, null, 'NONE', 'DONE', 'LATE', 'ABSENT', 'EXCUSED'),
  });
  return fc.array(one, { maxLength: most }).map((all) =>
    inOrder(
      all.map(({ kind, start, steps, late, done }, number) => {
        const startsAt = from + start * step;
        const endsAt = startsAt + steps * step;
        const lateLimit = late === null ? null : endsAt + late * step;
        return numbered(kind, number, { startsAt, endsAt, lateLimit, done });
      }),
    ),
  );
}
