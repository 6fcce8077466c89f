// The calendar as iCalendar text: its properties, and that two independent parsers read back what
// was written.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import ical from 'node-ical';
import type { SubscriptionEvent } from '../../src/ics/calendar-text.ts';
import {
  essay,
  expectedOf,
  expectedOfNodeIcal,
  feedEvent,
  readByIcalJs,
  readByNodeIcal,
  textOf,
  title,
  values,
} from './examples.ts';

/** A term of six courses: lectures, checks and assignments, each under a title of its own. */
function term(titles: readonly string[]): SubscriptionEvent[] {
  const monday = Date.UTC(2026, 2, 2, 0);
  return titles.map((name, n) => {
    const [course, week] = [1 + (n % 6), Math.floor(n / 18)];
    const kind = (['lecture', 'check', 'assignment'] as const)[Math.floor(n / 6) % 3] ?? 'lecture';
    const start = monday + (week * 7 + (n % 5)) * 86_400_000 + (n % 8) * 3_600_000;
    const at = (offset: number) => new Date(start + offset).toISOString();
    return feedEvent({
      ern: `ern:lms:course/${course}/${kind}/${n}`,
      kind: ({ lecture: 'LECTURE', check: 'ATTENDANCE', assignment: 'ASSIGNMENT' } as const)[kind],
      title: name,
      course: { title: name },
      location: n % 2 === 0 ? name : null,
      startsAt: at(0),
      endsAt: at(kind === 'check' ? 600_000 : 5_400_000),
      timing: kind === 'assignment' ? 'DEADLINE' : 'INTERVAL',
    });
  });
}

describe('a whole term with hostile titles', () => {
  const whole = term(fc.sample(title, { numRuns: 300, seed: 42 }));
  const text = textOf(whole);

  test.each([
    ['ical.js', readByIcalJs, expectedOf],
    ['node-ical', readByNodeIcal, expectedOfNodeIcal],
  ])('reads back in %s: every UID, start, end, title and place', (_, read, expected) => {
    expect(read(text)).toEqual(whole.map(expected));
  });

  test('has no line over 75 octets, and none that ends in anything but CRLF', () => {
    expect(text.endsWith('\r\n')).toBe(true);
    const lines = text.split('\r\n');
    expect(lines.filter((one) => Buffer.byteLength(one) > 75)).toEqual([]);
    expect(lines.filter((one) => /[\r\n\p{Cc}]/u.test(one))).toEqual([]);
  });
});

test('no title can add a property or a component', () => {
  const skeleton = (text: string) =>
    text
      .replace(/\r\n /g, '')
      .split('\r\n')
      .map((one) => one.split(/[:;]/)[0]);
  const plain = skeleton(textOf([feedEvent({ location: 'x' }), essay()]));
  fc.assert(
    fc.property(title, (name) => {
      const hostile = feedEvent({
        title: name,
        location: name,
        course: { title: name },
        url: `https://x.test/${name}`,
      });
      const text = textOf([hostile, essay({ title: name })], { name });
      expect(skeleton(text)).toEqual(plain);
      const parsed = new ICAL.Component(ICAL.parse(text) as unknown[]);
      expect(parsed.getAllSubcomponents().map((one) => one.name)).toEqual(['vevent', 'vevent']);
      expect(readByIcalJs(text)[0]?.title).toBe(expectedOf(hostile).title);
      expect(readByNodeIcal(text)[0]?.title).toBe(expectedOfNodeIcal(hostile).title);
    }),
    { numRuns: 500 },
  );
});

