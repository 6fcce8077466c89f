// Promise: users read only calendars they have access to, a refusal does not show whether a user
// exists, and it causes no call. Access that cannot be looked up is refused.

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { createClient } from '../harness/client.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { CALENDAR, MARCH, MINE, type Mine, THEIRS, type Theirs } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { assignment, check, courseErn, lecture, ownErn, personal } from '../harness/rows.ts';

const FORBIDDEN = 'You have no access to this calendar.';

let clock: ManualClock;
let graph: MockGraph;
beforeAll(async () => {
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    rows: {
      enrollments: { 'student-1': [1, 2], 'student-2': [1, 3], 'student-3': [3] },
      teaches: { 'teacher-1': [1, 4], 'teacher-2': [2], 'teacher-3': [1], 'student-3': [1] },
      observes: { 'observer-1': ['student-1'], 'student-3': ['student-1'] },
      items: [
        ...[1, 2, 3].flatMap((course) => [
          lecture({ course, at: `2026-03-1${course}T09:00+09:00` }),
          check({ course, at: `2026-03-1${course}T09:00+09:00` }),
          assignment({ course, at: `2026-03-1${course}T00:00+09:00` }),
        ]),
        personal('student-1', lecture({ course: 1, at: '2026-03-20T09:00+09:00' })),
      ],
    },
  });
});
afterAll(() => graph.close());
afterEach(() => graph.sources.lecture.heal());

const read = (viewer: string, user: string) => graph.query<Theirs>(viewer, THEIRS, { user, ...MARCH });
const calls = () => Object.values(graph.calls).flat();
/** What was asked of the sources while `run` ran. */
async function askedDuring(run: () => Promise<unknown>) {
  const before = Object.values(graph.calls).map((log) => log.length);
  await run();
  return Object.values(graph.calls).flatMap((log, i) => log.slice(before[i]).flatMap((call) => call.representations));
}

describe('another user’s calendar', () => {
  test('is null and FORBIDDEN for a fellow student, and no source is called', async () => {
    const asked = await askedDuring(async () => {
      const { status, body } = await read('student-2', 'student-1');
      expect(status).toBe(200);
      expect(body.data).toEqual({ user: null });
      expect(body.errors).toEqual([{ message: FORBIDDEN, path: ['user'], extensions: { code: 'FORBIDDEN' } }]);
    });
    expect(asked).toEqual([]);
  });

  test('is refused with the same bytes for an id that does not exist', async () => {
    const there = await read('student-2', 'student-1');
    for (const id of ['student-999', '', '__proto__', 'constructor', 'x'.repeat(5_000)]) {
      expect((await read('student-2', id)).text).toBe(there.text);
    }
  });

  test('is refused under an alias, while the own calendar in the same query is answered', async () => {
    const document = `{ a: user(id: "student-1") { id } b: user(id: "student-2") { id } viewer { id } }`;
    const { body } = await graph.query('student-2', document);
    expect(body.data).toEqual({ a: null, b: { id: 'student-2' }, viewer: { id: 'student-2' } });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['a'], 'FORBIDDEN']]);
  });

  test('is refused even if it is cached', async () => {
    expect((await graph.query<Mine>('student-1', MINE, MARCH)).body.data.viewer.calendar.events.length).toBeGreaterThan(
      0,
    );
    expect((await read('student-2', 'student-1')).body.data.user).toBeNull();
  });

  test('cannot be read through _entities of the subgraph', async () => {
    const client = createClient(graph.calendarUrl, (id) =>
      graph.sign({ audience: 'calendar', user: { id, roles: ['student'], scopes: [] } }),
    );
    const document = `query ($r: [_Any!]!, $from: DateTime!, $to: DateTime!) {
      _entities(representations: $r) { ... on User { id calendar(from: $from, to: $to) ${CALENDAR} } } }`;
    const r = [
      { __typename: 'User', id: 'student-1' },
      { __typename: 'User', id: 'student-2' },
    ];
    const { body } = await client.query<{ _entities: unknown[] }>('student-2', document, { r, ...MARCH });
    await client.close();
    expect(body.data._entities).toMatchObject([null, { id: 'student-2' }]);
    expect(body.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
  });

  test('is refused to a student with rows as teacher and observer, because the token has no such role', async () => {
    const asked = await askedDuring(async () => {
      expect((await read('student-3', 'student-1')).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    });
    expect(asked).toEqual([]);
  });
});

