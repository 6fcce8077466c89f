// What a cache holds: full values within their bytes, and few empty ones beside them.
import { expect, test } from '@jest/globals';
import { Store } from '../../../src/calendar/cache/store.ts';

test('a key is held once, whether its value becomes empty or is empty no longer', () => {
  const store = new Store<{ n: number }>(100);
  store.set('a', { n: 1 }, 40, false);
  store.set('a', { n: 2 }, 5, true);
  expect([store.get('a'), store.peek('a'), store.size]).toEqual([{ n: 2 }, { n: 2 }, { entries: 1, bytes: 5 }]);
  store.set('a', { n: 3 }, 30, false);
  expect([store.get('a'), store.size]).toEqual([{ n: 3 }, { entries: 1, bytes: 30 }]);
});

test('the least recently used full value is evicted beyond the bytes, and the oldest empty one beyond a thousand', () => {
  const store = new Store<object>(100);
  for (const id of ['a', 'b']) store.set(id, {}, 50, false);
  store.get('a');
  store.set('c', {}, 50, false);
  expect(['a', 'b', 'c'].map((id) => store.peek(id) !== undefined)).toEqual([true, false, true]);
  for (let index = 0; index <= 1_000; index += 1) store.set(`empty-${index}`, {}, 1, true);
  expect(['empty-0', 'empty-1', 'a', 'c'].map((id) => store.peek(id) !== undefined)).toEqual([false, true, true, true]);
});
