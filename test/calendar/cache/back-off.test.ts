// The back-off after failures: its length, growth and end, and that it is bounded.
import { describe, expect, test } from '@jest/globals';
import { BackOffTable } from '../../../src/calendar/cache/back-off.ts';

/** Milliseconds that `key` is left alone after a failure at 0. */
function waitOf(table: BackOffTable): number {
  return table.at('key', 0)?.until ?? 0;
}

describe('back-off', () => {
  test('doubles from 1 s and is capped at 4 s', () => {
    const table = new BackOffTable(() => 0);
    let now = 0;
    const waits = [1, 2, 3, 4, 5].map(() => {
      table.failed('key', 'UNREACHABLE', now);
      const wait = (table.at('key', now)?.until ?? now) - now;
      now += wait;
      return wait;
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 4_000, 4_000]);
  });

  test('is shortened at random by at most a quarter', () => {
    const table = new BackOffTable(() => 0.999_999);
    table.failed('key', 'UNREACHABLE', 0);
    expect(waitOf(table)).toBeCloseTo(750, 0);
  });

  test('applies before its end, not at it', () => {
    const table = new BackOffTable(() => 0);
    table.failed('key', 'TIMEOUT', 0);
    expect(table.at('key', 999)).toMatchObject({ reason: 'TIMEOUT', failures: 1 });
    expect(table.at('key', 1_000)).toBeUndefined();
  });

  test('lasts as long as the source’s Retry-After, and never shorter than our own pause', () => {
    const long = new BackOffTable(() => 0.5);
    long.failed('key', 'OVERLOADED', 0, 5_000);
    expect(waitOf(long)).toBe(5_000);
    const short = new BackOffTable(() => 0);
    short.failed('key', 'OVERLOADED', 0, 10);
    expect(waitOf(short)).toBe(1_000);
  });

  test('is not shortened by a further failure: a Retry-After of 5 s lasts 5 s', () => {
    const table = new BackOffTable(() => 0);
    table.failed('key', 'OVERLOADED', 0, 5_000);
    table.failed('key', 'TIMEOUT', 100);
    expect(waitOf(table)).toBe(5_000);
  });

  test('counts concurrent failures as one', () => {
    const table = new BackOffTable(() => 0);
    table.failed('key', 'UNREACHABLE', 0);
    table.failed('key', 'UNREACHABLE', 0);
    expect(waitOf(table)).toBe(1_000);
  });

  test('ends with a success, which also resets the count of failures', () => {
    const table = new BackOffTable(() => 0);
    table.failed('key', 'UNREACHABLE', 0);
    table.succeeded('key');
    expect(table.at('key', 0)).toBeUndefined();
    table.failed('key', 'UNREACHABLE', 0);
    expect(waitOf(table)).toBe(1_000);
  });

  test('of one key does not affect other keys', () => {
    const table = new BackOffTable(() => 0);
    table.failed('key', 'UNREACHABLE', 0);
    expect(table.at('other', 0)).toBeUndefined();
  });

  test('holds at most 10,000 keys, those that failed last', () => {
    const table = new BackOffTable(() => 0);
    for (let i = 0; i < 25_000; i += 1) table.failed(`key ${i}`, 'UNREACHABLE', 0);
    expect(table.size).toBe(10_000);
    expect(table.at('key 24999', 0)).toBeDefined();
    expect(table.at('key 0', 0)).toBeUndefined();
  });

  test('a key that keeps failing is dropped after keys that failed once', () => {
    const table = new BackOffTable(() => 0);
    for (let i = 0; i < 10_000; i += 1) table.failed(`key ${i}`, 'UNREACHABLE', 0);
    table.failed('key 0', 'UNREACHABLE', 0);
    table.failed('one more', 'UNREACHABLE', 0);
    expect(table.at('key 0', 0)).toBeDefined();
    expect(table.at('key 1', 0)).toBeUndefined();
  });
});
