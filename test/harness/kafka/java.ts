// Java programs for tests: the class path of the Maven artifacts in pom.xml, which are downloaded
// at the first use, and how one is started.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findBinary, type Need } from '../server-process.ts';

const run = promisify(execFile);
const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));

const onPath = (name: string) => findBinary((process.env.PATH ?? '').split(':').map((folder) => `${folder}/${name}`));
const [java, maven] = [onPath('java'), onPath('mvn')];

/** Whether this machine has Java 17 or later and Maven. */
export const JAVA: Need = {
  found: java !== undefined && maven !== undefined,
  debian: 'maven (and default-jre-headless)',
};

/** Starts fast and uses little memory, on a machine that does other things too. */
const LEAN = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-Xshare:auto'];
const QUIET = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

/** The program and its arguments that run a main class. `heapMb`: the largest heap. */
export async function javaCommand(
  mainClass: string,
  args: readonly string[],
  heapMb = 256,
): Promise<[string, string[]]> {
  if (java === undefined) throw new Error('no java');
  return [java, [...LEAN, ...QUIET, `-Xmx${heapMb}m`, '-cp', await classPath(), mainClass, ...args]];
}

async function classPath(): Promise<string> {
  const file = `${CACHE}kafka-${createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 16)}.txt`;
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    const written = `${file}.${process.pid}`;
    const args = ['-q', '-B', '-f', POM, 'dependency:build-classpath', `-Dmdep.outputFile=${written}`];
    await run(maven ?? 'mvn', args, { env: { ...process.env, MAVEN_OPTS: LEAN.join(' ') } });
    renameSync(written, file);
  }
  return readFileSync(file, 'utf8').trim();
}
