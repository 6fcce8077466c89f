// Promise: a validator is valid exactly as long as the calendar would give the same answer from
// fresh copies: until something that it was read from changes, or a time-relative field does.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import { type ManualClock, manualClock } from '../../harness/clock.ts';
import { startGraph } from '../../harness/graph.ts';
import type { MockGraph } from '../../harness/mock-graph.ts';
import { assignment, check, type ItemRow, instant, lecture, own, ownErn } from '../../harness/rows.ts';

const DAY_MS = 86_400_000;
const AT = '$from: DateTime!, $to: DateTime!';
const WINDOW = { from: '2026-03-01T00:00:00+09:00', to: '2026-04-01T00:00:00+09:00' };
const plain = (fields: string) => `query (${AT}) { viewer { calendar(from: $from, to: $to) { ${fields} } } }`;
const TITLES = plain('completeness events { id title startsAt }');

let clock: ManualClock;
let graph: MockGraph;
beforeEach(async () => {
  clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    gateway: false,
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [1] },
      items: [
        lecture({ course: 1, at: '2026-03-02T11:00+09:00' }),
        check({ course: 1, at: '2026-03-02T12:00+09:00', lateAt: '2026-03-02T03:05:00.000Z' }),
        ...['2026-03-02T14:00+09:00', '2026-03-02T15:00+09:00', '2026-03-03T08:00+09:00'].map((at) =>
          assignment({ course: 1, at, lasts: 60, closesAt: instant('2026-03-03T12:00+09:00') }),
        ),
        assignment({ course: 1, at: '2026-04-03T10:00+09:00', lasts: 60 }),
      ],
    },
  });
});
afterEach(() => graph.close());

/** The answer's text and its validator; null if it has none. */
async function ask(query: string, variables: object = WINDOW, user = 'student-1') {
  const { headers, text } = await graph.query(user, query, { ...variables }, { 'x-accept-validator': '1' });
  return { text, validator: headers.get('x-validator') };
}

async function isValid(validator: string | null, maxAge?: number): Promise<boolean> {
  const { body } = await revalidate({ checks: [{ validator, ...(maxAge === undefined ? {} : { maxAge }) }] });
  return (body as { valid: boolean[] }).valid[0] ?? false;
}

