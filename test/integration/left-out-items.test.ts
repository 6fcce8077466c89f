// Promise: an item that had to be left out is an item that is missing. The answer is not COMPLETE,
// nothing is removed because of it, and it never replaces data that was complete.
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { request } from 'undici';
import { type DroppedItems, listen } from '../../src/diagnostics.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { MARCH, MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { courseErn, lecture, own } from '../harness/rows.ts';
import { withItems } from '../harness/wrong-answers.ts';

const LECTURES = { ...MARCH, filter: { kinds: ['LECTURE'] } };
const days = ['03', '10', '17', '24'];
const lectures = days.map((day) => lecture({ course: 1, at: `2026-03-${day}T09:00+09:00` }));
const [hidden, ...shown] = lectures as [(typeof lectures)[0], ...typeof lectures];
/** One lecture is hidden from student-2. */
const rows = {
  enrollments: { 'student-1': [1], 'student-2': [1] },
  items: [...lectures, own('student-2', hidden, { hidden: true })],
};

let clock: ManualClock;
let graph: MockGraph;
afterEach(() => graph.close());

async function start(gateway = false) {
  clock = manualClock();
  graph = await startGraph({ sources: 'mock', clock, rows, gateway });
}
async function read(user: string, variables: Record<string, unknown> = LECTURES): Promise<ShownCalendar> {
  return (await graph.query<Mine>(user, MINE, variables)).body.data.viewer.calendar;
}
const erns = ({ events }: ShownCalendar) => events.map(({ ern }) => ern);

type Raw = Readonly<Record<string, unknown>>;
const FAULTS: readonly [string, (item: Raw) => Raw][] = [
  ['a title that is a number', (item) => ({ ...item, title: 7 })],
  ['a start on 30 February', (item) => ({ ...item, startsAt: '2026-02-30T00:00:00Z' })],
  ['a title of more than 1,000 characters', (item) => ({ ...item, title: 'x'.repeat(1_001) })],
  ['another audience', (item) => ({ ...item, audience: courseErn(2) })],
];
const breaking = (fault: (item: Raw) => Raw) => withItems((items) => items.map(fault));

describe.each(FAULTS)('a source whose items all have %s', (_, fault) => {
  test('gives an answer that is PARTIAL, not an empty one that is COMPLETE', async () => {
    await start();
    await graph.sources.lecture.fault({ answer: breaking(fault) });
    const calendar = await read('student-1');
    expect([calendar.completeness, calendar.events, calendar.sources[0]?.dropped]).toEqual(['PARTIAL', [], 4]);
  });

  test('does not replace what the class has, even for a reader with maxAge 0', async () => {
    await start();
    const whole = erns(await read('student-1'));
    await graph.sources.lecture.fault({ answer: breaking(fault) });
    for (const variables of [{ ...LECTURES, maxAge: 0 }, LECTURES]) {
      const calendar = await read('student-1', variables);
      expect([erns(calendar), calendar.sources[0]?.dropped]).toEqual([whole, 0]);
    }
    await clock.advance(31_000);
    const stale = await read('student-1', { ...LECTURES, maxAge: 0 });
    expect([erns(stale), stale.sources[0]?.status, stale.sources[0]?.reason]).toEqual([whole, 'STALE', 'BAD_RESPONSE']);
    await graph.sources.lecture.heal();
    await clock.advance(5_000);
    expect(await read('student-1', { ...LECTURES, maxAge: 0 })).toMatchObject({ completeness: 'COMPLETE' });
  });

  test('is complete again within 5 s after it is healthy, without a whole copy', async () => {
    await start();
    await graph.sources.lecture.fault({ answer: breaking(fault) });
    await read('student-1');
    await graph.sources.lecture.heal();
    await clock.advance(5_000);
    const calendar = await read('student-1');
    expect([calendar.completeness, erns(calendar)]).toEqual(['COMPLETE', lectures.map(({ ern }) => ern)]);
  });
});

