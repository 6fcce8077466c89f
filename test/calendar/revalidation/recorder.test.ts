// Promise: the recorder gives a validator only for what can be checked later, and no text in it can
// be taken for another one.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading } from '../../../src/calendar/model/status.ts';
import { digestOf } from '../../../src/calendar/revalidation/digest.ts';
import { Recorder } from '../../../src/calendar/revalidation/recorder.ts';
import { formatValidator, MAX_VALIDATOR_LENGTH, parseValidator } from '../../../src/calendar/revalidation/validator.ts';

const fresh = (value: object, fetchedAt = 1): Reading<object> => ({ state: 'FRESH', value, fetchedAt, reason: null });

describe('the recorder', () => {
  test('gives no validator for a value that was read twice with different content', () => {
    const recorder = new Recorder();
    recorder.read('slices', 'a', fresh({ title: 'old' }));
    expect(recorder.validator('realm')).not.toBeNull();
    recorder.read('slices', 'a', fresh({ title: 'new' }));
    expect(recorder.validator('realm')).toBeNull();
  });

  test('nor for parts that were computed on both sides of an instant at which they change', () => {
    const recorder = new Recorder();
    recorder.changesAt(10, 15);
    expect(recorder.validator('realm')).not.toBeNull();
    recorder.changesAt(20, 15);
    expect(recorder.validator('realm')).toBeNull();
  });

  test('nor for a cache or a value that it does not know', () => {
    const reads: readonly [cache: string, reading: Reading<unknown>][] = [
      ['other', fresh({})],
      ['slices', { state: 'FRESH', value: 1, fetchedAt: 1, reason: null }],
    ];
    for (const [cache, value] of reads) {
      const recorder = new Recorder();
      recorder.read(cache, 'a', value);
      expect(recorder.validator('realm')).toBeNull();
    }
  });
});

test('the digest sees the content of lists, sets and maps, and their order', () => {
  const values = [
    [1, 2],
    [2, 1],
    new Set([1, 2]),
    new Map([[1, 2]]),
    { taught: new Set([1]) },
    { taught: new Set([2]) },
  ];
  expect(new Set([...values.slice(0, 2), ...values.slice(3)].map((value) => digestOf(value))).size).toBe(5);
  expect(digestOf({ taught: new Set([1]) })).toBe(digestOf({ taught: new Set([1]) }));
});

test('a validator is parsed as it was written, whatever the users are called', () => {
  const read = fc.record({
    cache: fc.constantFrom('audiences' as const, 'slices' as const, 'relations' as const),
    id: fc.string({ unit: 'grapheme', maxLength: 40 }),
    digest: fc.constant(digestOf({})),
    fetchedAt: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(fc.array(read), fc.nat(), fc.option(fc.nat()), (reads, since, until) => {
      const validator = { realm: 'r', since, until: until ?? Number.POSITIVE_INFINITY, reads };
      const text = formatValidator(validator) ?? '';
      expect(text).toMatch(/^[\x21-\x7e]*$/);
      expect(parseValidator(text)).toEqual(validator);
    }),
  );
});

test('a validator that is too long for a header is not sent', () => {
  const one = { cache: 'slices' as const, id: 'x'.repeat(MAX_VALIDATOR_LENGTH), digest: digestOf({}), fetchedAt: null };
  expect(formatValidator({ realm: 'r', since: 0, until: 1, reads: [one] })).toBeNull();
});
