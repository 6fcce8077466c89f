// A model for property tests of the cache: a database of versions, loads that see it at an instant
// between their start and end, readers, invalidations and a clock, driven by a schedule of steps.
// It judges every answer by its own record of events, never by the cache's sequence, and collects
// violations of the invariants.

import type { ReadOptions } from '../../../src/calendar/cache/fresh-cache.ts';
import type { Reading } from '../../../src/calendar/model/status.ts';
import type { Clock } from '../../../src/clock.ts';
import { SourceError } from '../../../src/errors.ts';
import { manualClock, settled } from '../../harness/clock.ts';
import type { Action, Key, Step } from './fresh-cache-schedules.ts';

/**
 * The rules the graph can see broken: each is a row of the table in src/calendar/cache/README.md.
 */
export type Invariant =
  | 'a fresh value is current'
  | 'at most two loads of a key run'
  | 'every read is answered in time'
  | 'REVALIDATING is said in its window only'
  | 'a value that is held serves as fallback'
  | 'all is current in the end'
  | 'a fresh value is young enough'
  | 'a key that failed is left alone';

/** What a load brings: the version it saw, and which load it was. */
export interface Seen {
  readonly version: number;
  readonly load: number;
}

/** A cache under test; `invalidate(null)` is of everything. */
export interface Subject {
  read(key: Key, readOptions: ReadOptions): Promise<Reading<Seen>>;
  invalidate(name: Name | null): void;
}

/** A key by itself, or the group that both belong to. */
export type Name = Key | 'group';
export type Create = (graph: { load: (key: Key) => Promise<Seen>; clock: Clock }) => Subject;

export const namesOf = (key: Key): readonly Name[] => ['group', key];

/** The lifetimes the graph judges by, in milliseconds. */
export const FRESH = 30_000;
export const SWR = 60_000;
export const SIE = 300_000;
const MIN_FRESH = 1_000;
/** Longer than any back-off and any Retry-After of a schedule. */
const RECOVERY = 6_000;

interface Load {
  readonly key: Key;
  readonly order: number;
  readonly startedAt: number;
  version: number | null;
  state: 'running' | 'settled' | 'failed';
  /**
   * When it ended: place in the order, milliseconds, and how often everything had settled before.
   */
  ended: { order: number; at: number; epoch: number };
  /** After a failure: until when (milliseconds) the key must be left alone. */
  aloneUntil: number;
  readonly land: () => void;
  readonly fail: (error: SourceError) => void;
}

/** Lives through a schedule, lets everything settle, and answers what was broken on the way. */
export async function live(create: Create, steps: readonly Step[]): Promise<readonly string[]> {
  const graph = new SmallGraph(create);
  for (const step of steps) {
    await graph.act(step);
    await graph.pass(step.then);
  }
  await graph.recover();
  return graph.broken;
}

class SmallGraph {
  readonly broken: string[] = [];
  readonly #clock = manualClock();
  readonly #subject: Subject;
  readonly #loads: Load[] = [];
  readonly #versions: Record<Key, number> = { a: 0, b: 0 };
  /**
   * The place in the order of each key's last invalidation, and the same as of the last time
   * everything settled.
   */
  readonly #invalidated: Record<Key, number> = { a: 0, b: 0 };
  #known: Record<Key, number> = { a: 0, b: 0 };
  #order = 0;
  #epoch = 0;
  #inRead = false;
  #waiting = 0;

  constructor(create: Create) {
    this.#subject = create({ clock: this.#clock, load: (key) => this.#load(key) });
  }

  async act(step: Action): Promise<void> {
    if (step.do === 'read') void this.#read(step);
    else if (step.do === 'write') this.#write(step);
    else if (step.do === 'advance') await this.#advance(step.ms);
    else this.#end(step);
  }

  async pass(turns: number | null): Promise<void> {
    for (let turn = 0; turns !== null && turn < turns; turn += 1) await Promise.resolve();
    if (turns !== null) return;
    await settled();
    this.#epoch += 1;
    this.#known = { ...this.#invalidated };
  }

