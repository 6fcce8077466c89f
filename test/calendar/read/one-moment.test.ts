// Promise: in an answer that is COMPLETE, every item is as it was at one moment since the oldest
// copy was loaded. An item that is moved over a month's end between two loads is in one of them.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Item, overlaps } from '../../../src/calendar/model/event.ts';
import { completeSlice, type SliceKey } from '../../../src/calendar/model/slice.ts';
import { readCalendar } from '../../../src/calendar/read/read-calendar.ts';
import { COURSE, item, USER } from '../examples.ts';
import { stubCaches } from '../stub-caches.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00+09:00');
const DAYS = 92;
/** TTL with its jitter: no fresh copy is older. */
const OLDEST_MS = 33_000;

interface Span {
  readonly startsAt: number;
  readonly endsAt: number;
}
/** The items as they are at one time, by number. */
type Version = ReadonlyMap<number, Span & { readonly updatedAt: number }>;

const number = fc.integer({ min: 1, max: 2 });
/** Most moves are over the end of a month. */
const span = fc.record({
  day: fc.oneof(fc.constantFrom(10, 28, 30, 40, 60), fc.integer({ min: 0, max: DAYS - 1 })),
  days: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
});
const window = fc.oneof(
  fc.constantFrom({ from: 0, days: 31 }, { from: 31, days: 30 }, { from: 0, days: 61 }, { from: 0, days: DAYS }),
  fc.record({ from: fc.integer({ min: 0, max: DAYS - 1 }), days: fc.integer({ min: 1, max: DAYS }) }),
);
const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), number, span }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), number }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 10_000 }) }) },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('read' as const), window }),
    },
  ),
  { minLength: 4, maxLength: 30 },
);

/** A course whose items change, read through real caches; versions are kept with their times. */
function world(givesRevisions: boolean) {
  let now: Version = new Map();
  let moves = 0;
  const items = (): Item[] =>
    [...now].map(([id, dates]) => item({ ern: `${COURSE.ern}/lecture/${id}`, ...dates, title: `item ${id}` }));
  const slice = ({ month }: SliceKey) => ({
    ...completeSlice(items().filter((one) => overlaps(Number(one.startsAt), Number(one.endsAt), month.from, month.to))),
    revision: givesRevisions ? `${moves}` : null,
  });
  const { caches, clock } = stubCaches({ audiences: () => [COURSE.ern], slice });
  const versions: { at: number; version: Version }[] = [{ at: 0, version: now }];
  const change = (next: Version) => {
    now = next;
    versions.push({ at: clock.elapsed(), version: next });
  };
  return {
    clock,
    put: (id: number, startsAt: number, endsAt: number) => {
      // As the services do: only moves over a month's end are counted, not what is new or removed.
      const before = now.get(id);
      if (before !== undefined && monthsOf(before) !== monthsOf({ startsAt, endsAt })) moves += 1;
      change(new Map(now).set(id, { startsAt, endsAt, updatedAt: versions.length }));
    },
    remove: (id: number) => {
      change(new Map([...now].filter(([known]) => known !== id)));
    },
    /** The versions that were true at some moment since `age` milliseconds ago. */
    versionsSince: (age: number) => {
      const since = clock.elapsed() - age;
      return versions.filter((_, n) => (versions[n + 1]?.at ?? Number.POSITIVE_INFINITY) >= since);
    },
    read: (window: { from: number; to: number }) =>
      readCalendar(caches, {
        userId: USER,
        kinds: ['LECTURE'],
        sight: 'ALL',
        keep: () => true,
        readOptions: {},
        window,
      }),
  };
}

/** The months that it is in, as text. */
const monthsOf = ({ startsAt, endsAt }: Span): string =>
  [startsAt, endsAt - 1].map((at) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 7)).join(' to ');

const shownIn = (dates: Span | undefined, { from, to }: { from: number; to: number }) =>
  dates !== undefined && overlaps(dates.startsAt, dates.endsAt, from, to)
    ? `${dates.startsAt}-${dates.endsAt}`
    : 'absent';

test('every item of a COMPLETE answer is as it was at one moment, whatever happens between the loads', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (given) => {
      const { clock, put, remove, read, versionsSince } = world(true);
      for (const id of [1, 2]) put(id, START, START + DAY);
      await clock.advance(2 * OLDEST_MS);
      for (const command of given) {
        const at = (day: number) => START + day * DAY;
        if (command.do === 'put') put(command.number, at(command.span.day), at(command.span.day + command.span.days));
        else if (command.do === 'remove') remove(command.number);
        else if (command.do === 'wait') await clock.advance(command.ms);
        else {
          const { from, days } = command.window;
          const asked = { from: at(from), to: at(from + days) };
          const { events, completeness } = await read(asked);
          if (completeness !== 'COMPLETE') continue;
          for (const id of [1, 2]) {
            const shown = events.find(({ ern }) => ern.endsWith(`/${id}`));
            const possible = versionsSince(OLDEST_MS).map(({ version }) => shownIn(version.get(id), asked));
            expect(possible).toContain(shownIn(shown, asked));
          }
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

const APRIL = START + 31 * DAY;
const BOTH = { from: START, to: APRIL + 30 * DAY };

test('an item that is moved into a month that was read before is shown, with one more call', async () => {
  const { put, read, clock } = world(true);
  put(1, APRIL + DAY, APRIL + 2 * DAY);
  await read({ from: START, to: APRIL });
  await clock.advance(5_000);
  put(1, START + DAY, START + 2 * DAY);
  const { events, completeness } = await read(BOTH);
  expect([events.map(({ startsAt }) => startsAt), completeness]).toEqual([[START + DAY], 'COMPLETE']);
});

test('an item over a month’s end that is removed between the loads is not shown, also without revisions', async () => {
  const { put, remove, read, clock } = world(false);
  put(1, APRIL - DAY, APRIL + DAY);
  await read({ from: START, to: APRIL });
  await clock.advance(5_000);
  remove(1);
  expect((await read(BOTH)).events).toEqual([]);
});