describe('reading another user’s calendar', () => {
  test('observers can list and read all users they observe in one query, and other users have none', async () => {
    const document = `query ($from: DateTime!, $to: DateTime!) {
      observed { id calendar(from: $from, to: $to) { completeness events { id } } }
    }`;
    type Observed = { observed: { id: string; calendar: { completeness: string; events: object[] } }[] };
    const { body } = await graph.query<Observed>('observer-1', document, MARCH);
    expect(body.data.observed.map(({ id, calendar }) => [id, calendar.completeness])).toEqual([
      ['student-1', 'COMPLETE'],
    ]);
    expect(body.data.observed[0]?.calendar.events.length).toBeGreaterThan(0);
    expect((await graph.query<Observed>('observer-2', document, MARCH)).body.data).toEqual({ observed: [] });
    const asked = await askedDuring(async () => {
      // student-3 is in a row as an observer; the token says who may be one.
      for (const user of ['student-3', 'teacher-1', 'admin-1']) {
        expect((await graph.query<Observed>(user, document, MARCH)).body.data).toEqual({ observed: [] });
      }
    });
    expect(asked).toEqual([]);
  });

  test('an observer sees everything of the observed users, and of nobody else', async () => {
    const { body } = await read('observer-1', 'student-1');
    expect(drawn(body.data.user?.calendar.events ?? [])).toEqual(expected(graph.rows, 'student-1', MARCH));
    expect((await read('observer-1', 'student-2')).body.data.user).toBeNull();
    expect((await read('observer-2', 'student-1')).body.data.user).toBeNull();
  });

  test('a teacher sees the events of taught courses only', async () => {
    for (const [teacher, student, course] of [
      ['teacher-1', 'student-1', 1],
      ['teacher-2', 'student-1', 2],
      ['teacher-1', 'student-2', 1],
    ] as const) {
      const calendar = (await read(teacher, student)).body.data.user?.calendar;
      const seen = expected(graph.rows, student, MARCH).filter((event) =>
        event.ern.startsWith(`${courseErn(course)}/`),
      );
      expect(drawn(calendar?.events ?? [])).toEqual(seen);
      expect(calendar?.sources.map((source) => source.count)).toEqual([1, 1, 1]);
    }
  });

  test('a teacher of other courses is refused without loading a schedule', async () => {
    const asked = await askedDuring(async () => {
      const { body } = await read('teacher-2', 'student-2');
      expect([body.data.user, body.errors?.[0]?.message]).toEqual([null, FORBIDDEN]);
    });
    expect(asked.filter((one) => one.__typename !== 'User')).toEqual([]);
  });

  test('an administrator with the scope can read everyone', async () => {
    const { body } = await read('admin-1', 'student-1');
    expect(drawn(body.data.user?.calendar.events ?? [])).toEqual(expected(graph.rows, 'student-1', MARCH));
  });

  test('an id that no source knows is refused to an administrator with the same bytes as to others', async () => {
    const refused = await read('student-2', 'student-1');
    expect((await read('admin-1', 'student-404')).text).toBe(refused.text);
  });

  test('an administrator without the scope can read nobody else', async () => {
    const client = createClient(graph.calendarUrl, (id) =>
      graph.sign({ audience: 'calendar', user: { id, roles: ['admin'], scopes: [] } }),
    );
    const { body } = await client.query<Theirs>('admin-2', THEIRS, { user: 'student-1', ...MARCH });
    await client.close();
    expect([body.data.user, body.errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
  });
});

describe('relationships that change or cannot be loaded', () => {
  test('a teacher who was removed from a course is refused within half a minute', async () => {
    expect((await read('teacher-3', 'student-2')).body.data.user?.calendar.events).toHaveLength(3);
    graph.rows.teaches['teacher-3'] = [];
    await clock.advance(28_000);
    expect((await read('teacher-3', 'student-2')).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('with their source down, other users’ calendars are UNAVAILABLE and the own calendar is answered', async () => {
    await graph.sources.lecture.fault({ refuse: true });
    for (const viewer of ['teacher-9', 'observer-9']) {
      const { status, body } = await read(viewer, 'student-1');
      expect([status, body.data.user, body.errors?.[0]?.extensions.code]).toEqual([200, null, 'UNAVAILABLE']);
    }
    const own = (await read('teacher-9', 'teacher-9')).body;
    expect([own.errors, own.data.user?.calendar.completeness]).toEqual([undefined, 'PARTIAL']);
    await clock.advance(5_000);
  });

  test('known before their source is down, they are used for at most a minute', async () => {
    expect((await read('teacher-1', 'student-1')).body.data.user).not.toBeNull();
    await clock.advance(61_000);
    await graph.sources.lecture.fault({ refuse: true });
    const { body } = await read('teacher-1', 'student-1');
    expect([body.data.user, body.errors?.[0]?.extensions.code]).toEqual([null, 'UNAVAILABLE']);
    await clock.advance(5_000);
  });
});

describe('the subgraph without the gateway', () => {
  const post = (headers: Record<string, string>) =>
    request(graph.calendarUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
  const flipped = (token: string) => token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.slice(-1);
  const user = { id: 'admin-1', roles: ['admin'] as const, scopes: ['calendar:read-any'] };

  test.each<[string, () => Promise<Record<string, string>>]>([
    ['without a token', async () => ({})],
    ['with a header that names a user', async () => ({ 'x-user-id': 'admin-1' })],
    ['with an empty token', async () => ({ authorization: 'Bearer ' })],
    [
      'with a token for a sibling',
      async () => ({ authorization: `Bearer ${await graph.sign({ audience: 'lecture', user })}` }),
    ],
    [
      'with a token one bit off',
      async () => ({ authorization: `Bearer ${flipped(await graph.sign({ audience: 'calendar', user }))}` }),
    ],
    [
      'with a token of another secret',
      async () => {
        const sign = createInternalSigner({ secret: new Uint8Array(32), service: 'gateway', clock });
        return { authorization: `Bearer ${await sign({ audience: 'calendar', user })}` };
      },
    ],
    [
      'with a token a minute old',
      async () => {
        const token = await graph.sign({ audience: 'calendar', user });
        await clock.advance(60_000);
        return { authorization: `Bearer ${token}` };
      },
    ],
  ])('%s is 401 and calls no source', async (_, headers) => {
    const before = calls().length;
    const { statusCode, headers: given, body } = await post(await headers());
    expect(statusCode).toBe(401);
    expect(given['www-authenticate']).toBe('Bearer realm="calendar"');
    expect(await body.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(calls()).toHaveLength(before);
  });

  test('called by a service without a user has no viewer and no calendar', async () => {
    const { body } = await post({ authorization: `Bearer ${await graph.sign({ audience: 'calendar' })}` });
    expect(await body.json()).toEqual({ data: { viewer: null } });
  });
});

test('a student’s own audience is loaded for no other viewer', async () => {
  const askers = new Set<string>();
  for (const viewer of ['student-2', 'student-3']) {
    const asked = await askedDuring(() => graph.query(viewer, MINE, { ...MARCH, maxAge: 0 }));
    for (const one of asked) if (one.audience === ownErn('student-1')) askers.add(viewer);
  }
  expect([...askers]).toEqual([]);
});
