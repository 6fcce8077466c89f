// Shared loads: which reader joins which load, and how many run. Loads end when the test says so.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { SingleFlight } from '../../../src/calendar/cache/single-flight.ts';
import { settled } from '../../harness/clock.ts';

/**
 * A table with its loads in the order they started: `land(n)` ends the n-th, whose result is `load
 * n`.
 */
function singleFlight() {
  const table = new SingleFlight<string>();
  const landings: (() => void)[] = [];
  let seq = 0;
  let most = 0;
  const start = () => {
    seq += 1;
    const number = landings.length + 1;
    const result = new Promise<string>((resolve) => landings.push(() => resolve(`load ${number}`)));
    queueMicrotask(() => {
      most = Math.max(most, table.running('key'));
    });
    return { seq, result };
  };
  return {
    table,
    /** Draws a number, as an invalidation does. */
    invalidate: () => {
      seq += 1;
      return seq;
    },
    join: (after: number) => table.join('key', after, start),
    land: (number: number) => landings[number - 1]?.(),
    started: () => landings.length,
    /** The most loads that ran at once. */
    most: () => most,
  };
}

describe('single flight', () => {
  test('a reader joins the running load', async () => {
    const { join, land, started } = singleFlight();
    const both = Promise.all([join(0), join(0)]);
    land(1);
    expect(await both).toEqual(['load 1', 'load 1']);
    expect(started()).toBe(1);
  });

  test('a reader that arrives after an invalidation does not join an earlier load', async () => {
    const { invalidate, join, land } = singleFlight();
    const early = join(0);
    const late = join(invalidate());
    land(1);
    land(2);
    expect(await early).toBe('load 1');
    expect(await late).toBe('load 2');
  });

  test('at most two loads run; all readers that need a later one share the load that starts when the first ends', async () => {
    const { invalidate, join, land, started, table } = singleFlight();
    void join(0);
    void join(invalidate());
    const third = join(invalidate());
    const fourth = join(invalidate());
    expect(started()).toBe(2);
    land(2);
    await settled();
    expect(started()).toBe(3);
    expect(table.running('key')).toBe(2);
    land(3);
    expect(await third).toBe('load 3');
    expect(await fourth).toBe('load 3');
  });

  test('a reader that arrives when a load ends does not start a third', async () => {
    const { invalidate, join, land, most } = singleFlight();
    void join(0).then(() => join(invalidate()));
    void join(invalidate());
    void join(invalidate());
    land(1);
    await settled();
    expect(most()).toBe(2);
  });

  test('the waiting load is joined, also when both earlier loads end together', async () => {
    const { invalidate, join, land, started, table } = singleFlight();
    void join(0);
    void join(invalidate());
    const third = join(invalidate());
    land(1);
    land(2);
    await settled();
    expect(table.running('key')).toBe(1);
    const fourth = join(0);
    land(3);
    expect(await Promise.all([third, fourth])).toEqual(['load 3', 'load 3']);
    expect(started()).toBe(3);
  });

  test('different keys share nothing and do not wait for each other', () => {
    const { table, join, invalidate } = singleFlight();
    void join(0);
    void join(invalidate());
    let started = false;
    void table.join('other', 0, () => {
      started = true;
      return { seq: 100, result: Promise.resolve('other') };
    });
    expect(started).toBe(true);
    expect(table.running('key')).toBe(2);
    expect(table.running()).toBe(3);
  });

  test('has() returns whether a load is running that is late enough', () => {
    const { table, join, invalidate } = singleFlight();
    void join(0);
    expect(table.has('key', 0)).toBe(true);
    expect(table.has('key', invalidate())).toBe(false);
    expect(table.has('other', 0)).toBe(false);
  });

  test('nothing is running after all loads have settled, in any order', async () => {
    const { table, join, invalidate, land } = singleFlight();
    void join(0);
    void join(invalidate());
    void join(invalidate());
    land(2);
    land(1);
    await settled();
    land(3);
    await settled();
    expect(table.running()).toBe(0);
  });

  test('a hundred thousand settled keys leave no entry behind', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const { table } = singleFlight();
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100_000; i += 1) {
      await table.join(`key ${i}`, 0, () => ({ seq: i + 1, result: Promise.resolve('settled') }));
    }
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000);
    expect(table.running()).toBe(0);
  });
});