describe('an event has', () => {
  const lecture = textOf([feedEvent({ location: '302호' })]);

  test.each([
    ['UID', 'ern:lms:course/42/lecture/1'],
    ['DTSTAMP', '20260301T000000Z'],
    ['LAST-MODIFIED', '20260301T000000Z'],
    ['SEQUENCE', String((Date.UTC(2026, 2, 1) - Date.UTC(2020, 0, 1)) / 1000)],
    ['DTSTART', '20260310T000000Z'],
    ['DTEND', '20260310T013000Z'],
    ['TRANSP', 'OPAQUE'],
    ['STATUS', 'CONFIRMED'],
    ['SUMMARY', '연결 리스트'],
    ['LOCATION', '302호'],
    ['CATEGORIES', '자료구조,Lecture'],
    ['DESCRIPTION', '자료구조\\nhttps://lms.test/?event=ern%3Alms%3Acourse%2F42%2Flecture%2F1'],
    ['URL', 'https://lms.test/?event=ern%3Alms%3Acourse%2F42%2Flecture%2F1'],
  ])('%s: %s', (name, value) => {
    expect(values(lecture, name)).toEqual([value]);
  });

  test('TRANSP:TRANSPARENT when it takes no time', () => {
    expect(values(textOf([essay()]), 'TRANSP')).toEqual(['TRANSPARENT']);
  });

  test('no DTEND when it has no length', () => {
    const moment = feedEvent({ endsAt: '2026-03-10T09:00:00+09:00' });
    expect(values(textOf([moment]), 'DTEND')).toEqual([]);
    expect(readByIcalJs(textOf([moment]))).toEqual([expectedOf(moment)]);
  });

  test('no DTEND when it is shorter than the second that iCalendar can write', () => {
    for (const endsAt of ['2026-03-10T09:00:00.400+09:00', '2026-03-10T09:00:00.999+09:00']) {
      expect(values(textOf([feedEvent({ endsAt })]), 'DTEND')).toEqual([]);
    }
    const longer = feedEvent({ startsAt: '2026-03-10T09:00:00.900+09:00', endsAt: '2026-03-10T09:00:01.100+09:00' });
    expect(values(textOf([longer]), 'DTEND')).toEqual(['20260310T000001Z']);
  });

  test.each([
    ['2026-03-10T00:00:00+09:00', '2026-03-11T00:00:00+09:00', ['20260310'], ['20260311']],
    ['2026-03-10T00:00:00+09:00', '2026-03-12T23:59:59+09:00', ['20260310'], ['20260313']],
    ['2026-12-31T00:00:00+09:00', '2026-12-31T18:00:00+09:00', ['20261231'], ['20270101']],
    ['2026-03-10T00:00:00+09:00', '2026-03-10T00:00:00+09:00', ['20260310'], []],
  ])('dates without times when it takes whole days: %s to %s', (startsAt, endsAt, from, to) => {
    const exam = feedEvent({ timing: 'ALL_DAY', startsAt, endsAt });
    const written = textOf([exam]);
    expect(values(written, 'DTSTART;VALUE=DATE')).toEqual(from);
    expect(values(written, 'DTEND;VALUE=DATE')).toEqual(to);
    const read = new ICAL.Component(ICAL.parse(written) as unknown[]).getFirstSubcomponent('vevent');
    expect(String(read?.getFirstPropertyValue('dtstart'))).toBe(startsAt.slice(0, 10));
  });

  test('a higher SEQUENCE after every change, within 31 bits until 2088', () => {
    const sequence = (updatedAt: string) => Number(values(textOf([feedEvent({ updatedAt })]), 'SEQUENCE')[0]);
    expect(sequence('2026-03-01T00:00:01Z')).toBe(sequence('2026-03-01T00:00:00Z') + 1);
    expect(sequence('2001-01-01T00:00:00Z')).toBe(0);
    expect(sequence('2088-01-01T00:00:00Z')).toBeLessThan(2 ** 31);
  });
});

describe('a deadline', () => {
  test('is an event of 15 minutes that ends when it is due', () => {
    const text = textOf([essay()]);
    expect([values(text, 'DTSTART'), values(text, 'DTEND')]).toEqual([['20260312T144400Z'], ['20260312T145900Z']]);
  });

  test('is a to-do if to-dos are asked for; lectures stay events', () => {
    const text = textOf([feedEvent(), essay()], { todos: true });
    expect(values(text, 'BEGIN')).toEqual(['VCALENDAR', 'VEVENT', 'VTODO']);
    expect([values(text, 'DUE'), values(text, 'STATUS')]).toEqual([
      ['20260312T145900Z'],
      ['CONFIRMED', 'NEEDS-ACTION'],
    ]);
    const todo = new ICAL.Component(ICAL.parse(text) as unknown[]).getFirstSubcomponent('vtodo');
    expect(String(todo?.getFirstPropertyValue('due'))).toBe('2026-03-12T14:59:00Z');
    expect(Object.values(ical.sync.parseICS(text)).map((one) => one?.type)).toContain('VTODO');
  });

  test.each([
    ['COMPLETED', 'COMPLETED'],
    ['LATE', 'COMPLETED'],
    ['EXCUSED', 'COMPLETED'],
    ['PENDING', 'NEEDS-ACTION'],
    ['MISSED', 'NEEDS-ACTION'],
  ])('%s is a to-do with STATUS:%s', (completion, status) => {
    const text = textOf([essay({ completion })], { todos: true });
    expect(values(text, 'STATUS')).toEqual([status]);
    expect(values(text, 'PERCENT-COMPLETE')).toEqual(status === 'COMPLETED' ? ['100'] : []);
    expect(values(text, 'COMPLETED')).toEqual(status === 'COMPLETED' ? ['20260301T000000Z'] : []);
  });

  test('is a to-do that starts before it is due, even if it opens at that instant', () => {
    const text = textOf([essay({ startsAt: '2026-03-12T23:59:00+09:00' })], { todos: true });
    expect([values(text, 'DTSTART'), values(text, 'DUE')]).toEqual([['20260312T145859Z'], ['20260312T145900Z']]);
  });
});

