// The sample courses have distinguishable names and readable colours.
import { expect, test } from '@jest/globals';
import { COURSES } from '../../../src/services/sample-data/courses.ts';

test('forty courses have forty titles in each language and forty colours', () => {
  for (const name of ['ko', 'en', 'color'] as const) expect(new Set(COURSES.map((one) => one[name])).size).toBe(40);
});

test('white text on every colour has a contrast of at least 4.5:1', () => {
  for (const { color } of COURSES) expect([color, 1.05 / (luminance(color) + 0.05) >= 4.5]).toEqual([color, true]);
});

test('no two colours are similar', () => {
  const colors = COURSES.map(({ color }) => channels(color));
  const distances = colors.flatMap((a, i) =>
    colors.slice(0, i).map((b) => Math.hypot(...a.map((value, n) => value - (b[n] ?? 0)))),
  );
  expect(Math.min(...distances)).toBeGreaterThan(20);
});

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
