// Promise: whatever is asked, by whom, after which writes, at which time, and whichever source
// fails: a hit is what the calendar itself answers at that moment.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createClient } from '../../harness/client.ts';
import { manualClock } from '../../harness/clock.ts';
import { startGraph } from '../../harness/graph.ts';
import { type MockGraph, principalOf } from '../../harness/mock-graph.ts';
import { assignment, check, instant, lecture, moved, own } from '../../harness/rows.ts';

const OPERATIONS = 1_200;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const SOURCES = ['lecture', 'attendance', 'assignment'] as const;

const EVENT = ['id', 'title', 'startsAt', 'phase', 'completion', 'isOverdue', 'dateOverride { startsAt reason }'];
const eventFields = fc.subarray(EVENT, { minLength: 1 }).map((fields) => fields.join(' '));
const calendarFields = fc
  .uniqueArray(
    fc.oneof(
      fc.constantFrom(
        'completeness',
        'version',
        'timeZone',
        'sources { kind status count reason }',
        'sources { fetchedAt }',
      ),
      fc.constantFrom('summary { total open dueToday overdue completed }', 'conflicts { kind startsAt events { id } }'),
      fc.constant('days { date isToday count }'),
      eventFields.map((fields) => `events { ${fields} }`),
    ),
    { minLength: 1, maxLength: 3, selector: (field) => field.split(' ')[0] },
  )
  .map((fields) => fields.join(' '));
const filter = fc.constantFrom('', ', filter: { kinds: [LECTURE] }', ', filter: { completion: [PENDING, MISSED] }');
const zone = fc.constantFrom('', ', timeZone: "America/New_York"');
const userFields = fc.oneof(
  fc
    .tuple(calendarFields, filter, zone)
    .map(([fields, kinds, name]) => `calendar(from: $from, to: $to${kinds}${name}) { ${fields} }`),
  fc
    .tuple(fc.constantFrom('upcoming', 'overdue'), fc.integer({ min: 0, max: 4 }))
    .map(
      ([agenda, first]) => `${agenda}(first: ${first}) { nodes { id phase } pageInfo { hasNextPage } completeness }`,
    ),
  fc.constant('freeBusy(from: $from, to: $to) { busy { startsAt } completeness }'),
);
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), item: fc.nat(20), title: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('time' as const), ms: fc.constantFrom(1, 1_000, 20_000, HOUR) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('step' as const), at: fc.integer({ min: -400, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), source: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('teach' as const), teaches: fc.boolean() }) },
  { weight: 12, arbitrary: fc.constant({ do: 'nothing' as const }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

test(`${OPERATIONS} random reads among writes, clock steps and failures: each hit is what the calendar answers`, async () => {
  const clock = manualClock(START);
  const base = [
    ...Array.from({ length: 6 }, (_, day) => lecture({ course: 1 + (day % 2), at: `2026-03-0${day + 1}T09:00+09:00` })),
    check({ course: 1, at: '2026-03-02T10:00+09:00', lateAt: '2026-03-02T01:05:00.000Z' }),
    ...Array.from({ length: 5 }, (_, day) =>
      assignment({
        course: 1,
        at: `2026-03-0${day + 1}T12:00+09:00`,
        lasts: 60,
        closesAt: instant('2026-03-04T00:00+09:00'),
      }),
    ),
  ];
  const [first, second] = base as [(typeof base)[number], (typeof base)[number]];
  const graph = await startGraph({
    sources: 'mock',
    clock,
    auditedReaders: 'none',
    responseCacheBytes: 2 ** 20,
    rows: {
      enrollments: { 'student-1': [1, 2], 'student-2': [1] },
      teaches: { 'teacher-1': [1] },
      observes: { 'observer-1': ['student-1'] },
      items: [
        ...base,
        moved('student-1', first, {
          startsAt: '2026-03-01T11:00+09:00',
          endsAt: '2026-03-01T12:00+09:00',
          reason: 'r',
        }),
        own('student-1', second, { hidden: true }),
      ],
    },
  });
  const direct = createClient(graph.calendarUrl, (user) =>
    graph.sign({ audience: 'calendar', user: principalOf(user) }),
  );
  const tally = { operations: 0, hits: 0 };
  try {
    // A few documents each, so that many are asked twice.
    await fc.assert(
      fc.asyncProperty(
        fc.array(userFields, { minLength: 2, maxLength: 4 }),
        fc.array(fc.tuple(action, fc.nat(5), fc.nat(3)), { minLength: 40, maxLength: 40 }),
        async (documents, steps) => {
          for (const [next, who, document] of steps) {
            await act(graph, clock, next);
            const [viewer, query, variables] = operation(who, documents[document % documents.length] ?? '');
            const { headers, body } = await graph.query(viewer, query, variables);
            tally.operations += 1;
            if (headers.get('cache-status') !== 'calendar-gateway; hit') continue;
            tally.hits += 1;
            expect(body).toEqual((await direct.query(viewer, query, variables)).body);
          }
        },
      ),
      // More reads than are promised: on a busy machine fewer of them are hits.
      { numRuns: (1.5 * OPERATIONS) / 40, endOnFailure: true },
    );
    expect(tally.operations).toBeGreaterThanOrEqual(OPERATIONS);
    expect(tally.hits).toBeGreaterThan(OPERATIONS / 10);
  } finally {
    await direct.close();
    await graph.close();
  }
}, 120_000);

function operation(who: number, fields: string): [viewer: string, query: string, variables: Record<string, string>] {
  const user = who === 3 ? 'student-2' : 'student-1';
  const viewer = ['student-1', 'student-1', 'teacher-1', 'student-2', 'observer-1', 'student-2'][who] ?? 'student-1';
  const window = { from: '2026-03-01T00:00:00+09:00', to: '2026-03-08T00:00:00+09:00' };
  const given = fields.includes('$from')
    ? { head: '$from: DateTime!, $to: DateTime!', variables: window }
    : { head: '', variables: {} };
  return viewer === user
    ? [viewer, `query ${given.head === '' ? '' : `(${given.head})`} { viewer { id ${fields} } }`, given.variables]
    : [viewer, `query ($user: ID!, ${given.head}) { user(id: $user) { id ${fields} } }`, { user, ...given.variables }];
}

async function act(graph: MockGraph, clock: ReturnType<typeof manualClock>, next: Action): Promise<void> {
  if (next.do === 'time') await clock.advance(next.ms);
  if (next.do === 'step') clock.set(START + next.at * (HOUR / 4));
  if (next.do === 'fail') {
    const source = graph.sources[SOURCES[next.source] ?? 'lecture'];
    await source.fault({ status: 500, times: 2 });
  }
  if (next.do === 'teach') {
    graph.rows.teaches['teacher-1'] = next.teaches ? [1] : [];
    graph.calendar.invalidate('LECTURE|ern:lms:user/teacher-1|audiences');
  }
  if (next.do !== 'write') return;
  const row = graph.rows.items[next.item % graph.rows.items.length];
  if (row === undefined) return;
  if (row.title === null) row.hidden = next.title > 1;
  else row.title = `title ${next.title}`;
  graph.calendar.invalidate(`${row.kind}|${row.audience}`);
}
