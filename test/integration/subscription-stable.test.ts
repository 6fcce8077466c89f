// Promise: a subscription's text changes only when what it says changes: not with time, not with a
// reload, not with a change that it does not carry.
import { afterEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { manualClock } from '../harness/clock.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, lecture, own } from '../harness/rows.ts';
import { readByIcalJs, readByNodeIcal, values } from '../ics/examples.ts';

const HOUR_MS = 3_600_000;
let graph: MockGraph;
afterEach(() => graph.close());

async function get(user: string, query = '') {
  const document = '{ viewer { calendarSubscription { url } } }';
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>(user, document);
  const { pathname } = new URL(body.data.viewer.calendarSubscription.url);
  const reply = await request(`${graph.gatewayUrl}${pathname}${query}`);
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
}

describe.each([
  ['a week of March', '2026-03-02T00:00:00Z'],
  ['a week over the end of a month', '2026-03-27T13:00:00Z'],
])('in %s without edits', (_, start) => {
  test.each(['', '?todo=1', '?kinds=assignment'])('the bytes and the ETag stay the same: %s', async (query) => {
    const at = (days: number) => new Date(Date.parse(start) + days * 24 * HOUR_MS).toISOString().replace('.000Z', 'Z');
    const late = assignment({ course: 1, at: at(1), lasts: 24 * 60 });
    const clock = manualClock(Date.parse(start));
    graph = await startGraph({
      sources: 'mock',
      clock,
      rows: {
        enrollments: { 'student-1': [1] },
        items: [
          ...[0.5, 2, 3, 6].map((day) => lecture({ course: 1, at: at(day) })),
          ...[0.5, 2, 3].map((day) => check({ course: 1, at: at(day) })),
          ...[-3, -1, 2].map((day) => assignment({ course: 1, at: at(day), lasts: 2 * 24 * 60 })),
          late,
          own('student-1', late, { submission: 'LATE' }),
        ],
      },
    });
    const first = await get('student-1', query);
    expect(first.status).toBe(200);
    for (let hours = 0; hours < 7 * 24; hours += 7) {
      await clock.advance(7 * HOUR_MS);
      graph.calendar.invalidateAll();
      const { text, headers } = await get('student-1', query);
      expect([hours, text, headers.etag]).toEqual([hours, first.text, first.headers.etag]);
    }
  });
});

test('an empty calendar is valid, has one event far in the past, and none after it has others', async () => {
  graph = await startGraph({ sources: 'mock', rows: { enrollments: { 'student-1': [1] }, items: [] } });
  const { status, text } = await get('student-1');
  expect([status, values(text, 'SUMMARY')]).toEqual([200, ['No events']]);
  for (const read of [readByIcalJs, readByNodeIcal]) {
    expect(read(text).map(({ title }) => title)).toEqual(['No events']);
  }
  expect(values(text, 'UID')).toEqual(['placeholder@calendar-federated']);
  const talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });
  graph.rows.items.push(talk);
  graph.calendar.invalidateAll();
  expect(values((await get('student-1')).text, 'UID')).toEqual([talk.ern]);
});

test('the time of a lecture does not end the confirmation of a text, the deadline of open work does', async () => {
  const clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: {
      enrollments: { 'student-1': [1] },
      items: [
        lecture({ course: 1, at: '2026-03-02T09:00:05+09:00' }),
        assignment({ course: 1, at: '2026-03-02T08:00:15+09:00', lasts: 60 }),
      ],
    },
  });
  const first = await get('student-1');
  await clock.advance(10_000);
  expect((await get('student-1')).headers['cache-status']).toBe('calendar-gateway; hit');
  await clock.advance(10_000);
  const { headers, text } = await get('student-1');
  expect([headers['cache-status'], text]).toEqual(['calendar-gateway; fwd=stale; stored', first.text]);
});

test('a poll after everything has expired is confirmed by a reload, which sees what no feed reported', async () => {
  const clock = manualClock();
  const talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: { enrollments: { 'student-1': [1] }, items: [talk, lecture({ course: 1, at: '2026-05-10T09:00+09:00' })] },
  });
  const first = await get('student-1');
  const calls = () => graph.calls.lecture.length;
  for (const minutes of [1, 30, 24 * 60]) {
    await clock.advance(minutes * 60_000);
    const before = calls();
    const { headers, text } = await get('student-1');
    expect([minutes, headers['cache-status'], text]).toEqual([minutes, 'calendar-gateway; hit', first.text]);
    expect(calls()).toBeGreaterThan(before);
  }
  talk.title = 'moved';
  await clock.advance(30 * 60_000);
  const { headers, text } = await get('student-1');
  expect([headers['cache-status'], text.includes('moved')]).toEqual(['calendar-gateway; fwd=stale; stored', true]);
});
