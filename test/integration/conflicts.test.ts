// Promise: overlapping events and clusters of deadlines are reported with all their events.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, lecture, moved, own } from '../harness/rows.ts';

const DOCUMENT = `query ($from: DateTime!, $to: DateTime!, $filter: EventFilter) {
  viewer { calendar(from: $from, to: $to, filter: $filter) { conflicts { kind startsAt endsAt events { ern } } } }
}`;
interface Conflict {
  readonly kind: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly events: readonly { readonly ern: string }[];
}

const algebra = lecture({ course: 1, at: '2026-03-10T09:00+09:00' });
const drawing = lecture({ course: 2, at: '2026-03-10T10:00+09:00' });
const next = lecture({ course: 1, at: '2026-03-10T11:30+09:00' });
const hidden = lecture({ course: 2, at: '2026-03-11T09:00+09:00' });
const beside = lecture({ course: 1, at: '2026-03-11T09:00+09:00' });
// Due on 20 March at 09:00, 18:00 and, after an extension, 21 March at 09:00; the fourth is done.
const due = (course: number, at: string) => assignment({ course, at });
const [first, second, third, fourth] = [
  due(1, '2026-03-13T09:00+09:00'),
  due(2, '2026-03-13T18:00+09:00'),
  due(1, '2026-03-16T09:00+09:00'),
  due(2, '2026-03-14T09:00+09:00'),
];

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1, 2], 'student-2': [1, 2] },
      items: [
        ...[algebra, drawing, next, hidden, beside, first, second, third, fourth],
        check({ course: 1, at: '2026-03-10T09:00+09:00', lasts: 90 }),
        own('student-1', hidden, { hidden: true }),
        moved('student-1', third, { endsAt: '2026-03-21T09:00+09:00' }),
        own('student-1', fourth, { submission: 'SUBMITTED' }),
      ],
    },
  });
});
afterAll(() => graph.close());

async function read(user: string, filter: object | null = null): Promise<readonly Conflict[]> {
  const { body } = await graph.query<{ viewer: { calendar: { conflicts: Conflict[] } } }>(user, DOCUMENT, {
    ...MARCH,
    filter,
  });
  expect(body.errors).toBeUndefined();
  return body.data.viewer.calendar.conflicts;
}
const erns = (...rows: readonly ({ ern: string } | undefined)[]) => rows.map((row) => ({ ern: row?.ern }));

test('overlapping lectures and deadlines within 24 hours are reported, by their start', async () => {
  expect(await read('student-1')).toEqual([
    {
      kind: 'OVERLAP',
      startsAt: '2026-03-10T10:00:00+09:00',
      endsAt: '2026-03-10T10:30:00+09:00',
      events: erns(algebra, drawing),
    },
    {
      kind: 'DEADLINE_CLUSTER',
      startsAt: '2026-03-20T09:00:00+09:00',
      endsAt: '2026-03-21T09:00:00+09:00',
      events: erns(first, second, third),
    },
  ]);
});

test('conflicts are those of the user: with hidden lectures and extensions considered', async () => {
  const kinds = (await read('student-2')).map(({ kind, startsAt }) => [kind, startsAt]);
  expect(kinds).toEqual([
    ['OVERLAP', '2026-03-10T10:00:00+09:00'],
    ['OVERLAP', '2026-03-11T09:00:00+09:00'],
    ['DEADLINE_CLUSTER', '2026-03-20T09:00:00+09:00'],
  ]);
});

test('only events that match the query are in conflicts', async () => {
  expect(await read('student-1', { courses: ['ern:lms:course/1'] })).toEqual([]);
});
