// What the benchmarks say in words and show as pictures follows from their numbers alone.
import { expect, test } from '@jest/globals';
import { barChart } from './bar-chart.ts';
import { lineChart } from './line-chart.ts';
import { slopeInWords } from './slope.ts';

test('a slope is said with the cost of one more, or that it is not to be told from noise', () => {
  const grows = [10, 20, 40].map((x) => [x, 100 + 2 * x] as const);
  expect(slopeInWords(grows, 'CPU µs/answer', 'event')).toBe(
    'CPU µs/answer: 2 more for each event (120 with 10, 180 with 40).',
  );
  const noise = [10, 20, 40].map((x, index) => [x, 100 + index] as const);
  expect(slopeInWords(noise, 'CPU µs/answer', 'event')).toMatch(/^CPU µs\/answer: hardly another for each event more/);
});

test('a chart is the same text for the same points, with all of them inside, and a zero on a logarithmic axis', () => {
  const chart = {
    title: 'a < b & c',
    xLabel: 'x',
    yLabel: 'y',
    points: [
      [0, 1],
      [10, 2],
      [1_000, 100],
    ] as const,
  };
  const svg = lineChart(chart);
  expect(lineChart(chart)).toBe(svg);
  expect(svg).toContain('a &lt; b &amp; c');
  expect(svg).not.toMatch(/NaN|Infinity/);
  const places = [...svg.matchAll(/cx="([^"]+)" cy="([^"]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  expect(places).toHaveLength(3);
  expect(places.every(([x = -1, y = -1]) => x >= 70 && x <= 540 && y >= 44 && y <= 262)).toBe(true);
});

test('bars begin at one place and are longer by the same for each power of ten', () => {
  const bars = [
    ['ten', 10],
    ['hundred', 100],
    ['ten thousand', 10_000],
  ] as const;
  const svg = barChart({ title: 'a < b', xLabel: 'x', bars });
  const [ten = 0, hundred = 0, most = 0] = [...svg.matchAll(/<rect x="320" y="\d+" width="([^"]+)"/g)].map(
    ([, w]) => +(w ?? 0),
  );
  expect(ten).toBe(0);
  expect(most).toBeCloseTo(3 * hundred, 0);
  expect(svg).toContain('a &lt; b');
});
