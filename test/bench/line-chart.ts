// A line through measured points as an SVG text: small, without a library, the same for the same
// numbers. Both axes may be logarithmic. Pure.

/** A point: x, y. */
export type Point = readonly [x: number, y: number];

/** What a chart shows. */
export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** In the order of x. */
  readonly points: readonly Point[];
}

const [WIDTH, HEIGHT] = [560, 320];
const PLOT = { left: 70, right: 540, top: 44, bottom: 262 };

/** x is logarithmic; y begins at 0, or is logarithmic when it grows more than 30-fold. */
export function lineChart({ title, xLabel, yLabel, points }: LineChart): string {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const isSteep = Math.max(...ys) > 30 * Math.min(...ys) && Math.min(...ys) > 0;
  const x = scale(logOf(xs), PLOT.left, PLOT.right, log);
  const y = isSteep
    ? scale(logOf(ys), PLOT.bottom, PLOT.top, log)
    : scale([0, Math.max(...ys) * 1.1], PLOT.bottom, PLOT.top, (value) => value);
  const places = points.map((point) => [round(x(point[0])), round(y(point[1]))] as const);
  const dots = places.map(
    ([cx, cy], index) =>
      `<circle cx="${cx}" cy="${cy}" r="4" fill="#1969c8"/>` +
      `<text x="${cx}" y="${cy - 10}" text-anchor="middle">${short(ys[index] ?? 0)}</text>` +
      `<text x="${cx}" y="${PLOT.bottom + 18}" text-anchor="middle">${short(xs[index] ?? 0)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="14" font-weight="bold">${escaped(title)}</text>
<path d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}H${PLOT.right}" fill="none" stroke="#888"/>
<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(xLabel)}</text>
<text transform="translate(20 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>
<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="#1969c8" stroke-width="2"/>
${dots.join('\n')}
</svg>
`;
}

/** Zero has no logarithm: it stands where 1 does. */
const log = (value: number): number => Math.log10(Math.max(1e-3, value));
const logOf = (values: readonly number[]): readonly [number, number] => {
  const given = values.map((value) => (value === 0 ? 1 : value));
  return [Math.min(...given), Math.max(...given)];
};

function scale(
  [least, most]: readonly [number, number] | readonly number[],
  begin: number,
  end: number,
  of: (value: number) => number,
): (value: number) => number {
  const [from, to] = [of(least ?? 0), of(most ?? 1)];
  return (value) =>
    begin + (to === from ? 0.5 : (of(value === 0 && of === log ? 1 : value) - from) / (to - from)) * (end - begin);
}

const round = (value: number): number => Math.round(value * 10) / 10;
const short = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: value >= 1_000 ? 6 : 2 });
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
