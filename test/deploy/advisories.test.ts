// The lock file has no version of a package that SECURITY.md names as affected by an advisory.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The rows of the table: package, first version that is not affected, and those of older lines. */
const FLOORS = [...read('SECURITY.md').matchAll(/^\| `([^`]+)` \| ([\d.]+) \| CVE-(.*) \|$/gm)].map((row) => {
  const [, name = '', floor = '', note = ''] = row;
  return { name, floors: [floor, ...(note.match(/\b\d+\.\d+\.\d+\b/g) ?? [])] };
});

/** Every version of every package that is installed. */
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version?: string }> };
const versionsOf = (name: string) =>
  Object.entries(packages)
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, { version = '' }]) => version);

const numbers = (version: string) => version.split('-')[0]?.split('.').map(Number) ?? [];

function isAtLeast(version: string, floor: string): boolean {
  const [a, b] = [numbers(version), numbers(floor)];
  const place = b.findIndex((number, index) => number !== a[index]);
  return place < 0 || (a[place] ?? 0) > (b[place] ?? 0);
}

/** At least the newest floor, or the floor of its own line. */
function isSafe(version: string, [newest = '', ...older]: readonly string[]): boolean {
  const line = older.find((floor) => numbers(floor)[0] === numbers(version)[0]);
  return isAtLeast(version, line ?? newest);
}

test('the table of advisories is read, and knows old versions from new ones', () => {
  expect(FLOORS.length).toBeGreaterThan(10);
  expect(['1.2.3', '1.10.0', '2.0.0'].map((version) => isAtLeast(version, '1.2.3'))).toEqual([true, true, true]);
  expect(['1.2.2', '1.1.9', '0.9.9'].map((version) => isAtLeast(version, '1.2.3'))).toEqual([false, false, false]);
  const floors = ['4.0.1', '1.1.12', '2.0.2'];
  expect(['5.0.0', '2.0.2', '1.1.11', '3.0.0'].map((version) => isSafe(version, floors))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each(FLOORS)('no installed version of $name is one with an advisory', ({ name, floors }) => {
  const versions = versionsOf(name);
  // A row for a package that is no longer installed can be removed.
  expect(versions).not.toEqual([]);
  expect(versions.filter((version) => !isSafe(version, floors))).toEqual([]);
});
