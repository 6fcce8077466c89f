// Promise: after a gap the slices of all open pages are read again, but not at once: the pages'
// questions, and so the calls to a source, are spread over five seconds.
import { afterEach, expect, test } from '@jest/globals';
import { type ChangeNotification, delayOf } from '../../src/web/page/live.ts';
import { beat, scriptedFeed } from '../calendar/freshness/scripted-feed.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import type { Call } from '../harness/mock-source.ts';
import { courseErn, lecture } from '../harness/rows.ts';

const PAGES = 50;
const SPREAD_MS = 5_000;
const STEP_MS = 500;
const USERS = Array.from({ length: PAGES }, (_, n) => `student-${n + 1}`);
const QUERY = `query ($from: DateTime!, $to: DateTime!) {
  viewer { calendar(from: $from, to: $to) { completeness sources { status } } } }`;

let graph: MockGraph;
afterEach(() => graph.close());

/** An open page: what its stream has said. */
async function open(user: string): Promise<{ text: string; close: () => void }> {
  const controller = new AbortController();
  const { body } = await fetch(`${graph.gatewayUrl}/live`, {
    headers: { authorization: `Bearer ${await graph.token(user)}` },
    signal: controller.signal,
  });
  const page = { text: '', close: () => controller.abort() };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of body ?? []) page.text += decoder.decode(bytes as Uint8Array);
  };
  read().catch(() => undefined);
  return page;
}

const notificationOf = ({ text }: { text: string }): ChangeNotification | undefined => {
  const data = /^data: (.*)$/m.exec(text)?.[1];
  return data === undefined ? undefined : (JSON.parse(data) as ChangeNotification);
};

test('the slices of fifty pages are read again within five seconds, a few in each half second', async () => {
  const [clock, feed] = [manualClock(), scriptedFeed()];
  const enrollments = Object.fromEntries(USERS.map((user, n) => [user, [n + 1]]));
  const items = USERS.map((_, n) => lecture({ course: n + 1, at: '2026-03-10T09:00+09:00' }));
  graph = await startGraph({ sources: 'mock', clock, feeds: [feed], rows: { enrollments, items } });
  await feed.say(beat());
  for (const user of USERS) await graph.query(user, QUERY, MARCH);
  const pages = await Promise.all(USERS.map(open));
  await eventually('open streams', () => pages.every(({ text }) => text.includes('id:')));
  const courses = new Set<unknown>(USERS.map((_, n) => courseErn(n + 1)));
  const slices = ({ representations }: Call) => representations.filter(({ audience }) => courses.has(audience));
  const read = () => graph.calls.lecture.flatMap(slices).length;
  const readBefore = read();

  await feed.say({ type: 'GAP', reason: 'TRIMMED', kinds: ['LECTURE'] });
  // A stream waits a moment for further changes.
  await eventually('the news of the gap', async () => {
    await clock.advance(50);
    return pages.every((page) => notificationOf(page) !== undefined);
  });
  // A page draws its own number; here they are even.
  for (const [n, page] of pages.entries()) {
    const delay = delayOf(notificationOf(page) as ChangeNotification, n / PAGES);
    clock.after(delay, () => void graph.query(USERS[n] as string, QUERY, MARCH));
  }
  expect(read()).toBe(readBefore);
  const counts: number[] = [];
  for (let ms = 0; ms < SPREAD_MS; ms += STEP_MS) {
    const before = read();
    const due = (counts.length + 1) * (PAGES / (SPREAD_MS / STEP_MS));
    await clock.advance(STEP_MS - 1);
    await eventually('the slices of those who asked', () => read() >= readBefore + due);
    counts.push(read() - before);
    await clock.advance(1);
  }
  expect(read() - readBefore).toBe(PAGES);
  expect(Math.max(...counts)).toBeLessThanOrEqual(PAGES / (SPREAD_MS / STEP_MS) + 1);
  for (const { close } of pages) close();
});
