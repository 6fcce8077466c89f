// Environment variables that look like settings and are none: misspelt names, and names that begin
// like ours. Pure. The environment also holds variables of shells, CI and Kubernetes: those pass.

/** First words of settings that other programs use too: such names are refused only if misspelt. */
const SHARED_WORDS = new Set([
  'DATABASE',
  'EVENT',
  'HOME',
  'LOG',
  'NODE',
  'OTEL',
  'PUBLIC',
  'REDIS',
  'REQUEST',
  'TRUSTED',
]);
/** Set for each service of a Kubernetes namespace or a Docker link, and by builds and CGI. */
const FOREIGN =
  /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP)(?:_\w+)?$|^SOURCE_(?:DATE_EPOCH|COMMIT|VERSION|BRANCH)$|^GATEWAY_INTERFACE$/;

/** A variable that is not a setting, and the setting with the nearest name. */
export interface UnknownVariable {
  readonly name: string;
  readonly nearest: string;
}

/** The names that are misspelt settings, or begin with a word that only our settings begin with. */
export function unknownVariables(names: readonly string[], settings: readonly string[]): readonly UnknownVariable[] {
  const known = new Set(settings);
  const ownWords = new Set(settings.filter((name) => name.includes('_')).map(firstWord));
  return names.flatMap((name) => {
    if (known.has(name) || FOREIGN.test(name) || name === '') return [];
    const { nearest, distance } = nearestOf(name.toUpperCase(), settings);
    const isMisspelt = distance <= (nearest.length < 8 ? 1 : 2);
    const word = firstWord(name.toUpperCase());
    const isOurs = name.includes('_') && ownWords.has(word) && !SHARED_WORDS.has(word);
    return isMisspelt || isOurs ? [{ name, nearest }] : [];
  });
}

function firstWord(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf('_')));
}

function nearestOf(name: string, settings: readonly string[]): { nearest: string; distance: number } {
  return settings
    .map((setting) => ({ nearest: setting, distance: editDistance(name, setting) }))
    .reduce((best, one) => (one.distance < best.distance ? one : best));
}

/** Levenshtein distance. Names longer than 64 characters are far from everything. */
function editDistance(a: string, b: string): number {
  if (a.length > 64) return Number.POSITIVE_INFINITY;
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of a.split('').entries()) {
    const row = [i + 1];
    for (const [j, other] of b.split('').entries()) {
      const [diagonal = 0, up = 0] = above.slice(j, j + 2);
      row.push(Math.min(up + 1, (row[j] ?? 0) + 1, diagonal + (letter === other ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
