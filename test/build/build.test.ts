// `npm run build`, `npm start` and `npm run dev` build only what changed and say so, and refuse a
// Node that is not supported in one line.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build, type Step } from '../../.build/build.ts';
import { STEPS } from '../../.build/steps.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('a build', () => {
  let root: string;
  let isBroken: boolean;
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  const step = (name: string, from: readonly string[], except: readonly string[] = []): Step => ({
    name,
    from,
    except,
    output: `dist/${name}`,
    run: async () => {
      if (isBroken) throw new Error('expected ;');
      write(`dist/${name}`, name);
    },
  });
  const steps = () => [step('program', ['lock', 'src'], ['src/web']), step('page', ['lock', 'src/web'])];
  const lines: string[] = [];
  const run = () => build(root, steps(), (line) => lines.push(line.replace(/[\d.]+ s/, 'N s')));

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'build-'));
    isBroken = false;
    lines.length = 0;
    mkdirSync(join(root, 'src/web'), { recursive: true });
    mkdirSync(join(root, 'dist'));
    for (const path of ['lock', 'src/a.ts', 'src/web/b.ts']) write(path, 'one');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('says what it does, and does nothing when nothing has changed', async () => {
    expect(await run()).toEqual(['program', 'page']);
    expect(lines).toEqual(['Building program …', 'Built program in N s.', 'Building page …', 'Built page in N s.']);
    lines.length = 0;
    expect(await run()).toEqual([]);
    expect(lines).toEqual(['Nothing to build: nothing has changed.']);
  });

  test.each([
    ['src/a.ts', ['program']],
    ['src/web/b.ts', ['page']],
    ['src/web/new.ts', ['page']],
    ['lock', ['program', 'page']],
  ])('after a change of %s builds only %j', async (path, expected) => {
    await run();
    write(path, 'two');
    expect(await run()).toEqual(expected);
  });

  test('builds again what failed or is missing', async () => {
    await run();
    write('src/a.ts', 'two');
    isBroken = true;
    await expect(run()).rejects.toThrow('expected ;');
    write('src/a.ts', 'one');
    isBroken = false;
    rmSync(join(root, 'dist/page'));
    expect(await run()).toEqual(['program', 'page']);
    write('dist/.built.json', '{"progr');
    expect(await run()).toEqual(['program', 'page']);
  });
});

test('the steps build from folders that exist', async () => {
  for (const { from, except = [] } of STEPS)
    for (const path of [...from, ...except]) expect(() => readFileSync(ROOT + path)).not.toThrow(/ENOENT/);
});

describe('Node', () => {
  const check = (version: string) =>
    new Promise<readonly [number, string]>((resolve) => {
      const child = execFile(process.execPath, ['.build/check-node.mjs', version], { cwd: ROOT }, (_, out, err) =>
        resolve([child.exitCode ?? -1, out + err]),
      );
    });

  test.each(['20.20.0', '20.21.3', '22.18.0', '24.6.0', '26.1.0'])('%s is supported', async (version) => {
    expect(await check(version)).toEqual([0, '']);
  });

  test.each(['16.20.2', '18.20.0', '20.19.9', '21.9.0', '22.17.9', '23.11.0', '24.5.9'])(
    '%s ends with one line that names what is supported',
    async (version) => {
      expect(await check(version)).toEqual([
        1,
        `Node ${version} is not supported. Install Node 20.20.0, 22.18.0, 24.6.0 or later (https://nodejs.org).\n`,
      ]);
    },
  );
});
