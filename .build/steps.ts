// The steps of a build: the program, the two pages, and the image of the embedded database.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Step } from './build.ts';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Versions of tools and packages. */
const COMMON = ['package-lock.json', 'tsconfig.json'];

/** In the order of a build. */
export const STEPS: readonly Step[] = [
  {
    name: 'the program',
    from: [...COMMON, 'src'],
    except: ['src/web'],
    output: 'dist/main.js',
    run: () => tool('typescript/bin/tsc', '-p', 'src/tsconfig.json'),
  },
  {
    name: 'My Page',
    from: [...COMMON, 'src/web', 'src/kinds', 'src/event-kinds.ts', 'src/durations.ts'],
    except: ['src/web/graphiql'],
    output: 'dist/web/page/index.html',
    run: () => vite('page'),
  },
  {
    name: 'the playground',
    from: [...COMMON, 'src/web', 'src/kinds', 'src/event-kinds.ts', 'src/durations.ts'],
    except: ['src/web/page'],
    output: 'dist/web/graphiql/index.html',
    run: () => vite('graphiql'),
  },
  {
    name: 'the image of the embedded database',
    from: [...COMMON, 'src/services/storage'],
    output: 'dist/services/storage/build-image.js',
    run: () => node('dist/services/storage/build-image.js'),
  },
];

function vite(mode: string): Promise<void> {
  return tool('vite/bin/vite.js', 'build', '--logLevel', 'warn', '-c', 'src/web/vite.config.ts', '--mode', mode);
}

function tool(path: string, ...args: readonly string[]): Promise<void> {
  return node(`node_modules/${path}`, ...args);
}

/** Runs a script with this Node. Rejects with what it printed. */
function node(...args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: ROOT }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${stdout}${stderr}`.trim() || error.message));
    });
  });
}
