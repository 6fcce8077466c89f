// The image of an empty embedded database: creating one takes seconds, loading it half a second. It
// is kept in node_modules/.cache, one file for each version, written to another name first, so that
// no process reads half of it.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const folder = new URL('../../../node_modules/.cache/calendar/', import.meta.url);

/** Creates an empty database at each call. */
export async function openFromImage(): Promise<PGlite> {
  return PGlite.create({ loadDataDir: await loadImage() });
}

/** The image; it is created and stored first if there is none. */
export async function loadImage(): Promise<Blob> {
  const file = new URL(`pglite-${await packageVersion()}.tar`, folder);
  try {
    return new Blob([await readFile(file)]);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return makeImage(file);
  }
}

/** Creates the image and stores it; where nothing can be written it is only returned. */
async function makeImage(file: URL): Promise<Blob> {
  const db = await PGlite.create();
  const made = await db.dumpDataDir('none');
  await db.close();
  const beside = new URL(`${file.href}.${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(beside, Buffer.from(await made.arrayBuffer()));
    await rename(beside, file);
  } catch {
    await rm(beside, { force: true });
  }
  return made;
}

/** PGlite's version; its exports do not include package.json. */
async function packageVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(await readFile(join(dirname(entry), '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/**
 * Compared by code, because a test's file system throws errors of another realm, which are no
 * `instanceof Error` here.
 */
function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
