// Variables for the example queries.

const DAY_MS = 86_400_000;

/**
 * Those the query declares, as JSON: a week back, three weeks on, from midnight to midnight of the
 * browser's days.
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
