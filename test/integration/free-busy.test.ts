// Promise: who is related to a user can see when that user is busy, and nothing else; busy time is
// never shown as free, and missing data is reported.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { createClient } from '../harness/client.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import { type MockGraph, principalOf } from '../harness/mock-graph.ts';
import { assignment, check, lecture, own, personal } from '../harness/rows.ts';

const FREE_BUSY = `query ($user: ID!, $from: DateTime!, $to: DateTime!, $timeZone: TimeZone) {
  freeBusy(user: $user, from: $from, to: $to, timeZone: $timeZone) { busy { startsAt endsAt } completeness }
}`;
interface FreeBusy {
  readonly busy: readonly { readonly startsAt: string; readonly endsAt: string }[];
  readonly completeness: string;
}

const hidden = lecture({ course: 2, at: '2026-03-12T09:00+09:00' });

let graph: MockGraph;
beforeEach(() => start('related'));
async function start(freeBusyFor: 'nobody' | 'related' | 'everybody') {
  graph = await startGraph({
    sources: 'mock',
    freeBusyFor,
    rows: {
      enrollments: { 'student-1': [1, 2], 'student-2': [2] },
      teaches: { 'teacher-1': [1] },
      observes: { 'observer-1': ['student-1'] },
      items: [
        lecture({ course: 1, at: '2026-03-10T09:00+09:00' }),
        lecture({ course: 2, at: '2026-03-10T10:00+09:00' }),
        lecture({ course: 1, at: '2026-03-10T11:30+09:00' }),
        lecture({ course: 1, at: '2026-03-31T23:00+09:00', lasts: 120 }),
        personal('student-1', lecture({ course: 1, at: '2026-03-11T09:00+09:00' })),
        hidden,
        own('student-1', hidden, { hidden: true }),
        check({ course: 1, at: '2026-03-13T09:00+09:00' }),
        assignment({ course: 1, at: '2026-03-14T00:00+09:00' }),
      ],
    },
  });
}
afterEach(() => graph.close());

async function read(viewer: string, user: string, given: object = {}): Promise<FreeBusy> {
  const { body } = await graph.query<{ freeBusy: FreeBusy }>(viewer, FREE_BUSY, { user, ...MARCH, ...given });
  expect(body.errors).toBeUndefined();
  return body.data.freeBusy;
}
const WHOLE: FreeBusy = {
  busy: [
    { startsAt: '2026-03-10T09:00:00+09:00', endsAt: '2026-03-10T13:00:00+09:00' },
    { startsAt: '2026-03-11T09:00:00+09:00', endsAt: '2026-03-11T10:30:00+09:00' },
    { startsAt: '2026-03-31T23:00:00+09:00', endsAt: '2026-04-01T00:00:00+09:00' },
  ],
  completeness: 'COMPLETE',
};

const code = async (viewer: string, user = 'student-1') => {
  const { body } = await graph.query(viewer, FREE_BUSY, { user, ...MARCH });
  return body.errors?.[0]?.extensions.code ?? 'answered';
};

