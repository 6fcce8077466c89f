// Promise: who looks at a calendar hears within moments that something on it changed, nothing of anybody else's, and after an
// interruption what was missed.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { type MockSupergraph, mockSupergraph } from '../harness/mock-supergraph.ts';
import { courseErn } from '../harness/rows.ts';

let graph: MockSupergraph;
const leaving: AbortController[] = [];
beforeEach(async () => {
  const enrolments = { 'student-1': [1], 'student-2': [2] };
  graph = await mockSupergraph({ clock: systemClock, gateway: false, rows: { enrolments } });
});
afterEach(async () => {
  for (const one of leaving.splice(0)) one.abort();
  await graph.close();
});

const open = (headers: Record<string, string>, signal: AbortSignal | null = null) =>
  fetch(new URL('/changes', graph.calendarUrl), { headers, signal });

/** Listens as a user; gives what was heard so far. */
async function listen(user: string, after?: string): Promise<{ text: string; leave: () => void }> {
  const token = await graph.sign({ audience: 'calendar', user: { id: user, roles: ['student'], scopes: [] } });
  const gone = new AbortController();
  leaving.push(gone);
  const last = after === undefined ? undefined : { 'last-event-id': after };
  const response = await open({ authorization: `Bearer ${token}`, ...last }, gone.signal);
  const heard = { text: '', leave: () => gone.abort() };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) heard.text += decoder.decode(bytes as Uint8Array);
  };
  read().catch(() => undefined);
  await eventually('the beginning', () => heard.text.startsWith(': here'));
  return heard;
}

const changed = (course: number, month = '2026-03') =>
  graph.calendar.invalidate(`LECTURE|${courseErn(course)}|${month}`);
const told = ({ text }: { text: string }) =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));

test('a change is told to those whose course it is, and to nobody else', async () => {
  const [one, two] = [await listen('student-1'), await listen('student-2')];
  changed(1);
  await eventually('student-1 hears', () => told(one).length === 1);
  changed(2, '2026-04');
  await eventually('student-2 hears', () => told(two).length === 1);
  expect([told(one), told(two)]).toEqual([
    [{ kinds: ['LECTURE'], months: ['2026-03'] }],
    [{ kinds: ['LECTURE'], months: ['2026-04'] }],
  ]);
});

test('it names no course, no user and no event', async () => {
  const one = await listen('student-1');
  changed(1);
  await eventually('it is told', () => told(one).length === 1);
  expect(one.text).not.toMatch(/ern:|student|course/);
});

test('who comes back hears what they missed', async () => {
  const one = await listen('student-1');
  const [, place = ''] = /^id: (.*)$/m.exec(one.text) ?? [];
  one.leave();
  changed(1);
  const again = await listen('student-1', place);
  await eventually('it is told', () => told(again).length === 1);
});

test('a course taken up is heard of from then on', async () => {
  const two = await listen('student-2');
  graph.rows.enrolments['student-2'] = [1, 2];
  graph.calendar.invalidate('LECTURE|ern:lms:user/student-2|audiences');
  await eventually('that it was taken up', () => told(two).length === 1);
  changed(1);
  await eventually('a change of it', () => told(two).length === 2);
});

test('nobody listens without a token of ours that says for whom', async () => {
  const service = await graph.sign({ audience: 'calendar', scopes: ['schedule:read'] });
  const statuses = [(await open({})).status, (await open({ authorization: `Bearer ${service}` })).status];
  expect(statuses).toEqual([401, 401]);
});
