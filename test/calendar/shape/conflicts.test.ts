// Conflicts compared with a naive search: instant by instant for overlaps, group by group for
// deadlines.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ScheduleEvent } from '../../../src/calendar/model/event.ts';
import { type Conflict, conflictsOf } from '../../../src/calendar/shape/conflicts.ts';
import { events, numbered } from '../arbitrary.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const drawn = (conflicts: readonly Conflict[]) =>
  conflicts.map(({ kind, startsAt, endsAt, events: all }) => ({
    kind,
    startsAt,
    endsAt,
    ids: all.map(({ id }) => id),
  }));
const of = (kind: Conflict['kind'], all: readonly ScheduleEvent[], now = 0) =>
  drawn(conflictsOf(all, now)).filter((one) => one.kind === kind);

/** Hour by hour: a stretch goes on from one hour to the next when two lectures do. */
function naiveOverlaps(all: readonly ScheduleEvent[], hours: number) {
  const lectures = all.filter((one) => one.kind === 'LECTURE');
  const during = (from: number, to: number) => lectures.filter((one) => one.startsAt <= from && one.endsAt >= to);
  const found: { kind: string; startsAt: number; endsAt: number; ids: string[] }[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    const here = during(hour * HOUR, (hour + 1) * HOUR).map(({ id }) => id);
    if (here.length < 2) continue;
    const last = found.at(-1);
    if (last !== undefined && during((hour - 1) * HOUR, (hour + 1) * HOUR).length >= 2) {
      last.endsAt = (hour + 1) * HOUR;
      last.ids.push(...here);
    } else found.push({ kind: 'OVERLAP', startsAt: hour * HOUR, endsAt: (hour + 1) * HOUR, ids: here });
  }
  return found.map((one) => ({ ...one, ids: lectures.map(({ id }) => id).filter((id) => one.ids.includes(id)) }));
}

/** Every group that begins with a deadline and takes in a day, unless another has all of it. */
function naiveClusters(all: readonly ScheduleEvent[], now: number) {
  const due = all.filter(
    ({ kind, done, endsAt, lateLimit }) =>
      kind === 'ASSIGNMENT' && (done === null || done === 'NONE') && now < Math.max(endsAt, lateLimit ?? 0),
  );
  const groups = due.map((first) =>
    due.filter((one) => one.endsAt >= first.endsAt && one.endsAt <= first.endsAt + DAY),
  );
  const distinct = groups
    .map((group) => group.map(({ id }) => id).sort())
    .filter((ids) => ids.length >= 3)
    .map((ids) => ids.join());
  return new Set(
    distinct.filter(
      (ids) => !distinct.some((o) => o !== ids && ids.split(',').every((id) => o.split(',').includes(id))),
    ),
  );
}

describe('overlaps', () => {
  test('equal those found by checking every instant separately', () => {
    fc.assert(
      fc.property(events(0, 30 * HOUR, HOUR), (all) => {
        expect(of('OVERLAP', all)).toEqual(naiveOverlaps(all, 50));
      }),
      { numRuns: 1_000 },
    );
  });

  test('do not include consecutive events or events without length', () => {
    const first = numbered('LECTURE', 1, { startsAt: 0, endsAt: HOUR });
    const second = numbered('LECTURE', 2, { startsAt: HOUR, endsAt: 2 * HOUR });
    const moment = numbered('LECTURE', 3, { startsAt: HOUR / 2, endsAt: HOUR / 2 });
    expect(conflictsOf([first, moment, second], 0)).toEqual([]);
  });

  test('of three events are one conflict; FREE events are not part of it', () => {
    const all = [1, 2, 3].map((n) => numbered('LECTURE', n, { startsAt: n * HOUR, endsAt: 10 * HOUR }));
    const check = numbered('ATTENDANCE', 4, { startsAt: 2 * HOUR, endsAt: 3 * HOUR });
    expect(of('OVERLAP', [...all, check])).toEqual([
      { kind: 'OVERLAP', startsAt: 2 * HOUR, endsAt: 10 * HOUR, ids: all.map(({ id }) => id) },
    ]);
  });
});

describe('deadline clusters', () => {
  test('are the largest groups within 24 hours, each once', () => {
    fc.assert(
      fc.property(events(0, 6 * DAY, 3 * HOUR, 20), fc.nat(6 * 8), (all, now) => {
        const found = of('DEADLINE_CLUSTER', all, now * 3 * HOUR);
        expect(new Set(found.map(({ ids }) => [...ids].sort().join()))).toEqual(naiveClusters(all, now * 3 * HOUR));
        expect(found.length).toBe(naiveClusters(all, now * 3 * HOUR).size);
        for (const { startsAt, endsAt } of found) expect(endsAt - startsAt).toBeLessThanOrEqual(DAY);
      }),
      { numRuns: 1_000 },
    );
  });

  const due = (number: number, endsAt: number, given: Partial<ScheduleEvent> = {}) =>
    numbered('ASSIGNMENT', number, { startsAt: 0, endsAt, ...given });

  test('need three deadlines that are still to be met', () => {
    const [a, b, c] = [due(1, 5 * DAY), due(2, 5.5 * DAY), due(3, 6 * DAY)];
    expect(of('DEADLINE_CLUSTER', [a, b])).toEqual([]);
    expect(of('DEADLINE_CLUSTER', [a, b, c])).toEqual([
      { kind: 'DEADLINE_CLUSTER', startsAt: 5 * DAY, endsAt: 6 * DAY, ids: [a.id, b.id, c.id] },
    ]);
    expect(of('DEADLINE_CLUSTER', [a, b, { ...c, done: 'DONE' }])).toEqual([]);
    expect(of('DEADLINE_CLUSTER', [a, b, c], 5 * DAY)).toEqual([]);
  });

  test('do not span more than 24 hours', () => {
    expect(of('DEADLINE_CLUSTER', [due(1, DAY), due(2, DAY), due(3, 2 * DAY + 1)])).toEqual([]);
  });
});

test('conflicts of all kinds are ordered by their start', () => {
  fc.assert(
    fc.property(events(0, 3 * DAY, HOUR, 30), (all) => {
      const starts = conflictsOf(all, 0).map(({ startsAt }) => startsAt);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    }),
  );
});
