// With the scope `calendar:debug` an answer says of which copies it was made, how old they are, and
// what has invalidated them; without it, it says nothing.
import { afterEach, expect, test } from '@jest/globals';
import { beat, changes, scriptedFeed } from '../calendar/freshness/scripted-feed.ts';
import { manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { lecture } from '../harness/rows.ts';

const MARCH = 'from: "2026-03-01T00:00:00+09:00", to: "2026-04-01T00:00:00+09:00", filter: { kinds: [LECTURE] }';
const PAGE = `{ viewer { calendar(${MARCH}) { completeness events { title } } } }`;
const COURSE = 'ern:lms:course/1';

let graph: MockGraph;
afterEach(() => graph.close());

interface Details {
  readonly slices: readonly Readonly<Record<string, unknown>>[];
  readonly audiences: readonly Readonly<Record<string, unknown>>[];
}

async function start() {
  const clock = manualClock();
  const feed = scriptedFeed();
  const rows = {
    enrollments: { 'student-1': [1], 'student-2': [1] },
    items: [lecture({ course: 1, at: '2026-03-03T09:00+09:00' })],
  };
  graph = await startGraph({ sources: 'mock', clock, rows, feeds: [feed], responseCacheBytes: 2 ** 20 });
  return { clock, feed };
}

/** Asks, with the scope or without. */
async function ask(user: string, debug: boolean, query = PAGE) {
  const authorization = `Bearer ${await graph.token(user, debug)}`;
  const { body, headers } = await graph.query(user, query, {}, { authorization });
  const { extensions } = body as { extensions?: { calendar: Details } };
  return { details: extensions?.calendar, extensions, cache: headers.get('cache-status') };
}

test('each slice says whether it was loaded, its age, and when it was last invalidated and by what', async () => {
  const { clock, feed } = await start();
  await feed.say(beat());
  await clock.advance(5_000);
  const slice = { kind: 'LECTURE', audience: COURSE, month: '2026-03', state: 'FRESH', reason: null };
  const connected = { invalidatedAt: '2026-03-02T00:00:00.000Z', invalidatedBy: 'scripted: first heartbeat' };
  const loaded = { read: 'LOADED', fetchedAt: '2026-03-02T00:00:05.000Z', ageMs: 0 };
  const cold = await ask('student-1', true);
  expect(cold.details?.slices).toEqual([{ ...slice, ...loaded, ...connected }]);
  expect(cold.details?.audiences).toMatchObject([{ kind: 'LECTURE', user: 'student-1', read: 'LOADED' }]);

  await clock.advance(2_000);
  const hot = await ask('student-1', true);
  expect(hot.details?.slices).toEqual([{ ...slice, ...loaded, read: 'HIT', ageMs: 2_000, ...connected }]);

  await feed.say(changes({ kind: 'LECTURE', audience: COURSE, ern: undefined, span: null }));
  const changed = await ask('student-2', true);
  expect(changed.details?.slices).toMatchObject([
    { read: 'LOADED', ageMs: 0, invalidatedAt: '2026-03-02T00:00:07.000Z', invalidatedBy: 'scripted: change' },
  ]);
  await feed.say({ type: 'GAP', reason: 'TRIMMED', kinds: ['LECTURE'] });
  expect((await ask('student-2', true)).details?.slices).toMatchObject([{ invalidatedBy: 'scripted: gap, TRIMMED' }]);
});

test('without the scope an answer says nothing of it, and with the scope no answer is stored', async () => {
  await start();
  expect((await ask('student-1', false)).extensions).toBeUndefined();
  expect((await ask('student-1', false)).cache).toBe('calendar-gateway; hit');
  for (const _ of [1, 2, 3]) {
    const { details, cache } = await ask('student-1', true);
    expect([details?.slices.length, cache]).toEqual([1, 'calendar-gateway; fwd=miss']);
  }
});

test('of an answer with two calendars the slices of both are named', async () => {
  await start();
  const april = MARCH.replace('2026-04', '2026-05').replace('2026-03', '2026-04');
  const twice = `{ viewer { calendar(${MARCH}) { events { title } } later: calendar(${april}) { events { title } } } }`;
  const { details } = await ask('student-1', true, twice);
  expect(details?.slices.map(({ month }) => month)).toEqual(['2026-03', '2026-04']);
});

test('the scope gives no right to read another calendar', async () => {
  await start();
  const other = `{ user(id: "student-2") { calendar(${MARCH}) { completeness } } }`;
  const { details } = await ask('student-1', true, other);
  expect(details).toEqual({ slices: [], audiences: [] });
});

test('free/busy of somebody else names none of their courses', async () => {
  await start();
  graph.rows.enrollments['student-2'] = [1, 2];
  const { details } = await ask(
    'student-1',
    true,
    `{ freeBusy(user: "student-2", ${MARCH.split(', filter')[0]}) { completeness } }`,
  );
  expect(details).toBeDefined();
  expect(JSON.stringify(details)).not.toContain('course/');
});
