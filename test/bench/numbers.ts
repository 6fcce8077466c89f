// Output of benchmarks: quantiles and Markdown tables.

/** The value below which `share` (0 to 1) of the values lie. Of an empty list NaN. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** With three digits at most, and commas: 0.42, 4.2, 42, 4,200. */
export function shown(value: number): string {
  const digits = value >= 10 ? 0 : value >= 1 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

/** Prints a table; the first row is its head, and all columns but the first are numbers. */
export function printTable([head = [], ...rows]: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
  line(head);
  line(head.map((_, column) => (column === 0 ? '---' : '--:')));
  for (const row of rows) line(row);
}
