// Promise: an event by its id is read from its source in one call; it equals the event in the
// calendar, and can be read by all who may read that calendar.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MARCH, MINE, type Mine, type ShownEvent } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, lecture, moved, own, personal } from '../harness/rows.ts';

const EVENT = `query ($id: ID!) { scheduleEvent(id: $id) {
  id ern kind title startsAt endsAt completion course { ern } dateOverride { startsAt endsAt reason } } }`;
interface One {
  readonly scheduleEvent: ShownEvent | null;
}

const talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });
const roll = check({ course: 1, at: '2026-03-10T09:00+09:00' });
const essay = assignment({ course: 1, at: '2026-03-11T00:00+09:00' });
const secret = lecture({ course: 1, at: '2026-03-12T09:00+09:00' });
const mine = personal('student-1', lecture({ course: 1, at: '2026-03-13T09:00+09:00' }));

let graph: MockGraph;
beforeEach(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [2] },
      teaches: { 'teacher-1': [1] },
      observes: { 'observer-1': ['student-1'] },
      items: [
        ...[talk, roll, essay, secret, mine],
        lecture({ course: 2, at: '2026-03-12T09:00+09:00' }),
        moved('student-1', essay, { endsAt: '2026-04-20T00:00+09:00', reason: 'illness' }),
        own('student-1', roll, { outcome: 'PRESENT' }),
        own('student-1', secret, { hidden: true }),
      ],
    },
  });
});
afterEach(() => graph.close());

const read = (id: string, viewer = 'student-1') => graph.query<One>(viewer, EVENT, { id });
const code = ({ body }: Awaited<ReturnType<typeof read>>) => body.errors?.map((error) => error.extensions.code);
const events = async () => (await graph.query<Mine>('student-1', MINE, MARCH)).body.data.viewer.calendar.events;
const forget = () => {
  for (const calls of Object.values(graph.calls)) calls.length = 0;
};
const counts = () => Object.values(graph.calls).map((calls) => calls.length);

test('each event of a calendar can be read by its id, with equal fields, in one call to its source', async () => {
  const all = await events();
  expect(all).toHaveLength(4);
  for (const event of all) {
    forget();
    expect((await read(event.id)).body).toEqual({ data: { scheduleEvent: event } });
    expect(counts()).toEqual(['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'].map((kind) => (kind === event.kind ? 1 : 0)));
  }
});

test('an event is read from its source, not from a cache', async () => {
  await events();
  const added = lecture({ course: 1, at: '2026-03-14T09:00+09:00' });
  graph.rows.items.push(added);
  expect((await read(`LECTURE!student-1!${added.ern}`)).body.data.scheduleEvent?.title).toBe(added.title);
  expect(await events()).toHaveLength(4);
});

test.each([
  ['does not exist', 'LECTURE!student-1!ern:lms:course/1/lecture/404'],
  ['is of another kind', `ASSIGNMENT!student-1!${talk.ern}`],
  ['is of a course the user is not on', 'LECTURE!student-1!ern:lms:course/2/lecture/202603120000'],
  ['is hidden from the user', `LECTURE!student-1!${secret.ern}`],
  ['stands alone', 'LECTURE!student-1!ern:lms:course/1'],
])('an event that %s is null, without an error', async (_, id) => {
  expect((await read(id)).body).toEqual({ data: { scheduleEvent: null } });
});

test('another user’s event is FORBIDDEN, and no source is called', async () => {
  const reply = await read(`LECTURE!student-1!${talk.ern}`, 'student-2');
  expect([reply.body.data, code(reply)]).toEqual([{ scheduleEvent: null }, ['FORBIDDEN']]);
  expect(counts()).toEqual([0, 0, 0]);
});

test('an event of a course that the user does not attend is null, even if its id is known', async () => {
  expect((await read(`LECTURE!student-2!${talk.ern}`, 'student-2')).body).toEqual({ data: { scheduleEvent: null } });
  expect((await read(`LECTURE!student-2!${mine.ern}`, 'student-2')).body).toEqual({ data: { scheduleEvent: null } });
});

test('observers see events of observed users; teachers those of their courses, and not the student’s own', async () => {
  const [ofCourse, ofStudent] = [`LECTURE!student-1!${talk.ern}`, `LECTURE!student-1!${mine.ern}`];
  const seen = async (id: string, viewer: string) => (await read(id, viewer)).body.data.scheduleEvent?.id ?? null;
  expect(await seen(ofCourse, 'observer-1')).toBe(ofCourse);
  expect(await seen(ofStudent, 'observer-1')).toBe(ofStudent);
  expect(await seen(ofCourse, 'teacher-1')).toBe(ofCourse);
  expect(await seen(ofStudent, 'teacher-1')).toBeNull();
});

