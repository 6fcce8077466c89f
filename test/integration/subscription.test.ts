// Promise: a subscription address gives access to exactly one calendar; the text is complete or
// refused, because phones delete what is missing.

import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { listen } from '../../src/diagnostics.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { expected } from '../harness/oracle.ts';
import { assignment, check, lecture, own } from '../harness/rows.ts';
import { readByIcalJs, values } from '../ics/examples.ts';

const talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00', title: '1강; 머리말, 끝' });
const roll = check({ course: 1, at: '2026-03-10T09:00+09:00' });
const essay = assignment({ course: 1, at: '2026-03-11T00:00+09:00' });
/** At the very beginning of what is shown. */
const edge = lecture({ course: 1, at: '2025-12-01T09:10+09:00', lasts: 20 });
const first = lecture({ course: 1, at: '2025-12-03T09:00+09:00' });
const last = lecture({ course: 1, at: '2026-12-31T09:00+09:00' });
const beyond = ['2025-11-30T09:00+09:00', '2027-01-02T09:00+09:00'].map((at) => lecture({ course: 1, at }));
/** Three months before the one that it is, and nine after. */
const WINDOW = { from: '2025-12-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };

let clock: ManualClock;
let graph: MockGraph;
beforeEach(async () => {
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [2] },
      observes: { 'observer-1': ['student-1'] },
      items: [talk, roll, essay, edge, first, last, ...beyond, lecture({ course: 2, at: '2026-03-10T09:00+09:00' })],
    },
  });
});
afterEach(() => graph.close());

interface Feed {
  readonly url: string;
  readonly webcalUrl: string;
  readonly rotatedAt: string | null;
}
const FIELDS = '{ url webcalUrl rotatedAt }';

async function feedOf(user: string): Promise<Feed> {
  const { body } = await graph.query<{ viewer: { calendarSubscription: Feed } }>(
    user,
    `{ viewer { calendarSubscription ${FIELDS} } }`,
  );
  return body.data.viewer.calendarSubscription;
}
async function rotate(user: string): Promise<Feed> {
  const { body } = await graph.query<{ rotateCalendarSubscription: Feed }>(
    user,
    `mutation { rotateCalendarSubscription ${FIELDS} }`,
  );
  return body.data.rotateCalendarSubscription;
}
const pathOf = async (user: string) => new URL((await feedOf(user)).url).pathname;

async function get(path: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') {
  const reply = await request(`${graph.gatewayUrl}${path}`, { method, headers });
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
}
const erns = (text: string) => values(text, 'UID').sort();

