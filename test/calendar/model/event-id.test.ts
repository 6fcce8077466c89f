// Event ids are parsed to their parts for every user id, and anything else is no id.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_KINDS } from '../../../src/calendar/model/event.ts';
import { eventId, parseEventId } from '../../../src/calendar/model/event-id.ts';

const ERN = 'ern:lms:course/42/lecture/1';
const ref = fc.record({
  kind: fc.constantFrom(...EVENT_KINDS),
  userId: fc.string({
    minLength: 1,
    unit: fc.oneof(fc.constant('!'), fc.string({ minLength: 1, maxLength: 1, unit: 'binary' })),
  }),
  ern: fc.constantFrom(ERN, 'ern:lms:user/7/lecture/1', 'ern:lms:course/42'),
});

describe("an event's id", () => {
  test('gives back its parts, for every user id', () => {
    fc.assert(fc.property(ref, (made) => expect(parseEventId(eventId(made))).toEqual(made)));
  });

  test('is unique per kind, user and resource', () => {
    fc.assert(
      fc.property(ref, ref, (one, other) => {
        const same = one.kind === other.kind && one.userId === other.userId && one.ern === other.ern;
        expect(eventId(one) === eventId(other)).toBe(same);
      }),
    );
  });

  test.each([
    '',
    '!',
    '!!',
    '!!!',
    'LECTURE',
    'LECTUREx',
    `LECTURE!${ERN}`,
    `LECTURE!!${ERN}`,
    `lecture!7!${ERN}`,
    `EXAM!7!${ERN}`,
    `!7!${ERN}`,
    'LECTURE!7!',
    'LECTURE!7!42',
    `LECTURE!7!${ERN}!`,
    `__proto__!7!${ERN}`,
  ])('is never %j', (text) => expect(parseEventId(text)).toBeNull());
});