test('with its source down an event is UNAVAILABLE, not null', async () => {
  await graph.sources.lecture.fault({ refuse: true });
  const reply = await read(`LECTURE!student-1!${talk.ern}`);
  expect([reply.status, reply.body.data, code(reply)]).toEqual([200, { scheduleEvent: null }, ['UNAVAILABLE']]);
  expect((await read(`ASSIGNMENT!student-1!${essay.ern}`)).body.data.scheduleEvent?.ern).toBe(essay.ern);
});

test('an event that a section lists can be read by its id', async () => {
  const section = 'ern:lms:course/3/section/1';
  const lab = lecture({ course: 3, at: '2026-03-15T09:00+09:00', audience: section });
  graph.rows.enrollments['student-3'] = [section];
  graph.rows.items.push(lab, own('student-3', lab, { title: 'own of student-3' }));
  const { body } = await graph.query<Mine>('student-3', MINE, MARCH);
  const [event] = body.data.viewer.calendar.events;
  expect(event).toMatchObject({ ern: lab.ern, title: 'own of student-3', startsAt: '2026-03-15T09:00:00+09:00' });
  expect((await read(`LECTURE!student-3!${lab.ern}`, 'student-3')).body).toEqual({ data: { scheduleEvent: event } });
  expect((await read(`LECTURE!student-2!${lab.ern}`, 'student-2')).body).toEqual({ data: { scheduleEvent: null } });
});

test('ten events in one query cost one call per source', async () => {
  const ids = Array.from({ length: 10 }, (_, i) => [talk, roll, essay][i % 3]).map(
    (row) => `${row?.kind}!student-1!${row?.ern}`,
  );
  const document = `{ ${ids.map((id, i) => `e${i}: scheduleEvent(id: "${id}") { id }`).join(' ')} }`;
  const { body } = await graph.query<Record<string, { id: string }>>('student-1', document);
  expect(Object.values(body.data).map((event) => event.id)).toEqual(ids);
  expect(counts()).toEqual([1, 1, 1]);
});

test('a check names the lecture in which it takes place, without a call to the lecture service; others name none', async () => {
  graph.rows.items.push(check({ course: 1, at: '2026-03-17T09:00+09:00' }));
  const own = graph.rows.items.find(({ ern }) => ern === roll.ern);
  if (own !== undefined) own.lecture = talk.ern;
  const document = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to, filter: { kinds: [ATTENDANCE] }) {
    events { ern ... on AttendanceEvent { lecture { ern } } } } } }`;
  const { body } = await graph.query<{ viewer: { calendar: { events: unknown[] } } }>('student-1', document, MARCH);
  expect(body.data.viewer.calendar.events).toEqual([
    { ern: roll.ern, lecture: { ern: talk.ern } },
    { ern: expect.any(String), lecture: null },
  ]);
  expect(
    graph.calls.lecture.flatMap(({ representations }) => representations).map(({ __typename }) => __typename),
  ).toEqual([]);
});

test('node finds each event and each user by its id, with the rights of scheduleEvent and user', async () => {
  const document = `query ($id: ID!) { node(id: $id) { __typename id ... on ScheduleEvent { title }
    ... on User { calendar(from: "2026-03-01T00:00:00+09:00", to: "2026-04-01T00:00:00+09:00") { events { id } } } } }`;
  const node = async (viewer: string, id: string) =>
    (await graph.query<{ node: Record<string, unknown> | null }>(viewer, document, { id })).body;
  const all = await events();
  for (const { id, title, kind } of all) {
    const type = `${kind.charAt(0)}${kind.slice(1).toLowerCase()}Event`;
    expect((await node('student-1', id)).data.node).toEqual({ __typename: type, id, title });
  }
  for (const viewer of ['student-1', 'observer-1']) {
    const { data } = await node(viewer, 'student-1');
    expect(data.node).toMatchObject({ __typename: 'User', id: 'student-1' });
    expect(data.node).toHaveProperty('calendar.events.length', 4);
  }
  for (const id of ['student-1', 'nobody', all[0]?.id ?? '']) {
    const { data, errors } = await node('student-2', id);
    expect([data.node, errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
  }
});
