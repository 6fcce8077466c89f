// Promise: whatever is packed is what comes out again, and a student's own items take few bytes.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CompletionState, Course, Item } from '../../../src/calendar/model/event.ts';
import {
  isPacked,
  packAudiences,
  packSlice,
  unpackAudiences,
  unpackSlice,
} from '../../../src/calendar/model/packed.ts';
import { Packer, Unpacker } from '../../../src/calendar/model/packing.ts';
import { completeSlice } from '../../../src/calendar/model/slice.ts';
import { correction, slice } from '../examples.ts';

const text = fc.oneof(
  // Names that have their beginning in common, and everything that can be written.
  fc.tuple(fc.constantFrom('ern:lms:course/1/check/', 'a', ''), fc.nat(300)).map(([name, n]) => `${name}${n}`),
  fc.constantFrom('', '0', '007', 'x00', '1'.repeat(40), '가나다 3', '\ud800', '\u00ff9', 'line\n7', '\0'),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const instant = fc.oneof(
  fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) }),
  fc.integer({ min: 1_772_000_000_000, max: 1_772_000_100_000 }),
  fc.constantFrom(0, -1, -0, 0.5, 2 ** 50, 2 ** 53, -(2 ** 60), Number.NaN, Number.POSITIVE_INFINITY),
);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2 });
const course: fc.Arbitrary<Course> = fc.record({ ern: text, title: text, color: text });
const item: fc.Arbitrary<Item> = fc.record({
  ern: text,
  audience: text,
  title: orNull(text),
  course: orNull(course),
  startsAt: orNull(instant),
  endsAt: orNull(instant),
  location: orNull(text),
  updatedAt: instant,
  hidden: fc.boolean(),
  lateLimit: orNull(instant),
  lecture: orNull(text),
  done: fc.constantFrom<CompletionState | null>(null, 'NONE', 'DONE', 'LATE', 'ABSENT', 'EXCUSED', 'NOT_ASKED'),
  allDay: orNull(fc.boolean()),
  original: orNull(fc.record({ startsAt: instant, endsAt: instant })),
  overrideReason: orNull(text),
});
const anySlice = fc.record({
  items: fc.array(item, { maxLength: 12 }),
  dropped: fc.constantFrom(0, 0, 0, 2),
  truncated: fc.boolean(),
  droppedErns: fc.constant([]),
  revision: orNull(text),
});

describe('what is packed comes out again', () => {
  test('of any slice', () => {
    fc.assert(
      fc.property(anySlice, (given) => expect(unpackSlice(packSlice(given))).toEqual(given)),
      { numRuns: 1_000 },
    );
  });

  test('of any list of audiences', () => {
    const lists = fc.record({ all: fc.array(text), taught: fc.array(text) });
    fc.assert(fc.property(lists, (given) => expect(unpackAudiences(packAudiences(given))).toEqual(given)));
  });

  test('of counts up to the largest whole number, and of texts of any length', () => {
    const packer = new Packer();
    const counts = [0, 127, 128, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    for (const count of counts) packer.count(count);
    packer.text('가'.repeat(300_000));
    const from = new Unpacker(packer.packed);
    expect(counts.map(() => from.count())).toEqual(counts);
    expect(from.text()).toBe('가'.repeat(300_000));
  });
});

test('a slice from which something was dropped, and an empty list, are held as they are', () => {
  const cut = { ...slice(correction()), dropped: 1 };
  expect(packSlice(cut)).toBe(cut);
  const none = { all: [], taught: [] };
  expect(packAudiences(none)).toBe(none);
});

test('equal slices are packed alike, whatever was packed before', () => {
  fc.assert(
    fc.property(anySlice, (given) => {
      expect(packSlice(structuredClone(given))).toEqual(packSlice(given));
    }),
  );
});

test('a month of 60 outcomes takes at most 16 bytes for each', () => {
  const items = Array.from({ length: 60 }, (_, n) =>
    correction({
      ern: `ern:lms:course/${n % 6}/check/${2_000 + n}`,
      updatedAt: Date.UTC(2026, 2, 1) + n * 40_000_123,
      done: n % 20 === 0 ? 'LATE' : 'DONE',
    }),
  );
  const held = packSlice(completeSlice(items));
  expect(isPacked(held) && held.packed.length).toBeLessThan(60 * 16);
});
