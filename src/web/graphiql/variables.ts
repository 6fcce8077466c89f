// Variables for the example queries.

import { DAY_MS } from '../../durations.ts';

/**
 * The variables that the query declares, as JSON: from a week ago to three weeks ahead, at midnight
 * of the browser's days.
 */
export function variablesOf(query: string, now: Date): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const known = {
    from: new Date(midnight - 7 * DAY_MS).toISOString(),
    to: new Date(midnight + 21 * DAY_MS).toISOString(),
    since: '',
  };
  const declared = Object.entries(known).filter(([name]) => query.includes(`$${name}:`));
  return declared.length === 0 ? '' : JSON.stringify(Object.fromEntries(declared), null, 2);
}
