// Promise: what a source changes without telling its change feed is seen after SLICE_TTL without a
// live feed, and after SLICE_TTL_LIVE with one; never later.
import { afterEach, expect, test } from '@jest/globals';
import { beat, scriptedFeed } from '../calendar/freshness/scripted-feed.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH, MINE, type Mine } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { lecture } from '../harness/rows.ts';

let graph: MockGraph;
afterEach(() => graph.close());

/** After how many seconds a silent change shows, read once a second. */
async function seenAfter(options: { readonly isLive: boolean; readonly liveTtlMs?: number }): Promise<number> {
  const clock = manualClock();
  const feed = scriptedFeed();
  const talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00', title: 'before' });
  graph = await startGraph({
    sources: 'mock',
    clock,
    gateway: false,
    feeds: [feed],
    lifetimes: { fresh: () => 30_000, staleWhileRevalidate: 0 },
    rows: { enrollments: { 'student-1': [1] }, items: [talk] },
    ...(options.liveTtlMs === undefined ? {} : { liveTtlMs: options.liveTtlMs }),
  });
  const title = async () =>
    (await graph.query<Mine>('student-1', MINE, MARCH)).body.data.viewer.calendar.events[0]?.title;
  if (options.isLive) await feed.say(beat());
  // Past the time in which a load after the feed's first message is suspect.
  await clock.advance(3_000);
  if (options.isLive) await feed.say(beat());
  await title();
  talk.title = 'after';
  for (let seconds = 1; ; seconds += 1) {
    await clock.advance(1_000);
    if (options.isLive) await feed.say(beat());
    if ((await title()) === 'after') return seconds;
  }
}

test('without a live feed a silent change is seen after SLICE_TTL', async () => {
  const seconds = await seenAfter({ isLive: false, liveTtlMs: 120_000 });
  expect(seconds).toBeGreaterThanOrEqual(27);
  expect(seconds).toBeLessThanOrEqual(34);
});

test('with a live feed a silent change is seen after SLICE_TTL_LIVE', async () => {
  const seconds = await seenAfter({ isLive: true, liveTtlMs: 120_000 });
  expect(seconds).toBeGreaterThanOrEqual(108);
  expect(seconds).toBeLessThanOrEqual(133);
});

test('SLICE_TTL_LIVE is at least SLICE_TTL', async () => {
  expect(await seenAfter({ isLive: true, liveTtlMs: 1_000 })).toBeGreaterThanOrEqual(27);
});
