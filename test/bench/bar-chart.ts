// Bars on a logarithmic axis as an SVG text, the same for the same numbers. Pure.

/** A bar: what it is of, and a number above 0. */
export type Bar = readonly [name: string, value: number];

/** What a chart shows. */
export interface BarChart {
  readonly title: string;
  readonly xLabel: string;
  /** From top to bottom. */
  readonly bars: readonly Bar[];
}

const [WIDTH, ROW] = [760, 26];
const PLOT = { left: 320, right: 690, top: 44 };

/** The axis begins at the power of ten below the least value. */
export function barChart({ title, xLabel, bars }: BarChart): string {
  const powers = bars.map(([, value]) => Math.log10(value));
  const [from, to] = [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers))];
  const x = (power: number) => round(PLOT.left + ((power - from) / Math.max(1, to - from)) * (PLOT.right - PLOT.left));
  const bottom = PLOT.top + bars.length * ROW;
  const lines = Array.from({ length: to - from + 1 }, (_, n) => from + n).map(
    (power) =>
      `<path d="M${x(power)} ${PLOT.top}V${bottom}" stroke="#ddd"/>` +
      `<text x="${x(power)}" y="${bottom + 18}" text-anchor="middle">${(10 ** power).toLocaleString('en')}</text>`,
  );
  const rows = bars.map(([name, value], index) => {
    const [y, end] = [PLOT.top + index * ROW, x(powers[index] ?? from)];
    return (
      `<text x="${PLOT.left - 8}" y="${y + 17}" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="${PLOT.left}" y="${y + 4}" width="${round(end - PLOT.left)}" height="${ROW - 8}" fill="#1969c8"/>` +
      `<text x="${end + 6}" y="${y + 17}">${value.toLocaleString('en', { maximumSignificantDigits: 3 })}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 44}" font-family="sans-serif" font-size="12" fill="#333">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${bottom + 44}" fill="#fff"/>
<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="14" font-weight="bold">${escaped(title)}</text>
${lines.join('\n')}
${rows.join('\n')}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${bottom + 36}" text-anchor="middle">${escaped(xLabel)}</text>
</svg>
`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
