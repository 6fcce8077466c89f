// Fills the caches of a calendar in a process of its own, and prints for each way of filling what
// they say that they hold and what the heap holds more than before: `node --expose-gc`. With the
// name of a way and a number it fills in this way only, so often.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Invalidations } from '../../../src/calendar/cache/invalidations.ts';
import { type Ask, createCaches } from '../../../src/calendar/caches.ts';
import { userAudience } from '../../../src/calendar/model/ern.ts';
import type { Month } from '../../../src/calendar/model/slice.ts';
import { Recorder } from '../../../src/calendar/revalidation/recorder.ts';
import { parseResults, type ResultOf, type SourceQuery } from '../../../src/calendar/sources/entities.ts';
import { SOURCE_ADAPTERS } from '../../../src/calendar/sources/kinds.ts';
import { EVENT_KINDS, type EventKind } from '../../../src/event-kinds.ts';
import { manualClock } from '../../harness/clock.ts';

const LIMIT = 8 * 2 ** 20;
/** A limit so high that nothing is evicted. */
const NONE = 2 ** 30;
const AT = '2026-03-02T00:00:00.123Z';
const MONTHS: readonly Month[] = Array.from({ length: 12 }, (_, index) => ({
  name: `2026-${String(index + 1).padStart(2, '0')}`,
  from: Date.UTC(2026, index),
  to: Date.UTC(2026, index + 1),
}));

type Entity = Readonly<Record<string, unknown>>;
type Slices = (kind: EventKind, audience: string) => readonly Entity[];

/** What sources say, read from JSON like any answer. */
function askOf(audiences: (userId: string) => readonly string[], itemsOf: Slices): Ask {
  const entityOf = (kind: EventKind, query: SourceQuery): Entity => {
    const { audiences: all, taught, sliceType } = SOURCE_ADAPTERS[kind];
    if (query.ask === 'slice') {
      const { audience, month } = query;
      const items = itemsOf(kind, audience).map((item) => ({
        ...item,
        startsAt: iso(month.from),
        endsAt: iso(month.from + 9e5),
      }));
      return { __typename: sliceType, audience, from: iso(month.from), to: iso(month.to), revision: '17', items };
    }
    const id = 'userId' in query ? query.userId : '';
    return { __typename: 'User', id, [all]: audiences(id), [taught]: [], teaches: [], observes: [] };
  };
  const ask = async (kind: EventKind, query: SourceQuery) => {
    const body = JSON.stringify({ data: { _entities: [entityOf(kind, query)] } });
    return parseResults(SOURCE_ADAPTERS[kind], [query], body)[0] as ResultOf[SourceQuery['ask']];
  };
  return ask as Ask;
}

const iso = (at: number) => new Date(at).toISOString();

/** Items of a course. */
const items =
  (count: number, fields: object = {}): Slices =>
  (kind, audience) =>
    Array.from({ length: count }, (_, index) => ({
      ern: `${audience}/${kind.toLowerCase()}/${index}`,
      audience,
      title: 'Essay',
      course: { ern: audience, title: '자료구조', color: '#336699' },
      updatedAt: AT,
      hidden: false,
      ...fields,
    }));

/** A student's own values of items. */
const own: Slices = (kind, audience) =>
  Array.from({ length: 8 }, (_, index) => ({
    ern: `ern:lms:course/${index}/${kind.toLowerCase()}/7`,
    audience,
    outcome: 'PRESENT',
    submission: 'SUBMITTED',
    updatedAt: AT,
  }));

async function newCaches(ask: Ask, cacheBytes: number) {
  const clock = manualClock();
  // A time as of a process that has been running: not a whole number.
  await clock.advance(1_234.5);
  return createCaches({
    ask,
    invalidations: new Invalidations({ now: () => clock.elapsed() }),
    clock,
    cacheBytes,
    ownAudience: (userId) => userAudience('lms', userId),
    hasLiveFeed: () => false,
  });
}
type Caches = ReturnType<typeof createCaches>;
/** As for a request: values have digests. */
const recorded = () => ({ onRead: new Recorder().read });

