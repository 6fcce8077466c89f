// "The calendar shows something old: why?" of deploy/README.md leads from the outside to the cause
// of three prepared cases, and each step says what the page says.
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { startLog } from '../../src/processes/log.ts';
import { scriptedFeed } from '../calendar/freshness/scripted-feed.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH, MINE, type Mine } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { lecture } from '../harness/rows.ts';
import { withItems } from '../harness/wrong-answers.ts';

const guide = readFileSync(new URL('../../deploy/README.md', import.meta.url), 'utf8');
const page = guide.slice(guide.indexOf('## The calendar shows something old: why?'), guide.indexOf('## Sizing'));

const old = lecture({ course: 1, at: '2026-03-03T09:00+09:00' });
let graph: MockGraph;
afterEach(() => graph.close());

async function start(feeds: Parameters<typeof startGraph<'mock'>>[0]['feeds'] = []) {
  const clock = manualClock();
  const rows = { enrollments: { 'student-1': [1] }, items: [{ ...old }] };
  graph = await startGraph({ sources: 'mock', clock, rows, feeds });
  return clock;
}

interface Details {
  readonly kind: string;
  readonly audience: string;
  readonly month: string;
}

/** Step 1: what the answer says of its lectures, to an operator also of the item's slice. */
async function answer(variables: object = {}) {
  const authorization = `Bearer ${await graph.token('student-1', true)}`;
  const { body } = await graph.query<Mine>('student-1', MINE, { ...MARCH, ...variables }, { authorization });
  const { extensions } = body as { extensions?: { calendar: { slices: Details[] } } };
  const isItems = ({ kind, audience, month }: Details) =>
    kind === 'LECTURE' && audience === old.audience && month === '2026-03';
  const slice = extensions?.calendar.slices.find(isItems);
  const { events, sources } = body.data.viewer.calendar;
  const source = sources.find(({ kind }) => kind === 'LECTURE');
  return { titles: events.map(({ title }) => title), source, slice };
}
/** Step 2: what the gateway says of the feeds. */
const feeds = async () => ((await (await fetch(`${graph.gatewayUrl}/readyz`)).json()) as { feeds: object }).feeds;
/** The row of the page that begins so. */
const row = (start: string) => page.split('\n').find((line) => line.startsWith(`| ${start}`)) ?? '';

function rename(title: string) {
  for (const item of graph.rows.items) Object.assign(item, { title });
}

test('without a change feed: FRESH from before the change, no feed is named, and it is seen after SLICE_TTL', async () => {
  const clock = await start();
  await answer();
  await clock.advance(1_000);
  rename('new');
  const seen = await answer();
  expect(seen.titles).not.toContain('new');
  expect(seen.source).toMatchObject({ status: 'FRESH' });
  expect(row('FRESH, and `fetchedAt` is before the change')).toContain('| 2 |');
  expect(seen.slice).toMatchObject({ read: 'HIT', ageMs: 1_000, invalidatedAt: null });
  expect(row('HIT, and `invalidatedAt` is before the change or null')).toContain('| 2 |');
  expect(await feeds()).toEqual({});
  expect(row('none named')).toContain('`SLICE_TTL` (30 s)');
  expect((await answer({ maxAge: 0 })).titles).toContain('new');
  expect(page).toContain('`maxAge: 0`');
});

test('with a lost connection of the feed: its code is named', async () => {
  const feed = scriptedFeed();
  await start([feed]);
  await feed.say({ type: 'LOST', reason: 'WRONGPASS' });
  expect((await answer()).source).toMatchObject({ status: 'FRESH' });
  expect(await feeds()).toEqual({ scripted: 'silent: WRONGPASS' });
  expect(row('`silent: CODE`')).toContain('`WRONGPASS`');
});

test('with a service that answers nonsense: the reason is in the answer, and field and item are in the log', async () => {
  await start();
  const lines: Record<string, unknown>[] = [];
  startLog('warn', 'calendar', systemClock, { write: (line) => void lines.push(JSON.parse(line)) });
  await graph.sources.lecture.fault({ answer: withItems((items) => items.map((item) => ({ ...item, title: 7 }))) });
  const { source, slice } = await answer();
  expect(source).toMatchObject({ dropped: 1 });
  expect(slice).toMatchObject({ read: 'LOADED' });
  expect(row('LOADED')).toContain('| 3 |');
  expect(row('any, with `dropped` > 0')).toContain('| 3 |');
  expect(lines).toContainEqual(
    expect.objectContaining({ subgraph: 'lecture', reason: 'malformed title', item: old.ern }),
  );
  expect(page).toContain('for a malformed item the field, the item');
});
