// The slope of measured points, in a sentence. Pure.
import type { Point } from './line-chart.ts';

/** How much of the first value may be noise. */
const NOISE = 0.25;

/**
 * The least-squares line through the points as a sentence: how much one more of x costs, or that it
 * costs nothing that stands out of the noise. `one`: one of x, such as "event".
 */
export function slopeInWords(points: readonly Point[], what: string, one: string): string {
  const { slope, intercept } = lineThrough(points);
  const [first, last] = [points[0] ?? [0, 0], points.at(-1) ?? [0, 0]];
  const rise = slope * (last[0] - first[0]);
  const ends = `${short(first[1])} with ${short(first[0])}, ${short(last[1])} with ${short(last[0])}`;
  if (Math.abs(rise) <= NOISE * Math.max(first[1], intercept))
    return `${what}: hardly another for each ${one} more (${ends}).`;
  const direction = slope > 0 ? 'more' : 'less';
  return `${what}: ${short(Math.abs(slope))} ${direction} for each ${one} (${ends}).`;
}

/** The line with the least squares of distances in y. */
export function lineThrough(points: readonly Point[]): { readonly slope: number; readonly intercept: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [xMean, yMean] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - xMean) * (y - yMean), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - xMean) ** 2, 0);
  const slope = variance === 0 ? 0 : covariance / variance;
  return { slope, intercept: yMean - slope * xMean };
}

const short = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
