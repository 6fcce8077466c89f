// What `npm run check:source` prints: a line for each check, and under it each fault.
import type { CheckResult } from './check-source.ts';

/** The report, and whether all checks passed. */
export function reportOf(results: readonly CheckResult[]): { readonly text: string; readonly passed: boolean } {
  const lines = results.flatMap(({ check, faults, note }) => [
    `${faults.length === 0 ? 'ok   ' : 'FAULT'} ${check}${note === '' ? '' : ` (${note})`}`,
    ...faults.map((fault) => `        ${fault}`),
  ]);
  const count = results.filter(({ faults }) => faults.length > 0).length;
  const last = count === 0 ? 'The service keeps the source contract.' : `${count} of ${results.length} checks failed.`;
  return { text: `${[...lines, last].join('\n')}\n`, passed: count === 0 };
}
