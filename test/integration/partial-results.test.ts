// Promise: a service that is down affects its own events and links only; the answer says which
// service it is, and viewer is never null. All through the real gateway.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventKind } from '../../src/calendar/model/event.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH, MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import type { SourceName } from '../harness/mock-schema.ts';
import type { Fault } from '../harness/mock-source.ts';
import { drawn, expected } from '../harness/oracle.ts';
import { assignment, check, lecture } from '../harness/rows.ts';

const SERVICES: readonly { name: SourceName; kind: EventKind }[] = [
  { name: 'lecture', kind: 'LECTURE' },
  { name: 'attendance', kind: 'ATTENDANCE' },
  { name: 'assignment', kind: 'ASSIGNMENT' },
];
const KINDS = SERVICES.map((service) => service.kind);

const DEEP = `query Deep($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
  completeness
  sources { kind status reason count }
  events {
    __typename id ern kind title startsAt endsAt
    ... on LectureEvent { lecture { ern title description } }
    ... on AttendanceEvent { attendanceCheck { ern method } }
    ... on AssignmentEvent { assignment { ern points } }
  }
} } }`;

interface Link {
  readonly ern: string;
}
interface Deep {
  readonly viewer: {
    readonly calendar: ShownCalendar & {
      readonly events: readonly {
        ern: string;
        lecture?: Link | null;
        attendanceCheck?: Link | null;
        assignment?: Link | null;
      }[];
    };
  };
}

const clock = manualClock();
let graph: MockGraph;
beforeEach(async () => {
  graph = await startGraph({
    sources: 'mock',
    clock,
    sourceDeadlineMs: 1_000,
    rows: {
      enrollments: { 'student-1': [1, 2], 'student-2': [1, 2] },
      items: [1, 2].flatMap((course) => [
        lecture({ course, at: '2026-03-10T09:00+09:00' }),
        check({ course, at: '2026-03-10T09:00+09:00' }),
        assignment({ course, at: '2026-03-11T00:00+09:00' }),
      ]),
    },
  });
});
afterEach(() => graph.close());

const mine = async () => graph.query<Mine>('student-1', MINE, MARCH);
const statuses = ({ sources }: ShownCalendar) =>
  Object.fromEntries(sources.map(({ kind, status, reason }) => [kind, [status, reason]]));
const others = (kind: EventKind) => KINDS.filter((one) => one !== kind);
/** Past fresh and stale-while-revalidate, well within stale-if-error. */
const expire = () => clock.advance(10 * 60_000);

describe.each(SERVICES)('the $name service is down', ({ name, kind }) => {
  test('without cached copies this source is UNAVAILABLE and the other two are complete', async () => {
    await graph.sources[name].fault({ refuse: true });
    const { status, body } = await mine();
    expect([status, body.errors]).toEqual([200, undefined]);
    const { calendar } = body.data.viewer;
    expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH, others(kind)));
    expect(calendar.completeness).toBe('PARTIAL');
    expect(statuses(calendar)).toEqual({
      ...Object.fromEntries(others(kind).map((one) => [one, ['FRESH', null]])),
      [kind]: ['UNAVAILABLE', 'UNREACHABLE'],
    });
    expect(calendar.sources.find((source) => source.kind === kind)).toMatchObject({ fetchedAt: null, count: 0 });
  });

  test('with cached copies its events are STALE, with their load time', async () => {
    const readAt = (await mine()).body.data.viewer.calendar.now;
    await expire();
    await graph.sources[name].fault({ refuse: true });
    const { calendar } = (await mine()).body.data.viewer;
    expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
    expect(calendar.completeness).toBe('STALE');
    expect(statuses(calendar)).toEqual({
      ...Object.fromEntries(others(kind).map((one) => [one, ['FRESH', null]])),
      [kind]: ['STALE', 'UNREACHABLE'],
    });
    expect(calendar.sources.find((source) => source.kind === kind)?.fetchedAt).toBe(readAt);
  });

  test('with links selected and no copies only its own events are missing', async () => {
    await graph.sources[name].fault({ refuse: true });
    const { status, body } = await graph.query<Deep>('student-1', DEEP, MARCH);
    expect(status).toBe(200);
    const { calendar } = body.data.viewer;
    expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH, others(kind)));
    for (const event of calendar.events) expect(linkOf(event)).toEqual({ ern: event.ern });
  });

  test('with links selected and cached copies its events are shown with null links, each with an error', async () => {
    await mine();
    await graph.sources[name].fault({ refuse: true });
    const { status, body } = await graph.query<Deep>('student-1', DEEP, MARCH);
    expect(status).toBe(200);
    const { calendar } = body.data.viewer;
    expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
    for (const event of calendar.events) expect(linkOf(event)).toEqual(event.kind === kind ? null : { ern: event.ern });
    expect(body.errors?.map((error) => error.extensions.code)).toEqual(['UNAVAILABLE']);
    expect(body.errors?.[0]?.message).toBe(`The ${name} service did not answer.`);
  });
});