describe('when student-1 is busy', () => {
  test.each(['student-1', 'student-2', 'teacher-1', 'observer-1', 'admin-1'])('%s sees', async (viewer) => {
    expect(await read(viewer, 'student-1')).toEqual(WHOLE);
  });

  test.each(['student-9', 'teacher-9', 'observer-9'])(
    '%s, who has nothing in common, does not, as for a user that does not exist',
    async (viewer) => {
      const there = await graph.query(viewer, FREE_BUSY, { user: 'student-1', ...MARCH });
      expect(there.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect((await graph.query(viewer, FREE_BUSY, { user: 'student-404', ...MARCH })).text).toBe(there.text);
    },
  );

  test('only the user and administrators see where nobody else may ask, and everybody where everybody may', async () => {
    await graph.close();
    await start('nobody');
    expect(await Promise.all(['student-1', 'admin-1', 'student-2', 'teacher-1'].map((who) => code(who)))).toEqual([
      'answered',
      'answered',
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    await graph.close();
    await start('everybody');
    expect(await code('student-9')).toBe('answered');
  });

  test('is not said while it cannot be looked up who has a course in common', async () => {
    await graph.sources.lecture.fault({ refuse: true });
    expect(await code('student-2')).toBe('UNAVAILABLE');
  });
});

test('only lectures are loaded, and only their times are shown', async () => {
  await read('student-2', 'student-1');
  expect([graph.calls.attendance, graph.calls.assignment]).toEqual([[], []]);
  const { status } = await graph.query('student-2', FREE_BUSY.replace('startsAt', 'title'), {
    user: 'student-1',
    ...MARCH,
  });
  expect(status).toBe(400);
});

test('the calendar itself stays FORBIDDEN', async () => {
  const { body } = await graph.query(
    'student-2',
    '{ user(id: "student-1") { freeBusy(from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z") { completeness } } }',
  );
  expect([body.data, body.errors?.[0]?.extensions.code]).toEqual([{ user: null }, 'FORBIDDEN']);
});

test('User.freeBusy of the own user equals Query.freeBusy', async () => {
  const document = `query ($from: DateTime!, $to: DateTime!) {
    viewer { freeBusy(from: $from, to: $to) { busy { startsAt endsAt } completeness } }
  }`;
  const { body } = await graph.query<{ viewer: { freeBusy: FreeBusy } }>('student-1', document, MARCH);
  expect(body.data.viewer.freeBusy).toEqual(WHOLE);
});

test('instants are in the requested time zone', async () => {
  const { busy } = await read('student-2', 'student-1', { timeZone: 'America/New_York' });
  expect(busy[0]).toEqual({ startsAt: '2026-03-09T20:00:00-04:00', endsAt: '2026-03-10T00:00:00-04:00' });
});

test('an unknown user is refused to administrators too; an id that cannot be a user is BAD_USER_INPUT', async () => {
  expect(await code('admin-1', 'student-404')).toBe('FORBIDDEN');
  const { body } = await graph.query('student-2', FREE_BUSY, { user: '../x', ...MARCH });
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('a window of more than 62 days is refused, also for the own user, and no source is called', async () => {
  const from = '2026-03-01T00:00:00Z';
  const own = `query ($from: DateTime!, $to: DateTime!) { viewer { freeBusy(from: $from, to: $to) { completeness } } }`;
  for (const document of [FREE_BUSY, own]) {
    const { body } = await graph.query('student-2', document, {
      user: 'student-1',
      from,
      to: '2026-05-02T00:00:00.001Z',
    });
    expect(body.errors?.[0]).toMatchObject({
      message: `to: expected at most 62 days after from (${from}), given "2026-05-02T00:00:00.001Z"`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  expect(graph.calls.lecture).toEqual([]);
  expect((await read('student-2', 'student-1', { from, to: '2026-05-02T00:00:00Z' })).completeness).toBe('COMPLETE');
});

test('with the source down the answer is not COMPLETE', async () => {
  await graph.sources.lecture.fault({ refuse: true });
  expect(await read('student-1', 'student-1')).toEqual({ busy: [], completeness: 'UNAVAILABLE' });
});

test('with the source down and a cached copy busy time is shown as STALE', async () => {
  await read('student-2', 'student-1');
  await graph.sources.lecture.fault({ refuse: true });
  graph.calendar.invalidateAll();
  expect(await read('student-2', 'student-1')).toEqual({ ...WHOLE, completeness: 'STALE' });
});

test('with a malformed lecture the answer is PARTIAL', async () => {
  graph.rows.items.push({
    ...hidden,
    ern: 'ern:lms:course/1/lecture/odd',
    audience: 'ern:lms:course/1',
    endsAt: 'soon',
  });
  expect(await read('student-2', 'student-1')).toEqual({ ...WHOLE, completeness: 'PARTIAL' });
});

test('without a signed-in user nothing is shown', async () => {
  const reply = await request(graph.calendarUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await graph.sign({ audience: 'calendar', scopes: ['subscription:read'] })}`,
    },
    body: JSON.stringify({ query: FREE_BUSY, variables: { user: 'student-1', ...MARCH } }),
  });
  expect(await reply.body.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

describe('who asks too often when others are busy', () => {
  const clock = manualClock();
  beforeEach(async () => {
    await graph.close();
    graph = await startGraph({
      sources: 'mock',
      clock,
      freeBusyLimit: 4,
      rows: { enrollments: { 'student-1': [1], 'student-2': [1] } },
    });
  });

  test('is told so and when to come back, for every user but themselves, and others are answered', async () => {
    for (const user of ['student-1', 'student-404', 'student-1', 'student-405']) await code('student-2', user);
    const { body } = await graph.query('student-2', FREE_BUSY, { user: 'student-1', ...MARCH });
    expect(body.errors?.[0]).toMatchObject({
      message: 'At most 4 questions when others are busy a minute. Try again in 15 s.',
      extensions: { code: 'OVERLOADED' },
    });
    expect(await code('student-2', 'student-404')).toBe('OVERLOADED');
    expect([await code('student-2', 'student-2'), await code('student-1', 'student-2')]).toEqual([
      'answered',
      'answered',
    ]);
    await clock.advance(15_000);
    expect([await code('student-2'), await code('student-2')]).toEqual(['answered', 'OVERLOADED']);
  });

  test('has used one question for each that is refused, also when its query is compiled', async () => {
    const direct = createClient(graph.calendarUrl, (user) =>
      graph.sign({ audience: 'calendar', user: principalOf(user) }),
    );
    const codes = [];
    for (const user of ['404', '405', '406', '407', '408']) {
      const { body } = await direct.query('student-2', FREE_BUSY, { user: `student-${user}`, ...MARCH });
      codes.push(body.errors?.[0]?.extensions.code);
    }
    await direct.close();
    expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'OVERLOADED']);
  });
});