describe('the calendar', () => {
  test('has its name and refresh interval as old and new properties', () => {
    const text = textOf([], { name: '강의; 일정', refreshMinutes: 45 });
    expect([values(text, 'X-WR-CALNAME'), values(text, 'NAME')]).toEqual([['강의\\; 일정'], ['강의\\; 일정']]);
    expect(values(text, 'X-PUBLISHED-TTL')).toEqual(['PT45M']);
    expect(values(text, 'REFRESH-INTERVAL;VALUE=DURATION')).toEqual(['PT45M']);
    expect([values(text, 'VERSION'), values(text, 'CALSCALE')]).toEqual([['2.0'], ['GREGORIAN']]);
  });

  test('without events is a valid calendar with a placeholder far in the past', () => {
    expect(readByIcalJs(textOf([]))).toMatchObject([{ title: 'No events', start: Date.UTC(2000, 0, 1) }]);
    expect(textOf([])).toMatch(/^BEGIN:VCALENDAR\r\n.*END:VCALENDAR\r\n$/s);
  });

  test('of the same events is the same text for all offsets of their instants', () => {
    const inUtc = feedEvent({ startsAt: '2026-03-10T00:00:00Z', endsAt: '2026-03-10T01:30:00Z' });
    expect(textOf([inUtc])).toBe(textOf([feedEvent()]));
  });
});

describe('what was done is seen by clients without to-dos', () => {
  test.each([
    ['PENDING', '과제', 'Not handed in'],
    ['MISSED', '과제', 'Not handed in'],
    ['COMPLETED', '✓ 과제', 'Handed in'],
    ['LATE', '✓ 과제', 'Handed in late'],
    ['EXCUSED', '과제', 'Excused'],
  ])('%s: %s, %s', (completion, summary, state) => {
    const text = textOf([essay({ completion, title: '과제', lateLimit: '2026-03-14T23:59:00+09:00' })]);
    expect(values(text, 'SUMMARY')).toEqual([summary]);
    const lines = ['자료구조', state, 'Accepted late until 2026-03-14 23:59', feedEvent().url];
    expect(values(text, 'DESCRIPTION')).toEqual([lines.join('\\n')]);
  });

  test('a check mark can be left out, and a to-do has none', () => {
    const done = essay({ completion: 'COMPLETED', title: '과제' });
    expect(values(textOf([done], { check: false }), 'SUMMARY')).toEqual(['과제']);
    expect(values(textOf([done], { todos: true }), 'SUMMARY')).toEqual(['과제']);
  });

  test('in Korean', () => {
    const text = textOf([essay({ completion: 'LATE', lateLimit: '2026-03-14T23:59:00+09:00' })], { language: 'ko' });
    expect(values(text, 'CATEGORIES')).toEqual(['자료구조,과제']);
    expect(values(text, 'DESCRIPTION')[0]).toContain('지각 제출\\n지각 제출 마감 2026-03-14 23:59');
  });
});

describe('reminders', () => {
  const remind = [1440, 60];
  const check = feedEvent({ kind: 'ATTENDANCE', completion: 'PENDING', startsAt: '2026-03-11T09:00:00+09:00' });

  test('count from the end of deadlines and to-dos and from the start of others, with stable UIDs', () => {
    for (const todos of [false, true]) {
      const text = textOf([essay()], { remind, todos });
      expect(values(text, 'TRIGGER;RELATED=END')).toEqual(['-PT1440M', '-PT60M']);
      const uids = remind.map((minutes) => `ern:lms:course/42/assignment/1/alarm/${minutes}`);
      expect(values(text, 'UID').slice(1)).toEqual(uids);
      const parsed = new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents()[0];
      expect(parsed?.getAllSubcomponents('valarm')).toHaveLength(2);
    }
    expect(values(textOf([check], { remind: [10] }), 'TRIGGER')).toEqual(['-PT10M']);
  });

  test('are only for what is still to be done and in the future', () => {
    const none = [
      ...['COMPLETED', 'LATE', 'EXCUSED', 'MISSED', 'NOT_REQUIRED'].map((completion) => essay({ completion })),
      essay({ endsAt: '2026-03-09T23:59:00+09:00', lateLimit: '2026-03-14T23:59:00+09:00' }),
      feedEvent(),
    ];
    for (const one of none) expect(values(textOf([one], { remind }), 'ACTION')).toEqual([]);
    expect(values(textOf([essay(), check]), 'ACTION')).toEqual([]);
  });
});
