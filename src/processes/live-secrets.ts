// Secrets whose files are replaced while the program runs. No part has a new file at the same
// moment as another, so a new secret between parts is accepted at once, is used only when all parts
// must have it, and the former one is accepted for as long again: no call is refused in between.
// Those of other servers are used at once, for new connections; open ones stay.
import type { Clock } from '../clock.ts';
import type { Environment, Secrets } from '../config.ts';
import { publish, reportError } from '../diagnostics.ts';
import type { Running } from './running.ts';

interface Generation {
  readonly secrets: Secrets;
  /** On the clock that never goes back. */
  readonly since: number;
}

/** The secrets of now. */
export class LiveSecrets implements Secrets {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #overlapMs: number;
  /** The oldest first. */
  #generations: readonly Generation[];
  #newest: Secrets;

  /** `overlapMs`: after this time every part has a new file. */
  constructor(first: Secrets, { clock, overlapMs }: { clock: Pick<Clock, 'elapsed'>; overlapMs: number }) {
    this.#clock = clock;
    this.#overlapMs = overlapMs;
    this.#newest = first;
    this.#generations = [{ secrets: first, since: Number.NEGATIVE_INFINITY }];
  }

  /** The files have other secrets now. */
  replace(secrets: Secrets): void {
    this.#newest = secrets;
    this.#generations = [...this.#generations, { secrets, since: this.#clock.elapsed() }];
  }

  readonly internal: Secrets['internal'] = (caller, audience) =>
    this.#ordered().flatMap((secrets) => secrets.internal(caller, audience));

  readonly subscription: Secrets['subscription'] = () => this.#ordered().flatMap((secrets) => secrets.subscription());

  readonly connections: Secrets['connections'] = () => this.#newest.connections();

  /** The ones in use, then all others that are accepted. */
  #ordered(): readonly Secrets[] {
    const now = this.#clock.elapsed();
    const isOlderThan = (ms: number) => (one: Generation | undefined) => one !== undefined && now - one.since >= ms;
    const isEnded = (_: Generation, index: number) => isOlderThan(2 * this.#overlapMs)(this.#generations[index + 1]);
    this.#generations = this.#generations.filter((one, index) => !isEnded(one, index));
    const inUse = this.#generations.findLast(isOlderThan(this.#overlapMs)) ?? this.#generations[0];
    const others = this.#generations.filter((one) => one !== inUse).toReversed();
    return [...(inUse === undefined ? [] : [inUse]), ...others].map(({ secrets }) => secrets);
  }
}

/** Options of {@link watchSecretFiles}. */
export interface WatchOptions {
  readonly live: Pick<LiveSecrets, 'replace'>;
  /** The settings that `live` began with; a file may have changed since. */
  readonly first: Environment;
  /** The settings with the texts of the files. Throws when a file cannot be read. */
  readonly read: () => Environment;
  /** The secrets in these settings. Throws when one is wrong. */
  readonly parse: (env: Environment) => Secrets;
  /** The settings that may be in files. */
  readonly names: readonly string[];
  readonly clock: Clock;
  /** How often the files are read, in milliseconds. */
  readonly everyMs: number;
}

/** Reads the files again and again. What cannot be read or is wrong is reported, and not used. */
export function watchSecretFiles({ live, first, read, parse, names, clock, everyMs }: WatchOptions): Running {
  let held = first;
  const look = () => {
    const env = read();
    const changed = names.filter((name) => env[name] !== held[name]);
    if (changed.length > 0) live.replace(parse(env));
    held = env;
    for (const name of changed) publish('calendar:secret-file', { name });
  };
  let cancel = () => {};
  const wait = () => {
    cancel = clock.after(everyMs, () => {
      try {
        look();
      } catch (error) {
        reportError(error);
      }
      wait();
    });
  };
  wait();
  return { addresses: {}, close: async () => cancel() };
}