async function revalidate(body: unknown, scopes = ['answers:revalidate']) {
  const token = await graph.sign({ audience: 'calendar', scopes });
  const answer = await request(new URL('/revalidate', graph.calendarUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return { status: answer.statusCode, body: await answer.body.json() };
}

describe('a validator', () => {
  test('is valid while nothing changed, and no source is called for it', async () => {
    const { validator } = await ask(TITLES);
    const calls = graph.calls.lecture.length;
    expect(await isValid(validator)).toBe(true);
    expect(graph.calls.lecture).toHaveLength(calls);
  });

  test('ends with an invalidation, before anything is loaded again', async () => {
    const { validator } = await ask(TITLES);
    graph.calendar.invalidate('LECTURE|ern:lms:course/1|2026-03');
    expect(await isValid(validator)).toBe(false);
  });

  test('is valid again after a reload with the same content, and not after one with other content', async () => {
    const first = await ask(TITLES);
    graph.calendar.invalidate('LECTURE');
    await ask(TITLES);
    expect(await isValid(first.validator)).toBe(true);
    for (const row of graph.rows.items) row.title = 'other';
    graph.calendar.invalidate('LECTURE');
    await ask(TITLES);
    expect(await isValid(first.validator)).toBe(false);
  });

  test('of an answer that shows load times ends with any reload', async () => {
    const { validator } = await ask(plain('sources { fetchedAt }'));
    expect(await isValid(validator)).toBe(true);
    await clock.advance(5);
    graph.calendar.invalidate('LECTURE');
    await ask(TITLES);
    expect(await isValid(validator)).toBe(false);
  });

  test('ends with the lifetime of a copy', async () => {
    const { validator } = await ask(TITLES);
    await clock.advance(40_000);
    expect(await isValid(validator)).toBe(false);
  });

  test('is not valid for a user whose own write is newer than the copies', async () => {
    const { validator } = await ask(TITLES);
    await clock.advance(1_000);
    expect(await isValid(validator, 1_500)).toBe(true);
    expect(await isValid(validator, 500)).toBe(false);
    expect(await isValid(validator, 0)).toBe(false);
  });

  test('ends with an override of the user', async () => {
    const override = own('student-1', graph.rows.items[0] as ItemRow, { title: 'own' });
    graph.rows.items.push(override);
    const { validator } = await ask(TITLES);
    override.title = 'other';
    graph.calendar.invalidate(`LECTURE|${ownErn('student-1')}|2026-03`);
    await ask(TITLES);
    expect(await isValid(validator)).toBe(false);
  });
});

/** Each field that depends on the time, and what depends on it in passing. */
const RELATIVE = [
  plain('events { phase }'),
  plain('events { completion }'),
  plain('events { isOverdue }'),
  plain('days { date isToday }'),
  plain('summary { open dueToday overdue completed }'),
  plain('conflicts { kind events { id phase } }'),
  `query (${AT}) { viewer { calendar(from: $from, to: $to, filter: { completion: [PENDING] }) { events { id } } } }`,
  '{ viewer { upcoming(first: 2) { nodes { id } pageInfo { hasNextPage } sources { count } } } }',
  '{ viewer { upcoming { nodes { id } sources { kind count } } } }',
  '{ viewer { overdue { nodes { id } sources { kind count } } } }',
  '{ viewer { overdue(first: 1) { nodes { id isOverdue } pageInfo { hasNextPage } } } }',
];

/** Every instant of the test data, midnights here and in UTC, and edges of what is searched. */
const boundaries = () => {
  const instants = graph.rows.items.flatMap(({ startsAt, endsAt, lateAt, closesAt }) => [
    startsAt,
    endsAt,
    lateAt,
    closesAt,
  ]);
  const midnights = ['2026-03-03T00:00+09:00', '2026-03-03T00:00Z', '2026-03-04T00:00+09:00', '2026-04-01T00:00+09:00'];
  const all = [...instants, ...midnights].flatMap((text) => (text == null ? [] : [Date.parse(text)]));
  return [...new Set(all.flatMap((at) => [at, at - 31 * DAY_MS, at + 31 * DAY_MS]))].toSorted((a, b) => a - b);
};

test.each(RELATIVE)('%s: a validator ends at the millisecond at which the answer changes, also back', async (query) => {
  const variables = query.includes('$from') ? WINDOW : {};
  const instants = boundaries().flatMap((at) => [at - 1, at]);
  let [kept, changed] = [0, 0];
  for (const [index, at] of instants.entries()) {
    clock.set(at);
    const { text, validator } = await ask(query, variables);
    for (const then of [instants[index + 1], instants[index - 1], instants[index + 2]]) {
      if (then === undefined) continue;
      clock.set(then);
      const valid = await isValid(validator);
      const { text: again } = await ask(query, variables);
      if (valid) expect([then, again]).toEqual([then, text]);
      if (valid) kept += 1;
      if (again !== text) changed += 1;
    }
  }
  expect([kept > 0, changed > 0]).toEqual([true, true]);
});

describe('an answer has no validator', () => {
  test.each([
    ['with the clock in it', plain('now')],
    ['with a maxAge', `query (${AT}) { viewer { calendar(from: $from, to: $to, maxAge: 60) { version } } }`],
    ['with a timeout', `query (${AT}) { viewer { calendar(from: $from, to: $to, timeout: 500) { version } } }`],
    ['with changes', '{ viewer { calendarChanges(since: "x") { isFullSync } } }'],
    ['with a subscription URL', '{ viewer { calendarSubscription { url } } }'],
    ['with an event read from its source', '{ scheduleEvent(id: "LECTURE:student-1:x") { id } }'],
    ['with an error', `query (${AT}) { viewer { calendar(from: $to, to: $from) { version } } }`],
  ])('%s', async (_, query) => {
    const variables = query.includes('$from') ? WINDOW : {};
    expect((await ask(query, variables)).validator).toBeNull();
  });

  test('while a source fails', async () => {
    await graph.sources.lecture.fault({ status: 500 });
    expect((await ask(TITLES)).validator).toBeNull();
  });
});

describe('POST /revalidate', () => {
  test('is for the service that stores answers only', async () => {
    expect((await revalidate({ checks: [] }, [])).status).toBe(403);
    expect(await revalidate({ checks: [] })).toEqual({ status: 200, body: { valid: [] } });
  });

  test.each([[{}], [{ checks: [1] }], [{ checks: [{ validator: 1 }] }], [{ checks: [{ validator: '', maxAge: -1 }] }]])(
    'refuses %j and says what is expected',
    async (body) => {
      const { status, body: answer } = await revalidate(body);
      expect([status, JSON.stringify(answer)]).toEqual([400, expect.stringContaining('validator, maxAge')]);
    },
  );

  test('says no to what is no validator', async () => {
    const { validator } = await ask(TITLES);
    const broken = ['', 'x', ',', `${validator},`, validator?.replace('LECTURE', 'OTHER'), validator?.slice(0, -20)];
    const { body } = await revalidate({ checks: broken.map((text) => ({ validator: text })) });
    expect(body).toEqual({ valid: broken.map(() => false) });
  });
});

test('a validator is sent only to a caller that asks: other gateways refuse headers of that size', async () => {
  const { headers } = await graph.query('student-1', TITLES, { ...WINDOW });
  expect(headers.get('x-validator')).toBeNull();
});