test('calendarChanges removes nothing of a source that had to leave out items', async () => {
  await start();
  const query = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) { syncToken } } }`;
  const first = await graph.query<{ viewer: { calendar: { syncToken: string } } }>('student-1', query, MARCH);
  const changes = `query ($since: String!) { viewer { calendarChanges(since: $since) { removed completeness } } }`;
  // No whole copy is left to fall back on.
  await clock.advance(2 * 3_600_000);
  await graph.sources.lecture.fault({ answer: breaking((item) => ({ ...item, title: 7 })) });
  const { body } = await graph.query('student-1', changes, { since: first.body.data.viewer.calendar.syncToken });
  expect(body.data).toEqual({ viewer: { calendarChanges: { removed: [], completeness: 'PARTIAL' } } });
});

test('a subscription is refused with 503 instead of shrinking', async () => {
  await start(true);
  const query = '{ viewer { calendarSubscription { url } } }';
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>('student-1', query);
  const path = new URL(body.data.viewer.calendarSubscription.url).pathname;
  await graph.sources.lecture.fault({
    answer: withItems((items) => items.map((item, index) => (index === 0 ? { ...item, title: 7 } : item))),
  });
  const reply = await request(`${graph.gatewayUrl}${path}`);
  expect([reply.statusCode, await reply.body.text()]).toEqual([503, expect.not.stringContaining('VCALENDAR')]);
  await graph.sources.lecture.heal();
  await clock.advance(5_000);
  expect((await request(`${graph.gatewayUrl}${path}`)).statusCode).toBe(200);
});

test('a malformed override hides its item instead of showing what may be hidden from the user', async () => {
  await start();
  await graph.sources.lecture.fault({
    answer: withItems((items) => items.map((item) => (item.hidden === true ? { ...item, hidden: 'true' } : item))),
  });
  const calendar = await read('student-2');
  expect([calendar.completeness, erns(calendar)]).toEqual(['PARTIAL', shown.map(({ ern }) => ern)]);
});

test('dropped items are reported for the log with their slice and reasons', async () => {
  await start();
  const reports: DroppedItems[] = [];
  const stop = listen('calendar:dropped-items', (report) => void reports.push(report));
  await graph.sources.lecture.fault({ answer: breaking((item) => ({ ...item, title: 7 })) });
  await read('student-1');
  stop();
  expect(reports).toEqual([
    {
      requestIds: [expect.any(String)],
      kind: 'LECTURE',
      items: [
        {
          audience: courseErn(1),
          month: '2026-03',
          count: 4,
          reasons: ['malformed title'],
          examples: [expect.stringContaining('/lecture/')],
        },
      ],
    },
  ]);
});

type Step =
  | { readonly do: 'read'; readonly user: string; readonly maxAge: number | null }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'break'; readonly which: readonly boolean[]; readonly fault: number }
  | { readonly do: 'heal' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      user: fc.constantFrom('student-1', 'student-2'),
      maxAge: fc.constantFrom(null, 0, 10),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(100, 1_500, 5_000, 40_000, 4_000_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('break' as const),
      which: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      fault: fc.nat({ max: FAULTS.length - 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('heal' as const) }) },
);

describe('whatever items a source breaks, and whenever it is read', () => {
  test('an answer that is COMPLETE or STALE has every event, and no answer has one that is hidden from the user', async () => {
    await start();
    const whole = (user: string) => expected(graph.rows, user, MARCH, ['LECTURE']);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        // A new life: nothing is cached or in back-off any more.
        await graph.sources.lecture.heal();
        await clock.advance(3 * 3_600_000);
        for (const now of steps) {
          if (now.do === 'wait') await clock.advance(now.ms);
          else if (now.do === 'heal') await graph.sources.lecture.heal();
          else if (now.do === 'break') {
            const [, fault] = FAULTS[now.fault] as (typeof FAULTS)[0];
            await graph.sources.lecture.fault({
              answer: withItems((items) => items.map((item, index) => (now.which[index] ? fault(item) : item))),
            });
          } else {
            const calendar = await read(now.user, { ...LECTURES, maxAge: now.maxAge });
            const all = whole(now.user);
            if (['PARTIAL', 'UNAVAILABLE'].includes(calendar.completeness))
              expect(all).toEqual(expect.arrayContaining(drawn(calendar.events)));
            else expect(drawn(calendar.events)).toEqual(all);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
