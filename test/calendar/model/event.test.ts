// The half-open window, down to the millisecond.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overlaps } from '../../../src/calendar/model/event.ts';

describe('an event overlaps the window [10, 20)', () => {
  test.each([
    [5, 10, false, 'not when it ends as the window begins'],
    [5, 11, true, 'when it ends just after that'],
    [10, 10, true, 'without length, at the first instant'],
    [19, 19, true, 'without length, at the last'],
    [20, 20, false, 'not without length, where the window ends'],
    [9, 9, false, 'not without length, before it'],
    [20, 30, false, 'not when it starts as the window ends'],
    [19, 30, true, 'when it starts just before that'],
    [0, 100, true, 'when it is all around it'],
    [12, 13, true, 'when it is inside'],
  ])('%i to %i: %s (%s)', (startsAt, endsAt, meets) => expect(overlaps(startsAt, endsAt, 10, 20)).toBe(meets));

  test('exactly when they share an instant, an event without length being one', () => {
    const small = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(small, small, small, fc.integer({ min: 1, max: 12 }), (start, length, from, width) => {
        const instants = Array.from({ length: Math.max(1, length) }, (_, index) => start + index);
        const shared = instants.some((instant) => instant >= from && instant < from + width);
        expect(overlaps(start, start + length, from, from + width)).toBe(shared);
      }),
    );
  });

  test('adjacent windows show each event in exactly those that it crosses, and in at least one', () => {
    const small = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 29 }), (start, length, cut) => {
        const whole = overlaps(start, start + length, 0, 100);
        const [left, right] = [overlaps(start, start + length, 0, cut), overlaps(start, start + length, cut, 100)];
        expect(left || right).toBe(whole);
        if (length === 0) expect(left && right).toBe(false);
      }),
    );
  });
});