describe('a subscription address', () => {
  test('serves the user’s calendar from three months ago to nine months ahead, without sign-in', async () => {
    const { status, headers, text } = await get(await pathOf('student-1'));
    expect([status, headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
    const whole = expected(graph.rows, 'student-1', WINDOW);
    expect(whole.map(({ ern }) => ern)).toEqual(expect.arrayContaining([edge.ern, first.ern, last.ern]));
    expect(erns(text)).toEqual(whole.map(({ ern }) => ern).sort());
    const lectures = readByIcalJs(text).filter(({ uid }) => uid === talk.ern);
    expect(lectures).toEqual([
      {
        uid: talk.ern,
        title: talk.title,
        start: Date.parse('2026-03-10T00:00:00Z'),
        end: Date.parse('2026-03-10T01:30:00Z'),
        location: null,
      },
    ]);
    expect(values(text, 'X-WR-CALNAME')).toEqual(['Course schedule']);
  });

  test('is the same at every request, as https and webcal', async () => {
    const feed = await feedOf('student-1');
    expect(feed.url).toMatch(/^https:\/\/lms\.test\/calendar\/[\w.-]+\.ics$/);
    expect(feed).toEqual({ url: feed.url, webcalUrl: feed.url.replace('https', 'webcal'), rotatedAt: null });
    expect(await feedOf('student-1')).toEqual(feed);
  });

  test('is shown to its owner only, not to an observer of the calendar', async () => {
    const document = '{ user(id: "student-1") { id calendarSubscription { url } } }';
    const { body } = await graph.query('observer-1', document);
    expect(body).toEqual({ data: { user: { id: 'student-1', calendarSubscription: null } } });
  });

  test('is invalid at once after a rotation, and those of other users stay valid', async () => {
    const [old, others] = [await pathOf('student-1'), await pathOf('student-2')];
    const feed = await rotate('student-1');
    expect(feed.rotatedAt).toBe('2026-03-02T09:00:00+09:00');
    expect(await feedOf('student-1')).toEqual(feed);
    const again = new URL((await rotate('student-1')).url).pathname;
    const statuses = [old, new URL(feed.url).pathname, again, others].map(async (path) => (await get(path)).status);
    expect(await Promise.all(statuses)).toEqual([404, 404, 200, 200]);
  });
});

describe('an invalid address', () => {
  test('gives the same 404 for every fault', async () => {
    const path = await pathOf('student-1');
    const token = path.slice('/calendar/'.length, -'.ics'.length);
    const [user = '', at = '', mac = ''] = token.split('.');
    const another = (await pathOf('student-2')).slice('/calendar/'.length, -'.ics'.length).split('.');
    await rotate('student-2');
    const bad = [
      'x.ics',
      '.ics',
      `${token}`,
      `${token}.icsx`,
      `${token.slice(0, -1)}.ics`,
      `${token}A.ics`,
      `${token}%20.ics`,
      `${user}.1.${mac}.ics`,
      `${another[0]}.${at}.${mac}.ics`,
      `${another.join('.')}.ics`,
      `${user}.${at}.${'A'.repeat(24)}.ics`,
      `..%2f${token}.ics`,
      `${token}%2f..%2f${token}.ics`,
      `${token}/x.ics`,
      `${'A'.repeat(4_000)}.ics`,
      '%00.ics',
      '%zz.ics',
    ];
    const nowhere = await get('/calendar');
    for (const one of bad) {
      const { status, text } = await get(`/calendar/${one}`);
      expect([one, status, text]).toEqual([one, 404, nowhere.text]);
    }
    expect((await get(path, {}, 'POST')).status).toBe(404);
    expect((await get(path)).status).toBe(200);
  });

  test('causes no call to a source', async () => {
    await get('/calendar/c3R1ZGVudC0x.0.AAAAAAAAAAAAAAAAAAAAAAAA.ics');
    expect(Object.values(graph.calls).flat()).toEqual([]);
  });
});

describe('its parameters', () => {
  test('limit the kinds, and the other sources are not called', async () => {
    const { text } = await get(`${await pathOf('student-1')}?kinds=lecture,assignment`);
    expect(erns(text)).toEqual([talk, essay, edge, first, last].map(({ ern }) => ern).sort());
    expect(values(text, 'X-WR-CALNAME')).toEqual(['Course schedule: Lecture\\, Assignment']);
    expect(graph.calls.attendance).toEqual([]);
  });

  test('have defaults when they are empty, and todo=0 is no error', async () => {
    const path = await pathOf('student-1');
    const { text } = await get(path);
    const same = await get(`${path}?kinds=&todo=0&check=&remind=&lang=en`);
    expect([same.status, same.text]).toEqual([200, text]);
  });

  test('choose reminders, which are gone after handing in and when the deadline has passed', async () => {
    const path = `${await pathOf('student-1')}?kinds=assignment&remind=60,1440&lang=ko`;
    const { text } = await get(path);
    expect(values(text, 'TRIGGER;RELATED=END')).toEqual(['-PT1440M', '-PT60M']);
    expect(values(text, 'X-WR-CALNAME')).toEqual(['강의 일정: 과제']);
    graph.rows.items.push(own('student-1', essay, { submission: 'SUBMITTED' }));
    graph.calendar.invalidateAll();
    const after = (await get(path)).text;
    expect([values(after, 'ACTION'), values(after, 'SUMMARY')]).toEqual([[], [`✓ ${essay.title}`]]);
  });

  test('show deadlines as to-dos, with completed ones completed', async () => {
    const path = `${await pathOf('student-1')}?kinds=assignment&todo=1`;
    const before = (await get(path)).text;
    expect([values(before, 'BEGIN'), values(before, 'STATUS')]).toEqual([['VCALENDAR', 'VTODO'], ['NEEDS-ACTION']]);
    expect(values(before, 'DUE')).toEqual(['20260317T150000Z']);
    graph.rows.items.push(own('student-1', essay, { submission: 'SUBMITTED' }));
    graph.calendar.invalidateAll();
    expect(values((await get(path)).text, 'STATUS')).toEqual(['COMPLETED']);
  });

  test.each([
    ['kinds=exam', 'kinds: expected some of lecture, attendance, assignment, with commas between them, given "exam"'],
    [
      'kinds=lecture&kinds=exam',
      'kinds: expected some of lecture, attendance, assignment, with commas between them, given ["lecture","exam"]',
    ],
    ['todo=yes', 'todo: expected 0 or 1, given "yes"'],
    ['lang=fr', 'lang: expected en or ko, given "fr"'],
    ['remind=1h', 'remind: expected one to 3 numbers of minutes, at most 40320, given "1h"'],
    ['remind=1,2,3,4', 'remind: expected one to 3 numbers of minutes, at most 40320, given "1,2,3,4"'],
  ])('%s is 400 with what was expected', async (query, message) => {
    const { status, text } = await get(`${await pathOf('student-1')}?${query}`);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
  });
});

describe('a repeated request', () => {
  test('with the current ETag is 304 without a body, until something changes', async () => {
    const path = await pathOf('student-1');
    const { headers, text } = await get(path);
    const etag = String(headers.etag);
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    expect(headers['cache-control']).toMatch(/^private, max-age=[345]\d\d$/);
    for (const known of [etag, etag.slice('W/'.length), `"other", ${etag}`, '*']) {
      const again = await get(path, { 'if-none-match': known });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
    }
    // Loaded again later on the same day: the same text.
    await clock.advance(3_600_000);
    graph.calendar.invalidateAll();
    expect((await get(path)).text).toBe(text);
    talk.title = 'moved to 303';
    graph.calendar.invalidateAll();
    const changed = await get(path, { 'if-none-match': etag });
    expect([changed.status, changed.headers.etag === etag]).toEqual([200, false]);
  });

  test('with HEAD has the same headers and no body', async () => {
    const path = await pathOf('student-1');
    const [head, whole] = [await get(path, {}, 'HEAD'), await get(path)];
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['etag', 'content-type', 'content-length']) {
      expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
    }
  });
});

describe('the calendar is never incomplete', () => {
  test.each(['lecture', 'attendance', 'assignment'] as const)(
    'with %s down and no cached copy it is 503 with Retry-After',
    async (name) => {
      await graph.sources[name].fault({ refuse: true });
      const path = await pathOf('student-1');
      const { status, headers, text } = await get(path);
      expect([status, headers['cache-control']]).toEqual([503, 'no-store']);
      expect(headers['retry-after']).toMatch(/^(?:[6-9]\d|1[01]\d)$/);
      expect(text).not.toContain('VCALENDAR');
      expect(text).not.toMatch(/localhost|127\.0\.0\.1|ECONN/);
    },
  );

  test('with a source that is slower than a page may wait, it waits and is complete', async () => {
    const path = await pathOf('student-1');
    await graph.sources.lecture.fault({ hang: 'headers' });
    const reading = get(path);
    await eventually('the lectures are asked for', () => graph.calls.lecture.length > 0);
    // The calendar's deadline has passed; its call to the source goes on.
    await clock.advance(800);
    await graph.sources.lecture.heal();
    const { status, text } = await reading;
    expect([status, erns(text)]).toEqual([
      200,
      expected(graph.rows, 'student-1', WINDOW)
        .map(({ ern }) => ern)
        .sort(),
    ]);
  });

  test('with a source down that is not requested, it is complete', async () => {
    await graph.sources.attendance.fault({ refuse: true });
    expect((await get(`${await pathOf('student-1')}?kinds=lecture`)).status).toBe(200);
  });

  test('with a source down and a cached copy, it is complete', async () => {
    const path = await pathOf('student-1');
    const before = await get(path);
    await graph.sources.lecture.fault({ refuse: true });
    graph.calendar.invalidateAll();
    expect((await get(path)).text).toBe(before.text);
  });

  test('with the calendar subgraph down it is 503, not a 404 that would make clients drop the address', async () => {
    const path = await pathOf('student-1');
    await graph.calendar.close();
    expect((await get(path)).status).toBe(503);
    expect((await get('/calendar/x.ics')).status).toBe(503);
  });
});

describe('the token in the address', () => {
  test('is in no error report', async () => {
    const reports: unknown[] = [];
    const stop = listen('calendar:error', (report) => void reports.push(report));
    await graph.sources.lecture.fault({ refuse: true });
    const path = await pathOf('student-1');
    await get(path);
    await get(path.replace('.ics', 'x.ics'));
    stop();
    expect(reports.length).toBeGreaterThan(0);
    const token = path.slice('/calendar/'.length, -'.ics'.length);
    expect(inspect(reports, { depth: 20 })).not.toContain(token.slice(-24));
  });

  test('cannot be looked up by clients: the field is not in the public API and needs a scope', async () => {
    const document = '{ calendarSubscriptionOwner(token: "x") { user } }';
    expect((await graph.query('admin-1', document)).status).toBe(400);
    const reply = await request(graph.calendarUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await graph.sign({ audience: 'calendar', scopes: ['schedule:read'] })}`,
      },
      body: JSON.stringify({ query: document }),
    });
    expect(await reply.body.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });
});