  /**
   * Every load lands, back-offs end, and everything is read again: every read is answered, and all
   * is current.
   */
  async recover(): Promise<void> {
    await this.#landAll();
    this.#check('every read is answered in time', this.#waiting === 0, `${this.#waiting} readers were never answered`);
    await this.#advance(RECOVERY);
    for (const key of ['a', 'b'] as const) {
      await this.#readLanding(key);
      const reading = await this.#readLanding(key);
      const right = reading?.state === 'FRESH' && reading.value.version === this.#versions[key];
      this.#check(
        'all is current in the end',
        right,
        `${key} is ${JSON.stringify(reading)}, the database has ${this.#versions[key]}`,
      );
    }
  }

  async #readLanding(key: Key): Promise<Reading<Seen> | undefined> {
    const reading = this.#read({ key, maxAge: undefined, waitMs: undefined });
    await this.#landAll();
    return reading;
  }

  async #landAll(): Promise<void> {
    await this.pass(null);
    for (let load = this.#running()[0]; load !== undefined; load = this.#running()[0]) {
      this.#finish(load, 'settled');
      await this.pass(null);
    }
  }

  async #advance(ms: number): Promise<void> {
    await this.#clock.advance(ms);
    await this.pass(null);
  }

  #write({ key, name }: { key: Key; name: 'own' | 'group' | 'all' }): void {
    this.#order += 1;
    this.#versions[key] += 1;
    for (const each of name === 'own' ? [key] : (['a', 'b'] as const)) this.#invalidated[each] = this.#order;
    this.#subject.invalidate(name === 'own' ? key : name === 'group' ? 'group' : null);
  }

  #running(key?: Key): Load[] {
    return this.#loads.filter((load) => load.state === 'running' && (key === undefined || load.key === key));
  }

  #load(key: Key): Promise<Seen> {
    this.#order += 1;
    const now = this.#clock.now();
    const running = this.#running(key).length + 1;
    this.#check('at most two loads of a key run', running <= 2, `${running} loads of ${key} at once`);
    const alone = this.#loads.find((load) => load.key === key && this.#leavesAlone(load, now));
    this.#check(
      'a key that failed is left alone',
      alone === undefined,
      `${key} read at ${now}, to be left alone until ${alone?.aloneUntil}`,
    );
    return new Promise((resolve, reject) => {
      const number = this.#loads.length;
      const load: Load = {
        key,
        order: this.#order,
        startedAt: now,
        version: null,
        state: 'running',
        ended: { order: 0, at: 0, epoch: 0 },
        aloneUntil: 0,
        land: () => resolve({ version: load.version ?? 0, load: number }),
        fail: reject,
      };
      this.#loads.push(load);
    });
  }

  /**
   * Whether a failed load forbids a new one now. Only where the cache must have heard of the
   * failure: a settling ago, or, for a load that no reader starts himself, when nothing else that
   * ended since could have started it.
   */
  #leavesAlone(failed: Load, now: number): boolean {
    if (failed.state !== 'failed' || now >= failed.aloneUntil) return false;
    const others = this.#loads.filter((load) => load.key === failed.key && load !== failed && load.state !== 'running');
    if (others.some((load) => load.state === 'settled' && load.ended.order > failed.ended.order)) return false;
    if (others.some((load) => load.state === 'settled' && load.order > failed.order)) return false;
    if (failed.ended.epoch < this.#epoch) return true;
    return !this.#inRead && !others.some((load) => load.ended.epoch === this.#epoch);
  }

  #end(step: Extract<Action, { nth: number }>): void {
    const running = this.#running();
    const load = running[step.nth % Math.max(1, running.length)];
    if (load === undefined) return;
    if (step.do === 'see') load.version ??= this.#versions[load.key];
    else if (step.do === 'land') this.#finish(load, 'settled');
    else {
      const { reason, retryAfterMs } = step;
      if (reason !== 'CIRCUIT_OPEN') load.aloneUntil = this.#clock.now() + Math.max(750, retryAfterMs);
      this.#finish(load, 'failed', new SourceError(reason, 'as the schedule has it', { retryAfterMs }));
    }
  }

  #finish(load: Load, state: 'settled' | 'failed', error?: SourceError): void {
    this.#order += 1;
    load.version ??= this.#versions[load.key];
    load.state = state;
    load.ended = { order: this.#order, at: this.#clock.now(), epoch: this.#epoch };
    if (error === undefined) load.land();
    else load.fail(error);
  }

  async #read(step: { key: Key; maxAge: number | undefined; waitMs: number | undefined }) {
    this.#order += 1;
    const arrived = {
      order: this.#order,
      at: this.#clock.now(),
      epoch: this.#epoch,
      version: this.#versions[step.key],
      invalidated: this.#invalidated[step.key],
    };
    const { waitMs } = step;
    const deadline =
      waitMs === undefined ? undefined : new Promise<void>((resolve) => void this.#clock.after(waitMs, resolve));
    this.#waiting += 1;
    this.#inRead = true;
    const answer = this.#subject.read(step.key, { maxAge: step.maxAge, deadline });
    this.#inRead = false;
    try {
      const reading = await answer;
      this.#judge(step, arrived, reading);
      return reading;
    } catch (error) {
      this.#check('every read is answered in time', false, `a read rejected: ${String(error)}`);
      return undefined;
    } finally {
      this.#waiting -= 1;
    }
  }

  #judge(
    step: { key: Key; maxAge: number | undefined; waitMs: number | undefined },
    arrived: Arrival,
    reading: Reading<Seen>,
  ) {
    const now = this.#clock.now();
    const late = step.waitMs !== undefined && now > arrived.at + step.waitMs;
    this.#check('every read is answered in time', !late, `a reader with ${step.waitMs} ms waited ${now - arrived.at}`);
    if (reading.state === 'UNAVAILABLE') return this.#judgeUnavailable(step.key, arrived, now);
    const load = this.#loads[reading.value.load];
    if (load === undefined) throw new Error('a value that no load brought');
    if (reading.state === 'FRESH') this.#judgeFresh(step, arrived, reading, load);
    else if (reading.reason === 'REVALIDATING') this.#judgeRevalidating(arrived, load);
    this.#check(
      'a fresh value is current',
      reading.fetchedAt === load.startedAt,
      'fetchedAt is not when the load began',
    );
  }

  #judgeFresh(step: { key: Key; maxAge: number | undefined }, arrived: Arrival, reading: Reading<Seen>, load: Load) {
    const version = reading.value?.version ?? 0;
    const { key, maxAge } = step;
    this.#check(
      'a fresh value is current',
      version >= arrived.version,
      `FRESH ${key} version ${version}, ${arrived.version} was known`,
    );
    this.#check(
      'a fresh value is current',
      load.order > this.#known[key],
      `FRESH ${key} from a load that began before an invalidation`,
    );
    if (maxAge === 0)
      this.#check(
        'a fresh value is current',
        load.order > arrived.order,
        'FRESH for maxAge 0 from a load before the read',
      );
    const age = arrived.at - load.startedAt;
    const young = age <= 0 || (age < FRESH * 1.1 && age <= (maxAge ?? age));
    this.#check('a fresh value is young enough', young, `FRESH at the age of ${age} (maxAge ${maxAge})`);
  }

  /**
   * What was held when the reader came: valid and in the window, or invalidated while the flood
   * limit holds.
   */
  #judgeRevalidating(arrived: Arrival, load: Load) {
    if (load.ended.epoch >= arrived.epoch) return;
    const inWindow = load.order > arrived.invalidated && arrived.at < load.startedAt + FRESH * 1.1 + SWR;
    const { key } = load;
    const flood = this.#loads.some(
      (other) =>
        other.key === key &&
        other.order < arrived.order &&
        (other.state === 'running' || other.ended.order > arrived.order || other.ended.at > arrived.at - 1_000),
    );
    this.#check(
      'REVALIDATING is said in its window only',
      inWindow || flood,
      `REVALIDATING at the age of ${arrived.at - load.startedAt}`,
    );
  }

  /**
   * Nothing can be had only if nothing was: what a load brought stays until its stale-if-error
   * window ends.
   */
  #judgeUnavailable(key: Key, arrived: Arrival, now: number) {
    const held = this.#loads.find(
      (load) =>
        load.key === key &&
        load.state === 'settled' &&
        load.ended.epoch < arrived.epoch &&
        now < load.startedAt + MIN_FRESH + SIE,
    );
    this.#check(
      'a value that is held serves as fallback',
      held === undefined,
      `${key} is UNAVAILABLE though a load brought it at ${held?.startedAt}`,
    );
  }

  #check(invariant: Invariant, holds: boolean, otherwise: string): void {
    if (!holds) this.broken.push(`${invariant}: ${otherwise}`);
  }
}

/** What was so when a reader came. */
interface Arrival {
  readonly order: number;
  readonly at: number;
  readonly epoch: number;
  readonly version: number;
  readonly invalidated: number;
}
