// Promise: what is kept of distinct operations is bounded, however many there are.
import { expect, test } from '@jest/globals';
import { operationStore } from '../src/operation-store.ts';

const document = (n: number) => ({ kind: 'Document', text: 'x'.repeat(80), n });

test('the operations that were used last are kept, as many as the size allows', async () => {
  const store = operationStore<object>(1_000);
  for (let n = 0; n < 100; n += 1) {
    await store.set(`operation ${n}`, document(n));
    await store.get('operation 0');
  }
  const kept: number[] = [];
  for (let n = 0; n < 100; n += 1) if ((await store.get(`operation ${n}`)) !== undefined) kept.push(n);
  const characters = kept.reduce((sum, n) => sum + JSON.stringify(document(n)).length, 0);
  expect(characters).toBeLessThanOrEqual(1_000);
  expect(kept).toEqual([0, ...Array.from({ length: kept.length - 1 }, (_, n) => 101 - kept.length + n)]);
});

test('one that is larger than the whole store is not kept, and others stay', async () => {
  const store = operationStore<object>(300);
  await store.set('small', document(1));
  await store.set('large', { text: 'x'.repeat(400) });
  expect([await store.get('small'), await store.get('large')]).toEqual([document(1), undefined]);
});
