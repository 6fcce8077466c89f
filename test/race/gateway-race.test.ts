// Promise: through the gateway, with the response cache on and two calendar processes behind it, no
// reader is given an older version than the one that was written, and told to both calendars,
// before the reader asked; unless the answer says that it may be stale.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { courseErn, lecture } from '../harness/rows.ts';

const QUERY = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to, filter: { kinds: [LECTURE] }) {
  completeness events { title course { ern } }
} } }`;
const COURSES = [1, 2];
const STUDENTS = ['student-1', 'student-2', 'student-3'];
const STEPS = 1_500;

interface Page {
  readonly viewer: {
    readonly calendar: {
      readonly completeness: string;
      readonly events: readonly { readonly title: string; readonly course: { readonly ern: string } }[];
    };
  };
}

test('0 stale reads through the gateway with the response cache and two calendars', async () => {
  const graph = await startGraph({
    sources: 'mock',
    clock: systemClock,
    responseCacheBytes: 2 ** 20,
    calendars: 2,
    rows: {
      enrollments: Object.fromEntries(STUDENTS.map((student) => [student, COURSES])),
      items: COURSES.map((course) => lecture({ course, at: '2026-03-10T09:00+09:00', title: '0' })),
    },
  });
  try {
    const tally = await race(graph);
    expect(tally.stale).toBe(0);
    // Otherwise the race shows nothing.
    expect([tally.hits > 20, tally.misses > 50, tally.writes > 20]).toEqual([true, true, true]);
  } finally {
    await graph.close();
  }
});

/** Random reads, writes and pauses; reads are not waited for. */
async function race(graph: MockGraph) {
  const tally = { stale: 0, hits: 0, misses: 0, writes: 0 };
  const told = new Map(COURSES.map((course) => [courseErn(course), 0]));
  const read = async (student: string) => {
    const least = new Map(told);
    const { body, headers } = await graph.query<Page>(student, QUERY, MARCH);
    const { completeness, events } = body.data.viewer.calendar;
    if (headers.get('cache-status')?.endsWith('hit') === true) tally.hits += 1;
    else tally.misses += 1;
    if (completeness !== 'COMPLETE') return;
    if (events.some(({ title, course }) => Number(title) < (least.get(course.ern) ?? 0))) tally.stale += 1;
  };
  const write = (course: number) => {
    const ern = courseErn(course);
    const version = (told.get(ern) ?? 0) + 1;
    for (const row of graph.rows.items) if (row.audience === ern) row.title = String(version);
    for (const calendar of graph.calendars) calendar.invalidate(`LECTURE|${ern}|2026-03`);
    told.set(ern, version);
    tally.writes += 1;
  };
  const reads: Promise<void>[] = [];
  // On a busy machine there are fewer hits in so many steps, and by chance fewer writes: then it
  // goes on.
  const isEnough = () => tally.hits > 20 && tally.misses > 50 && tally.writes > 20;
  for (let step = 0; step < STEPS || (!isEnough() && step < 20 * STEPS); step += 1) {
    const pick = Math.random();
    if (pick < 0.02) write(COURSES[step % COURSES.length] ?? 1);
    else if (pick < 0.5) await sleep(Math.random() * 8);
    else reads.push(read(STUDENTS[step % STUDENTS.length] ?? ''));
  }
  await Promise.all(reads);
  return tally;
}
