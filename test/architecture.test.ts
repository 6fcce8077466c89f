// The rules of the house for every file of src/. Who may import whom is written once, in the tables
// of src/README.md.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));
/** They run when imported, which is what they are for. */
const PROGRAMS = ['main.ts', 'services/storage/build-image.ts', 'web/vite.config.ts'];

const readme = readFileSync(`${SRC}README.md`, 'utf8');
const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
const sources = new Map(paths.map((path) => [path, readFileSync(`${SRC}${path}`, 'utf8')]));

interface Import {
  /** A path below src/, or the name of a package. */
  readonly target: string;
  readonly isOurs: boolean;
  readonly isType: boolean;
}

/** What a file imports, except what comes with Node. */
function importsOf(path: string, source: string): Import[] {
  const statement =
    /^(?:import|export)\s+(type\s)?[^'"]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...source.matchAll(statement)].flatMap(([, type, from, bare, dynamic]) => {
    const name = from ?? bare ?? dynamic ?? '';
    if (name.startsWith('node:')) return [];
    const isOurs = name.startsWith('.');
    const target = isOurs ? posix.join(posix.dirname(path), name) : packageOf(name);
    return [{ target, isOurs, isType: type !== undefined }];
  });
}

const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * The rows of the table whose first column has this head: the names in backquotes, cell by cell.
 */
function tableOf(head: string): string[][][] {
  const lines = readme
    .slice(readme.search(new RegExp(`^\\| ${head} `, 'm')))
    .split('\n')
    .slice(2);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('|')),
  );
  const names = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return rows.map((row) => row.split('|').slice(1, -1).map(names));
}

const rules = new Map(
  tableOf('part').map(([[part = ''] = [], imports = [], types = []]) => [part, { imports, types }]),
);
const owners = new Map(tableOf('package').map(([[name = ''] = [], owner = []]) => [name, owner]));

const isIn = (path: string, place: string) => path === place || path.startsWith(`${place}/`);

/** The longest row that fits. */
function partOf(path: string): string | undefined {
  const fitting = [...rules.keys()].filter((part) => isIn(path, part));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

/** What the file imports against the tables, in words. */
function offences(path: string, source: string): string[] {
  const part = partOf(path);
  const rule = rules.get(part ?? '');
  if (part === undefined || rule === undefined) return [`${path} belongs to no part`];
  return importsOf(path, source).flatMap(({ target, isOurs, isType }) => {
    const allowed = isOurs ? [...rule.imports, ...(isType ? rule.types : [])] : [];
    // A folder stands for what is in it, except for what has a row of its own.
    const isAllowed = isOurs
      ? partOf(target) === part || allowed.some((place) => isIn(target, place) && partOf(target) === partOf(place))
      : (owners.get(target) ?? []).some((owner) => isIn(path, owner));
    return isAllowed ? [] : [`${path} imports ${isType ? 'types of ' : ''}${target}`];
  });
}

describe('who imports whom', () => {
  test('follows the tables of src/README.md', () => {
    expect([...sources].flatMap(([path, source]) => offences(path, source))).toEqual([]);
  });

  test('the tables name only files, folders and packages that exist', () => {
    const all = [...sources].flatMap(([path, source]) =>
      importsOf(path, source).map(({ target }) => ({ path, target })),
    );
    const unused = [...owners].flatMap(([name, places]) =>
      places
        .filter((place) => !all.some(({ path, target }) => target === name && isIn(path, place)))
        .map((place) => `${name} in ${place}`),
    );
    const named = [...rules].flatMap(([part, { imports, types }]) => [part, ...imports, ...types]);
    expect([unused, named.filter((place) => !paths.some((path) => isIn(path, place)))]).toEqual([[], []]);
  });

  test('every folder has a row in the table of folders', () => {
    const described = tableOf('where').map(([[where = ''] = []]) => where);
    const folders = [...rules.keys()].filter((part) => !part.includes('.'));
    expect(described.sort()).toEqual(folders.sort());
  });

  test.each([
    ['calendar/model/event.ts', "import { Zone } from '../read/window.ts';", 'calendar/read/window.ts'],
    ['calendar/model/event.ts', "import { ApiError } from '../../errors.ts';", 'errors.ts'],
    [
      'calendar/read/merge.ts',
      "import type { Source } from '../sources/source.ts';",
      'types of calendar/sources/source.ts',
    ],
    ['calendar/sources/source.ts', "export { merge } from '../read/merge.ts';", 'calendar/read/merge.ts'],
    [
      'calendar/freshness/poll.ts',
      "import {\n  FreshCache,\n} from '../cache/fresh-cache.ts';",
      'calendar/cache/fresh-cache.ts',
    ],
    [
      'calendar/calendar.ts',
      "const x = await import('../services/lecture/service.ts');",
      'services/lecture/service.ts',
    ],
    ['gateway/gateway.ts', "import { createCalendar } from '../calendar/calendar.ts';", 'calendar/calendar.ts'],
    ['services/lecture/service.ts', "import '../attendance/service.ts';", 'services/attendance/service.ts'],
    ['processes/calendar.ts', "import { merge } from '../calendar/read/merge.ts';", 'calendar/read/merge.ts'],
    ['web/page.ts', "import type { Item } from '../calendar/model/event.ts';", 'types of calendar/model/event.ts'],
    ['calendar/read/merge.ts', "import { LRUCache } from 'lru-cache';", 'lru-cache'],
    ['calendar/sources/source.ts', "import { request } from 'undici';", 'undici'],
    ['auth/bearer.ts', "import { x } from '@unheard/of/deep';", '@unheard/of'],
  ])('a forbidden import is reported: %s, %j', (path, source, named) => {
    expect(offences(path, source)).toEqual([`${path} imports ${named}`]);
  });

  test('a file that no row covers is reported', () => {
    expect(offences('helpers/utils.ts', '')).toEqual(['helpers/utils.ts belongs to no part']);
  });
});

describe('every file', () => {
  const those = (offends: (source: string, path: string) => boolean) =>
    [...sources].filter(([path, source]) => offends(source, path)).map(([path]) => path);

  test('starts with a head comment', () => {
    expect(those((source) => !/^\/\/ \S.{20}/.test(source))).toEqual([]);
  });

  test('does not read the environment, except config.ts', () => {
    expect(those((source) => /\bprocess\s*\.\s*env\b|\benv\b[^;]*from 'node:process'/.test(source))).toEqual([
      'config.ts',
    ]);
  });

  test('exports by name', () => {
    expect(those((source) => /^export default\b|\bas default\b/m.test(source))).toEqual(['web/vite.config.ts']);
  });
});

test('importing any file starts nothing: no listener, no connection, no timer, and the process ends by itself', async () => {
  const modules = paths.filter((path) => !PROGRAMS.includes(path) && !path.startsWith('web/'));
  const script = `
    import net from 'node:net';
    const started = [];
    for (const [type, method] of [[net.Server, 'listen'], [net.Socket, 'connect']]) {
      const original = type.prototype[method];
      type.prototype[method] = function (...args) { started.push(method); return original.apply(this, args); };
    }
    for (const path of ${JSON.stringify(modules)}) await import(${JSON.stringify(`file://${SRC}`)} + path);
    const live = process.getActiveResourcesInfo().filter((kind) => /Timeout|Immediate|Server|Socket|TCP|Worker/.test(kind));
    console.log(JSON.stringify([...started, ...live]));`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: dirname(SRC), timeout: 30_000 });
  expect(JSON.parse(stdout)).toEqual([]);
}, 60_000);
