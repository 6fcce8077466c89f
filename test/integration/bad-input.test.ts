// Promise: invalid input is refused before any source is called, with the argument, what was
// expected and what was given; unusual but valid input works.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MARCH, MINE, type Mine } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { lecture } from '../harness/rows.ts';

const INSTANT = 'expected an RFC 3339 instant with an offset between 1970 and 2199, such as 2026-11-22T09:00:00+09:00';
const { from, to } = MARCH;

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: { enrollments: { 'student-1': [1] }, items: [lecture({ course: 1, at: '2026-03-10T09:00+09:00' })] },
  });
});
afterAll(() => graph.close());
const calls = () => Object.values(graph.calls).flat().length;

test.each<[string, string, Record<string, unknown>, string]>([
  [
    'from 1970 to 9999',
    'to',
    { from: '1970-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' },
    `${INSTANT}, given "9999-12-31T23:59:59Z"`,
  ],
  [
    'from 1970 to 2199',
    'to',
    { from: '1970-01-01T00:00:00Z', to: '2199-12-31T00:00:00Z' },
    'expected at most 400 days after from (1970-01-01T00:00:00Z), given "2199-12-31T00:00:00Z"',
  ],
  [
    '400 days and a millisecond',
    'to',
    { from: '2026-01-01T00:00:00Z', to: '2027-02-05T00:00:00.001Z' },
    'expected at most 400 days after from (2026-01-01T00:00:00Z), given "2027-02-05T00:00:00.001Z"',
  ],
  ['from after to', 'to', { from: to, to: from }, `expected an instant not before from (${to}), given "${from}"`],
  ['NaN', 'from', { from: 'NaN' }, `${INSTANT}, given "NaN"`],
  ['an empty text', 'from', { from: '' }, `${INSTANT}, given ""`],
  ['a day that does not exist', 'from', { from: '2026-02-30T00:00:00Z' }, `${INSTANT}, given "2026-02-30T00:00:00Z"`],
  ['an hour that does not exist', 'from', { from: '2026-02-20T24:00:00Z' }, `${INSTANT}, given "2026-02-20T24:00:00Z"`],
  ['no offset', 'from', { from: '2026-03-01T00:00:00' }, `${INSTANT}, given "2026-03-01T00:00:00"`],
  ['a date alone', 'to', { to: '2026-04-01' }, `${INSTANT}, given "2026-04-01"`],
  ['a number', 'from', { from: 1772323200000 }, `${INSTANT}, given 1772323200000`],
  ['before 1970', 'from', { from: '1969-12-31T23:59:59Z' }, `${INSTANT}, given "1969-12-31T23:59:59Z"`],
  [
    'an offset beyond a day',
    'from',
    { from: '2026-03-01T00:00:00+24:00' },
    `${INSTANT}, given "2026-03-01T00:00:00+24:00"`,
  ],
  [
    'a zone there is not',
    'timeZone',
    { timeZone: 'Asia/Atlantis' },
    'expected an IANA time zone name such as Asia/Seoul, given "Asia/Atlantis"',
  ],
  [
    'an offset for a zone',
    'timeZone',
    { timeZone: '+09:00' },
    'expected an IANA time zone name such as Asia/Seoul, given "+09:00"',
  ],
  ['a negative maxAge', 'maxAge', { maxAge: -1 }, 'expected seconds, 0 or more, given -1'],
  ['a negative timeout', 'timeout', { timeout: -5 }, 'expected milliseconds, 0 or more, given -5'],
  [
    'a malformed course name',
    'filter.courses',
    { filter: { courses: ['course-1'] } },
    'expected course names such as ern:lms:course/42, given "course-1"',
  ],
  [
    'a search without end',
    'filter.search',
    { filter: { search: 'x'.repeat(201) } },
    `expected at most 200 characters, given "${'x'.repeat(60)}...`,
  ],
])('%s is refused, naming %s, and no source is called', async (_, argument, given, message) => {
  const before = calls();
  const { status, body } = await graph.query<Mine>('student-1', MINE, { ...MARCH, ...given });
  expect(status).toBe(200);
  expect(body.errors).toHaveLength(1);
  expect(body.errors?.[0]).toMatchObject({
    message: `${argument}: ${message}`,
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(calls()).toBe(before);
});

test.each<[string, Record<string, unknown>]>([
  ['an offset of +14:00', { from: '2026-03-01T05:00:00+14:00' }],
  ['a lower-case z and t', { from: '2026-02-28t15:00:00z' }],
  ['fractions of a second', { from: '2026-03-01T00:00:00.000000+09:00' }],
  ['a zone in another case', { timeZone: 'asia/seoul' }],
  ['exactly 400 days', { from: '2026-01-01T00:00:00Z', to: '2027-02-05T00:00:00Z' }],
  ['29 February of a leap year', { from: '2028-02-29T00:00:00Z', to: '2028-03-01T00:00:00Z' }],
  ['everything optional as null', { timeZone: null, filter: null, maxAge: null, timeout: null }],
  ['a filter of nulls', { filter: { kinds: null, courses: null, completion: null, search: null } }],
])('%s is accepted', async (_, given) => {
  const window = { ...MARCH, ...given };
  const { body } = await graph.query<Mine>('student-1', MINE, window);
  expect(body.errors).toBeUndefined();
  expect(drawn(body.data.viewer.calendar.events)).toEqual(expected(graph.rows, 'student-1', window));
});

test('a time zone is returned by its canonical name', async () => {
  const { body } = await graph.query<Mine>('student-1', MINE, { ...MARCH, timeZone: 'asia/seoul' });
  expect(body.data.viewer.calendar.timeZone).toBe('Asia/Seoul');
});

test.each([
  '',
  'nonsense',
  'LECTURE!student-1',
  'QUIZ!student-1!ern:lms:course/1/quiz/1',
  'LECTURE!student-1!ern',
  '__proto__',
])('the event id "%s" is refused', async (id) => {
  const { body } = await graph.query('student-1', 'query ($id: ID!) { scheduleEvent(id: $id) { id } }', { id });
  expect(body.data).toEqual({ scheduleEvent: null });
  expect(body.errors?.[0]).toMatchObject({
    message: `id: expected the id of an event, given ${JSON.stringify(id)}`,
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test.each([
  ['a kind there is not', { filter: { kinds: ['QUIZ'] } }],
  ['a float for an age', { maxAge: 1.5 }],
  ['no window', { from: undefined }],
])('%s is refused by the schema, and no source is called', async (_, given) => {
  const before = calls();
  const { status, body } = await graph.query('student-1', MINE, { ...MARCH, ...given });
  expect([200, 400]).toContain(status);
  expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(calls()).toBe(before);
});

test('names like __proto__ are ordinary names', async () => {
  const document = `query ($from: DateTime!, $to: DateTime!) { __proto__: viewer { constructor: calendar(from: $from, to: $to) { completeness } } }`;
  const { text } = await graph.query('student-1', document, MARCH);
  expect(text).toContain('"constructor":{"completeness":"COMPLETE"}');
});