const courseSlices = async ({ slices }: Caches, count: number) => {
  for (let number = 0; number < count; number += 1) {
    const kind = EVENT_KINDS[number % 3] as EventKind;
    const month = MONTHS[number % 12] as Month;
    await slices.read({ kind, audience: `ern:lms:course/${number}`, month }, recorded());
  }
};
const ownSlices = async ({ slices }: Caches, count: number) => {
  for (let number = 0; number < count; number += 1) {
    const month = MONTHS[number % 12] as Month;
    await slices.read({ kind: 'ATTENDANCE', audience: `ern:lms:user/student-${number}`, month }, recorded());
  }
};
/** What the page of a student reads who has no course. Throws if a read fails. */
const wholeUsers = async (caches: Caches, count: number) => {
  for (let number = 0; number < count; number += 1) {
    const userId = student(number);
    const kind = EVENT_KINDS[number % 3] as EventKind;
    const month = MONTHS[number % 12] as Month;
    const list = await caches.audiences.read({ kind, userId }, recorded());
    const slice = await caches.slices.read({ kind, audience: `ern:lms:user/${userId}`, month }, recorded());
    if (list.state !== 'FRESH' || slice.state !== 'FRESH') throw new Error(`${userId}: ${list.state}, ${slice.state}`);
  }
};
/** Everything that a free/busy question about these users reads of who they are. */
const usersOf = async (caches: Caches, count: number, idOf: (number: number) => string) => {
  for (let number = 0; number < count; number += 1) {
    const userId = idOf(number);
    for (const kind of EVENT_KINDS) {
      await caches.audiences.read({ kind, userId }, recorded());
      await caches.foreignAudiences.read({ kind, userId });
    }
    await caches.memberships.read(userId, recorded());
    await caches.relations.read(userId, recorded());
  }
};

const COURSES = [
  'ern:lms:course/1',
  'ern:lms:course/22',
  'ern:lms:course/333',
  'ern:lms:course/4444',
  'ern:lms:course/55555',
];
const none = () => [];
const student = (number: number) => `student-${number}`;
const uuid = (number: number) => `0b8f5a6e-1c1d-4c58-9a52-${String(number).padStart(12, '0')}`;

type Fill = (caches: Caches, count: number) => Promise<void>;

/** Ways of filling: what the sources say, the limit, the reads and how many; 0: only if named. */
const WAYS: Readonly<Record<string, readonly [ask: Ask, limit: number, fill: Fill, count: number]>> = {
  'slices of 20 items': [askOf(none, items(20)), LIMIT, courseSlices, 500],
  'slices of one item': [askOf(none, items(1)), LIMIT, courseSlices, 4_000],
  'empty slices': [askOf(none, items(0)), LIMIT, courseSlices, 7_000],
  'slices with long Korean texts': [
    askOf(none, items(20, { title: '가'.repeat(200), room: '공학관 201호', lateAt: AT, closesAt: AT })),
    LIMIT,
    courseSlices,
    400,
  ],
  'own slices': [askOf(none, own), LIMIT, ownSlices, 6_000],
  'users with their own slices': [askOf(() => COURSES, items(1)), LIMIT, wholeUsers, 0],
  'users with five courses': [askOf(() => COURSES, none), NONE, (caches, count) => usersOf(caches, count, uuid), 700],
  'unknown users': [askOf(none, none), NONE, (caches, count) => usersOf(caches, count, student), 1_500],
  everything: [
    askOf(() => COURSES, items(5)),
    LIMIT,
    async (caches, count) => {
      await usersOf(caches, count, student);
      await courseSlices(caches, count);
    },
    1_500,
  ],
};

const collectGarbage = (globalThis as { gc?: () => void }).gc ?? (() => {});
async function heapBytes(): Promise<number> {
  for (let round = 0; round < 6; round += 1) {
    await nextTurn();
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

async function measure(ask: Ask, limit: number, fill: Fill, count: number): Promise<object> {
  const before = await heapBytes();
  const caches = await newCaches(ask, limit);
  await fill(caches, count);
  const held = (await heapBytes()) - before;
  const sizes = Object.values(caches).map(({ size }) => size);
  const said = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  return { said, held, entries: sizes.reduce((sum, { entries }) => sum + entries, 0), limit };
}

const [only, times] = process.argv.slice(2);
for (const [way, [ask, limit, fill, usual]] of Object.entries(WAYS)) {
  if (only === undefined ? usual === 0 : way !== only) continue;
  const count = Number(times ?? usual);
  // What is compiled and learned while reading is there before.
  await measure(ask, limit, fill, 20);
  process.stdout.write(`${JSON.stringify({ way, ...(await measure(ask, limit, fill, count)) })}\n`);
}
