// Which events are in an agenda, their order, and cursors.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Agenda,
  agendaAfter,
  compareCursors,
  cursorAt,
  formatCursor,
  isInAgenda,
  parseCursor,
} from '../../../src/calendar/read/agenda.ts';
import { events, numbered } from '../arbitrary.ts';

const AGENDAS = ['UPCOMING', 'OVERDUE'] as const;
const NOW = 50;

test.each([
  ['a lecture ahead', 'UPCOMING', numbered('LECTURE', 1, { startsAt: 60, endsAt: 70 })],
  ['a lecture going on', 'UPCOMING', numbered('LECTURE', 1, { startsAt: 40, endsAt: 51 })],
  ['a lecture that is over', null, numbered('LECTURE', 1, { startsAt: 40, endsAt: 50 })],
  ['a check ahead', 'UPCOMING', numbered('ATTENDANCE', 1, { startsAt: 60, endsAt: 70 })],
  ['a check that was met', null, numbered('ATTENDANCE', 1, { startsAt: 40, endsAt: 45, done: 'DONE' })],
  ['a check that was met and goes on', null, numbered('ATTENDANCE', 1, { startsAt: 40, endsAt: 55, done: 'LATE' })],
  ['a check that was missed', 'OVERDUE', numbered('ATTENDANCE', 1, { startsAt: 40, endsAt: 45 })],
  ['an absence', 'OVERDUE', numbered('ATTENDANCE', 1, { startsAt: 40, endsAt: 45, done: 'ABSENT' })],
  ['an excused absence', null, numbered('ATTENDANCE', 1, { startsAt: 40, endsAt: 45, done: 'EXCUSED' })],
  ['work to be done', 'UPCOMING', numbered('ASSIGNMENT', 1, { startsAt: 0, endsAt: 60 })],
  ['work that was done early', null, numbered('ASSIGNMENT', 1, { startsAt: 0, endsAt: 60, done: 'DONE' })],
  ['work past due', 'OVERDUE', numbered('ASSIGNMENT', 1, { startsAt: 0, endsAt: 50 })],
  [
    'work past due that is still taken',
    'OVERDUE',
    numbered('ASSIGNMENT', 1, { startsAt: 0, endsAt: 40, lateLimit: 90 }),
  ],
  ['work that was done late', null, numbered('ASSIGNMENT', 1, { startsAt: 0, endsAt: 40, done: 'LATE' })],
] as const)('%s stands in %s', (_, agenda, one) => {
  expect(AGENDAS.filter((each) => isInAgenda(each, one, NOW))).toEqual(agenda === null ? [] : [agenda]);
});

test('no event is both upcoming and overdue', () => {
  fc.assert(
    fc.property(events(0, 100, 1, 20), (all) => {
      for (const one of all) expect(AGENDAS.filter((each) => isInAgenda(each, one, NOW)).length).toBeLessThan(2);
    }),
  );
});

describe('the order', () => {
  const lecture = numbered('LECTURE', 1, { startsAt: 60, endsAt: 90 });
  const essay = numbered('ASSIGNMENT', 2, { startsAt: 0, endsAt: 70 });

  test('of upcoming events is by the start of a lecture and the due date of an assignment', () => {
    expect(agendaAfter('UPCOMING', [essay, lecture], null, NOW)).toEqual([lecture, essay]);
    expect(cursorAt('UPCOMING', essay).moment).toBe(70);
  });

  test('of overdue events is by their end, latest first', () => {
    const check = numbered('ATTENDANCE', 3, { startsAt: 71, endsAt: 80 });
    expect(agendaAfter('OVERDUE', [essay, check], null, 100)).toEqual([check, essay]);
  });

  test.each(AGENDAS)('of %s is total: two positions are equal only if they are the same', (agenda: Agenda) => {
    fc.assert(
      fc.property(events(0, 20, 1, 20), (all) => {
        const places = all.map((one) => cursorAt(agenda, one)).sort((a, b) => compareCursors(agenda, a, b));
        places.forEach((cursor, i) => {
          const next = places[i + 1];
          if (next !== undefined) expect(compareCursors(agenda, cursor, next)).toBeLessThan(0);
        });
      }),
    );
  });
});

describe('a cursor', () => {
  test('is parsed to the position it was made from, by its own agenda only', () => {
    fc.assert(
      fc.property(
        fc.nat(8_000_000_000_000),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        (moment, id) => {
          expect(parseCursor('UPCOMING', formatCursor('UPCOMING', { moment, id }))).toEqual({ moment, id });
          expect(parseCursor('OVERDUE', formatCursor('UPCOMING', { moment, id }))).toBeNull();
        },
      ),
    );
  });

  test.each(['', 'x', 'MTIz', Buffer.from('-5 x').toString('base64url'), Buffer.from('NaN x').toString('base64url')])(
    'cannot be %j',
    (text) => {
      expect(parseCursor('UPCOMING', text)).toBeNull();
    },
  );

  test('never causes an error, for random texts', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseCursor('UPCOMING', text)));
  });
});
