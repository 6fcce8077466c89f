// The image of an empty embedded database: making one from nothing takes seconds, loading this half
// a second. Kept in node_modules/.cache, one file per version, written beside and renamed, so that
// nobody reads half of it.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const folder = new URL('../../../node_modules/.cache/calendar/', import.meta.url);

/** An empty database, each call one of its own. */
export async function openFromImage(): Promise<PGlite> {
  return PGlite.create({ loadDataDir: await loadImage() });
}

/** The image; made and kept first when there is none. */
export async function loadImage(): Promise<Blob> {
  const file = new URL(`pglite-${await packageVersion()}.tar`, folder);
  try {
    return new Blob([await readFile(file)]);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return makeImage(file);
  }
}

/** Makes the image and keeps it; where nothing can be written it is only given back. */
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

/** PGlite's version; the package keeps its package.json out of its exports. */
async function packageVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(await readFile(join(dirname(entry), '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/**
 * By its code alone: a test's file system throws errors of another realm, which are no `instanceof
 * Error` here.
 */
function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
