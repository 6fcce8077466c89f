// The interface of a cache in the race, and the race's keys. An entrant is one cache with one
// documented way to read and to invalidate.
import { readFileSync } from 'node:fs';
import type { Clock } from '../../src/clock.ts';

/** Four things to read; each also bears the name of its group, its first letter. */
export const KEYS = ['a1', 'a2', 'b1', 'b2'] as const;
export type Key = (typeof KEYS)[number];
/** What can be invalidated: a key, or a group as a whole. */
export type Name = Key | 'a' | 'b';

/** The names a key bears. */
export const namesOf = (key: Key): readonly Name[] => [key, groupOf(key)];

/** The group a key belongs to. */
export const groupOf = (key: Key): Name => (key.startsWith('a') ? 'a' : 'b');

/** The keys that bear a name; what must be deleted by a cache that knows no groups. */
export const keysOf = (name: Name): readonly Key[] => KEYS.filter((key) => namesOf(key).includes(name));

/**
 * What a reader is given: a version of the key's row, and whether it was labelled as possibly
 * stale.
 */
export interface Answer {
  readonly version: number;
  readonly labelled: boolean;
}

/** A cache under the race. Nothing it holds expires by itself within a race. */
export interface Contender {
  /** Gets or loads. Rejecting, and resolving undefined, are errors: the source never fails. */
  read(key: Key): Promise<Answer | undefined>;
  /** Called after a write; done when it resolves. */
  invalidate(name: Name): Promise<void>;
  close(): Promise<void>;
}

/** One row of the matrix. */
export interface Entrant {
  readonly name: string;
  /** The version that ran. */
  readonly version: string;
  /** The calls by which it reads and invalidates. */
  readonly calls: string;
  readonly create: (database: { load: (key: Key) => Promise<number>; clock: Clock }) => Contender;
}

/** An answer of a cache that has no labels. */
export const unlabelled = (version: number | undefined): Answer | undefined =>
  version === undefined ? undefined : { version, labelled: false };

/**
 * The version of a package that is installed in a `node_modules` folder; throws where it is not.
 */
export function versionOf(name: string, modules: URL): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), 'utf8'));
  return manifest.version;
}
