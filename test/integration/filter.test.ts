// Promise: a filter only removes events; an absent field does not restrict, all given fields must
// match, and the status of a source counts what is shown.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MARCH, MINE, type Mine, type ShownCalendar } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, courseErn, lecture, own } from '../harness/rows.ts';

// The calendar's now is 2 March, 09:00 in Seoul.
const algebra = lecture({ course: 1, at: '2026-03-10T09:00+09:00', title: '선형대수 1강' });
const drawing = lecture({ course: 2, at: '2026-03-10T13:00+09:00', title: 'Drawing: the Übung' });
const present = check({ course: 1, at: '2026-03-01T09:00+09:00' });
const missed = check({ course: 1, at: '2026-03-01T13:00+09:00' });
const ahead = check({ course: 2, at: '2026-03-20T13:00+09:00' });
const open = assignment({ course: 1, at: '2026-03-01T10:00+09:00' });
const late = assignment({ course: 2, at: '2026-03-01T11:00+09:00' });
const excused = assignment({ course: 2, at: '2026-03-01T12:00+09:00' });
const ALL = [algebra, drawing, present, missed, ahead, open, late, excused];

let graph: MockGraph;
beforeAll(async () => {
  graph = await startGraph({
    sources: 'mock',
    rows: {
      enrollments: { 'student-1': [1, 2] },
      items: [
        ...ALL,
        own('student-1', present, { outcome: 'PRESENT' }),
        own('student-1', late, { submission: 'LATE' }),
        own('student-1', excused, { submission: 'EXCUSED' }),
      ],
    },
  });
});
afterAll(() => graph.close());

async function read(filter: object | null): Promise<ShownCalendar> {
  const { body } = await graph.query<Mine>('student-1', MINE, { ...MARCH, filter });
  expect(body.errors).toBeUndefined();
  return body.data.viewer.calendar;
}

test.each<[string, object | null, readonly { ern: string }[]]>([
  ['no filter', null, ALL],
  ['an empty filter', {}, ALL],
  ['one kind', { kinds: ['ATTENDANCE'] }, [present, missed, ahead]],
  [
    'two kinds, one of them twice',
    { kinds: ['LECTURE', 'ASSIGNMENT', 'LECTURE'] },
    [algebra, drawing, open, late, excused],
  ],
  ['one course', { courses: [courseErn(2)] }, [drawing, ahead, late, excused]],
  ['a course nobody knows', { courses: [courseErn(404)] }, []],
  ['no course', { courses: [] }, []],
  ['what is to be done', { completion: ['PENDING'] }, [ahead, open]],
  ['what was done', { completion: ['COMPLETED', 'LATE'] }, [present, late]],
  ['what was missed or excused', { completion: ['MISSED', 'EXCUSED'] }, [missed, excused]],
  ['what asks nothing', { completion: ['NOT_REQUIRED'] }, [algebra, drawing]],
  ['a part of a title in another case', { search: 'dRAWING' }, [drawing]],
  ['a letter beyond ASCII in another case', { search: 'übung' }, [drawing]],
  ['Hangul, composed', { search: '대수'.normalize('NFC') }, [algebra]],
  ['Hangul, decomposed', { search: '대수'.normalize('NFD') }, [algebra]],
  ['an empty search', { search: '' }, ALL],
  ['a search of spaces', { search: '  ' }, ALL],
  ['spaces around a part of a title', { search: ' drawing ' }, [drawing]],
  ['wide letters', { search: 'ｄｒａｗｉｎｇ' }, [drawing]],
  ['signs that mean something to others', { search: '.*%' }, []],
  [
    'everything at once',
    { kinds: ['ASSIGNMENT'], courses: [courseErn(2)], completion: ['LATE'], search: 'course 2' },
    [late],
  ],
])('%s', async (_, filter, rows) => {
  const { events, sources, completeness } = await read(filter);
  expect(events.map((event) => event.ern).sort()).toEqual(rows.map((row) => row.ern).sort());
  expect(completeness).toBe('COMPLETE');
  for (const { kind, count } of sources) expect(count).toBe(events.filter((event) => event.kind === kind).length);
});

test('sources lists one source for each requested kind, in the schema’s order', async () => {
  const { sources } = await read({ kinds: ['ASSIGNMENT', 'LECTURE'] });
  expect(sources.map((source) => source.kind)).toEqual(['LECTURE', 'ASSIGNMENT']);
});

test('two filters under two aliases are independent', async () => {
  const part = (kind: string) =>
    `calendar(from: "${MARCH.from}", to: "${MARCH.to}", filter: { kinds: [${kind}] }) { events { ern } }`;
  const document = `{ viewer { a: ${part('LECTURE')} b: ${part('ASSIGNMENT')} } }`;
  const { body } = await graph.query<{ viewer: Record<'a' | 'b', ShownCalendar> }>('student-1', document);
  expect(body.data.viewer.a.events.map((event) => event.ern)).toEqual([algebra.ern, drawing.ern]);
  expect(body.data.viewer.b.events.map((event) => event.ern)).toEqual([open.ern, late.ern, excused.ern]);
});
