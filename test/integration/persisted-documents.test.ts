// Promise: a gateway that allows only persisted documents answers those of My Page, by id or by
// text, and nothing else.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { idOf } from '../../src/gateway/graph/persisted-documents.ts';
import type { ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { startGraph } from '../harness/graph.ts';
import { OPERATIONS, operation } from '../harness/operations.ts';
import type { RealGraph } from '../harness/real-graph.ts';

const DAY_MS = 86_400_000;
const LIST = JSON.parse(
  readFileSync(new URL('../../schema/persisted-documents.json', import.meta.url), 'utf8'),
) as Record<string, string>;

let graph: RealGraph;
beforeAll(async () => {
  graph = await startGraph({ sources: 'real', settings: { PERSISTED_ONLY: 'true' } });
}, 60_000);
afterAll(() => graph.close());

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function post(user: string, body: object): Promise<Answer & { readonly status: number }> {
  const token = await (await fetch(`${graph.url}/dev/token?user=${user}`)).text();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${graph.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...((await answer.json()) as Answer) };
}

const after = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const WINDOW = { from: after(-15), to: after(15) };

test('each operation of My Page is answered by its id', async () => {
  const ask = async (user: string, name: string, variables: object): Promise<unknown> => {
    asked.push(name);
    const { data, errors } = await post(user, { documentId: idOf(operation(name)), variables });
    expect([name, errors]).toEqual([name, undefined]);
    return data;
  };
  const asked: string[] = [];
  type Page = { viewer: { calendar: { syncToken: string; events: ScheduleEvent[] } } };
  const page = (await ask('student-1', 'my-page', WINDOW)) as Page;
  const { syncToken: since, events } = page.viewer.calendar;
  const of = (kind: string) => events.find((event) => event.kind === kind && event.course.ern.endsWith('course/1'));
  const [lecture, assignment] = [of('LECTURE'), of('ASSIGNMENT')];
  await ask('student-1', 'changes', { since, ...WINDOW });
  await ask('observer-1', 'observed', {});
  await ask('observer-1', 'page-of', { user: 'student-1', ...WINDOW });
  await ask('observer-1', 'changes-of', { user: 'student-1', since, ...WINDOW });
  for (const name of ['event-detail', 'lecture-detail', 'attendance-detail', 'assignment-detail']) {
    await ask('student-1', name, { id: lecture?.id });
  }
  await ask('student-1', 'subscription', {});
  await ask('student-1', 'rotate-subscription', {});
  await ask('teacher-1', 'reschedule-lecture', { ern: lecture?.ern, startsAt: after(1), endsAt: after(1.1) });
  const input = { course: assignment?.course.ern, title: '새 과제', startsAt: after(0), endsAt: after(3) };
  await ask('teacher-1', 'create-assignment', { input });
  await ask('teacher-1', 'grant-extension', { ern: assignment?.ern, user: 'student-1', endsAt: after(20) });
  await ask('student-1', 'search', { text: '과제', ...WINDOW });
  await ask('observer-1', 'search-of', { user: 'student-1', text: '과제', ...WINDOW });
  await ask('student-1', 'submit-assignment', { ern: assignment?.ern });
  // Of a check that is over, the outcome that is stored.
  const check = of('ATTENDANCE');
  await ask('student-1', 'check-in', { ern: check?.ern });
  await ask('teacher-1', 'reschedule-attendance-check', { ern: check?.ern, startsAt: after(1), endsAt: after(1.1) });
  await ask('teacher-1', 'update-assignment', { ern: assignment?.ern, input: { title: '바뀐 과제' } });
  expect(asked.toSorted()).toEqual(OPERATIONS);
});

test('the list contains each operation once, under the hash of its text', () => {
  expect(Object.values(LIST).toSorted()).toEqual(OPERATIONS.map(operation).toSorted());
  for (const [id, text] of Object.entries(LIST)) expect(id).toBe(idOf(text));
});

test('the text and Apollo Client’s form of the id are answered too', async () => {
  const text = operation('subscription');
  const persistedQuery = { version: 1, sha256Hash: idOf(text).slice('sha256:'.length) };
  const answers = [
    await post('student-1', { query: text }),
    await post('student-1', { extensions: { persistedQuery } }),
    await post('student-1', { query: text, extensions: { persistedQuery } }),
  ];
  for (const { errors, data } of answers)
    expect([errors, data?.viewer]).toMatchObject([undefined, { id: 'student-1' }]);
});

test.each([
  ['another text', { query: '{ viewer { id } }' }],
  ['one of them with a space more', { query: `${operation('subscription')} ` }],
  ['an id that is none', { documentId: 'sha256:0' }],
  ['an id that is no text', { documentId: 7 }],
])('%s is refused, and no service is called', async (_, body) => {
  graph.forget();
  const { status, errors } = await post('student-1', body);
  expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
  expect(graph.calls.filter(({ query }) => !query.includes('Changes('))).toEqual([]);
});

test('a hash that is none, in Apollo’s form, says that clients need not ask again', async () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: '__proto__' } };
  const { status, errors } = await post('student-1', { extensions });
  expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'PERSISTED_QUERY_NOT_SUPPORTED']);
  expect(errors?.[0]?.message).toBe('PersistedQueryNotSupported');
});
