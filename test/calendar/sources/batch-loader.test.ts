// Queries made at the same time are one batch; each gets its own result or error; nothing is
// cached.
import { describe, expect, test } from '@jest/globals';
import { type BatchOptions, createBatchLoader } from '../../../src/calendar/sources/batch-loader.ts';

/** A loader that doubles numbers and fails odd ones, with the batches it sent. */
function doubling(options: BatchOptions = { maxBatch: 100, batchWindowMs: 0, busyGatherMs: 0 }) {
  const batches: (readonly number[])[] = [];
  const load = createBatchLoader<number, number>(async (keys) => {
    batches.push(keys);
    return keys.map((key) => (key % 2 === 0 ? key * 2 : new Error(`${key} is odd`)));
  }, options);
  return { load, batches };
}

/** What a loader fetches from, which holds the first batch back until `land` is called. */
function heldFirst() {
  const sent: (readonly number[])[] = [];
  let land = () => {};
  const landing = new Promise<void>((resolve) => {
    land = resolve;
  });
  const fetch = async (keys: readonly number[]) => {
    sent.push(keys);
    if (sent.length === 1) await landing;
    return keys;
  };
  return { sent, land: () => land(), fetch };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a batch', () => {
  test('contains all queries made at the same time, by any request', async () => {
    const { load, batches } = doubling({ maxBatch: 100, batchWindowMs: 50, busyGatherMs: 50 });
    const first = load(2);
    await nextTurn();
    expect(await Promise.all([first, load(4), load(6)])).toEqual([4, 8, 12]);
    expect(batches).toEqual([[2, 4, 6]]);
  });

  test('names the requests that share it', async () => {
    const shared: (readonly string[])[] = [];
    const fetch = async (keys: readonly number[], requestIds: readonly string[]) => {
      shared.push(requestIds);
      return keys;
    };
    const load = createBatchLoader<number, number>(fetch, { maxBatch: 9, batchWindowMs: 0, busyGatherMs: 0 });
    await Promise.all([load(1, 'request-a'), load(2, 'request-a'), load(3, 'request-b'), load(4)]);
    expect(shared).toEqual([['request-a', 'request-b']]);
  });

  test('has at most the maximum number of keys; the rest are in the next batch', async () => {
    const { load, batches } = doubling({ maxBatch: 2, batchWindowMs: 0, busyGatherMs: 0 });
    expect(await Promise.all([2, 4, 6, 8, 10].map((key) => load(key)))).toEqual([4, 8, 12, 16, 20]);
    expect(batches).toEqual([[2, 4], [6, 8], [10]]);
  });

  test('waits longer while another batch is in flight', async () => {
    const { sent, land, fetch } = heldFirst();
    const load = createBatchLoader<number, number>(fetch, { maxBatch: 100, batchWindowMs: 0, busyGatherMs: 200 });
    const first = load(1);
    while (sent.length === 0) await nextTurn();
    const rush = [load(2)];
    for (const key of [3, 4, 5]) {
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      rush.push(load(key));
    }
    await Promise.all(rush);
    land();
    await first;
    expect(sent).toEqual([[1], [2, 3, 4, 5]]);
  });

  test('gathers on in a process without time to spare while another batch is in flight', async () => {
    const { sent, land, fetch } = heldFirst();
    let [looks, utilization] = [0, 1];
    const load = createBatchLoader<number, number>(fetch, {
      ...{ maxBatch: 100, batchWindowMs: 0, busyGatherMs: 1, maxGatherMs: 60_000 },
      measureLoad: () => () => {
        looks += 1;
        return utilization;
      },
    });
    const first = load(1);
    while (sent.length === 0) await nextTurn();
    const rush = [load(2)];
    while (looks < 5) await nextTurn();
    rush.push(load(3));
    utilization = 0.5;
    await Promise.all(rush);
    expect(sent).toEqual([[1], [2, 3]]);
    land();
    await first;
  });

  test.each([
    ['four requests, gathers on', 4, [[8, 9]]],
    ['three requests, is sent at once', 3, [[8], [9]]],
  ])('in a process without time to spare, after one that was shared by %s', async (_, requests, expected) => {
    let [looks, utilization] = [0, 0];
    const { sent, land, fetch } = heldFirst();
    land();
    const load = createBatchLoader<number, number>(fetch, {
      ...{ maxBatch: 100, batchWindowMs: 0, busyGatherMs: 1, maxGatherMs: 60_000 },
      measureLoad: () => () => {
        looks += 1;
        return utilization;
      },
    });
    await Promise.all(Array.from({ length: requests }, (_, key) => load(key, `request-${key}`)));
    [looks, utilization] = [0, 1];
    const rush = [load(8)];
    while (looks < 5 && sent.length === 1) await nextTurn();
    utilization = 0.5;
    rush.push(load(9));
    await Promise.all(rush);
    expect(sent.slice(1)).toEqual(expected);
  });

  test('fails key by key', async () => {
    const { load } = doubling();
    const [good, bad] = await Promise.allSettled([load(2), load(3)]);
    expect(good).toEqual({ status: 'fulfilled', value: 4 });
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: '3 is odd' } });
  });

  test('that fails or has too few results fails each of its keys, and not the next batch', async () => {
    let answer: () => Promise<readonly number[]> = () => Promise.reject(new Error('down'));
    const load = createBatchLoader<number, number>(() => answer(), { maxBatch: 9, batchWindowMs: 0, busyGatherMs: 0 });
    const reasons = async () => (await Promise.allSettled([load(1), load(2)])).map((result) => result.status);
    expect(await reasons()).toEqual(['rejected', 'rejected']);
    answer = () => Promise.resolve([1]);
    expect(await reasons()).toEqual(['rejected', 'rejected']);
    answer = () => Promise.resolve([1, 2]);
    expect(await reasons()).toEqual(['fulfilled', 'fulfilled']);
  });
});

test('the batch loader caches nothing: the same key is sent again', async () => {
  const { load, batches } = doubling();
  await load(2);
  await load(2);
  expect(batches).toEqual([[2], [2]]);
});