/** Of whichever kind the event is; only the name, the rest is the service's. */
function linkOf(event: Deep['viewer']['calendar']['events'][number]): Link | null {
  const link = event.lecture ?? event.attendanceCheck ?? event.assignment ?? null;
  return link && { ern: link.ern };
}

test('with all three services down and no copies the calendar is empty and UNAVAILABLE', async () => {
  await Promise.all(SERVICES.map(({ name }) => graph.sources[name].fault({ refuse: true })));
  const { status, body } = await mine();
  expect(status).toBe(200);
  expect(body.data.viewer.id).toBe('student-1');
  expect(body.data.viewer.calendar).toMatchObject({ events: [], completeness: 'UNAVAILABLE' });
  expect(statuses(body.data.viewer.calendar)).toEqual(
    Object.fromEntries(KINDS.map((kind) => [kind, ['UNAVAILABLE', 'UNREACHABLE']])),
  );
});

test('with all three services down and cached copies the whole calendar is STALE', async () => {
  await mine();
  await expire();
  await Promise.all(SERVICES.map(({ name }) => graph.sources[name].fault({ refuse: true })));
  const { calendar } = (await mine()).body.data.viewer;
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
  expect(calendar.completeness).toBe('STALE');
});

test('partly cached events are shown, and the source is UNAVAILABLE because the rest is missing', async () => {
  // student-1 warms courses 1 and 2; student-2 also attends 3, which nobody has read.
  await mine();
  graph.rows.enrollments['student-2'] = [1, 2, 3];
  graph.rows.items.push(lecture({ course: 3, at: '2026-03-12T09:00+09:00' }));
  await graph.query('student-2', MINE, { from: '2025-01-01T00:00:00Z', to: '2025-01-02T00:00:00Z' });
  await graph.sources.lecture.fault({ refuse: true });
  const { body } = await graph.query<Mine>('student-2', MINE, MARCH);
  const { calendar } = body.data.viewer;
  expect(calendar.completeness).toBe('PARTIAL');
  expect(statuses(calendar)).toMatchObject({ LECTURE: ['UNAVAILABLE', 'UNREACHABLE'] });
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
});

const FAULTS: readonly [string, Fault, string][] = [
  ['hangs before the first header', { hang: 'headers' }, 'TIMEOUT'],
  ['hangs in the middle of the body', { hang: 'body' }, 'TIMEOUT'],
  ['resets the connection', { reset: true }, 'UNREACHABLE'],
  ['answers 503', { status: 503 }, 'OVERLOADED'],
  [
    'answers 502 with a page',
    { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' },
    'BAD_RESPONSE',
  ],
  ['answers 403', { status: 403 }, 'FORBIDDEN'],
];

test.each(FAULTS)(
  'a service that %s is UNAVAILABLE with that reason, and the others are complete',
  async (_, fault, reason) => {
    await graph.sources.attendance.fault(fault);
    const { status, body } = await mine();
    expect([status, body.errors]).toEqual([200, undefined]);
    const { calendar } = body.data.viewer;
    expect(statuses(calendar)).toMatchObject({ ATTENDANCE: ['UNAVAILABLE', reason] });
    expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH, others('ATTENDANCE')));
  },
);

test('a connection that is reset once is retried without an effect on the answer', async () => {
  await graph.sources.attendance.fault({ reset: true, times: 1 });
  const { calendar } = (await mine()).body.data.viewer;
  expect(calendar.completeness).toBe('COMPLETE');
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
  expect(graph.calls.attendance).toHaveLength(3);
});

test('when the service is back the calendar is complete again', async () => {
  await graph.sources.attendance.fault({ refuse: true });
  expect((await mine()).body.data.viewer.calendar.completeness).toBe('PARTIAL');
  await graph.sources.attendance.heal();
  await clock.advance(4_000);
  const { calendar } = (await mine()).body.data.viewer;
  expect(calendar.completeness).toBe('COMPLETE');
  expect(drawn(calendar.events)).toEqual(expected(graph.rows, 'student-1', MARCH));
});
