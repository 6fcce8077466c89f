// When everything may have changed for every page, the pages do not all ask at once.
import { expect, test } from '@jest/globals';
import { delayOf } from '../../src/web/page/live.ts';

const EVERYTHING = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'];

test('a page asks at once what changed, and within five seconds when everything may have changed', () => {
  expect(delayOf({ kinds: EVERYTHING, months: ['2026-11'] }, 0.9)).toBe(0);
  expect(delayOf({ kinds: ['LECTURE'], months: null }, 0.9)).toBe(0);
  expect(delayOf({ kinds: EVERYTHING, months: null }, 0)).toBe(0);
  expect(delayOf({ kinds: EVERYTHING, months: null }, 0.5)).toBe(2_500);
});
