// The race: one random script of reads, writes and ends of loads, the same for every entrant, over
// a database whose loads read the row when they start. It judges answers by the database alone:
// stale is a version older than the one that was written and invalidated before the read started.
import { type ManualClock, manualClock, settled } from '../harness/clock.ts';
import { xorshift } from '../harness/random.ts';
import { type Answer, type Contender, type Entrant, groupOf, KEYS, type Key, type Name } from './contender.ts';

/**
 * What a reader was given: `stale` is an old version passed off as current, `error` a rejection,
 * nothing, or no answer.
 */
export type Verdict = 'current' | 'stale' | 'labelled, current' | 'labelled, old' | 'error';

/** What became of the reads of a race, and what they cost the source. */
export interface Tally {
  readonly verdicts: Record<Verdict, number>;
  reads: number;
  /** Calls of the source, and the most for one key at once. */
  loads: number;
  mostAtOnce: number;
}

interface Step {
  readonly do: 'read' | 'write' | 'land' | 'wait';
  readonly key: Key;
  /** In [0, 1): which load lands, which name is invalidated, how long is waited. */
  readonly pick: number;
  /**
   * Promise turns until the next step, in the same millisecond; null: everything settles, and the
   * next one begins.
   */
  readonly turns: number | null;
}

/**
 * Long enough for a value to be stored, read and overtaken many times, short enough that nothing
 * expires.
 */
const STEPS_PER_LIFE = 200;
const MAX_WAIT_MS = 2_000;
/** Out of sixteen: nine reads, two writes, four landings, one wait. */
const ODDS = [...Array(9).fill('read'), 'write', 'write', ...Array(4).fill('land'), 'wait'] as Step['do'][];

/**
 * Lives of an entrant, a new cache each, until it was read `reads` times. The same seed is the same
 * script.
 */
export async function race(entrant: Entrant, { reads, seed }: { reads: number; seed: number }): Promise<Tally> {
  const tally = emptyTally();
  const random = xorshift(seed);
  while (tally.reads < reads) {
    const steps = Array.from({ length: STEPS_PER_LIFE }, () => randomStep(random));
    await inWorld(entrant, tally, (graph) => graph.live(steps));
  }
  return tally;
}

/**
 * The race by itself. Answers what the first reader was given, who came before the write, and what
 * the one who came after it.
 */
export function demonstrate(entrant: Entrant): Promise<{ before: Verdict; after: Verdict }> {
  return inWorld(entrant, emptyTally(), async (graph) => {
    const before = graph.read('a1');
    await graph.wait(100);
    await graph.write('a1', 'a1');
    await graph.wait(100);
    await graph.landAll();
    const after = graph.read('a1');
    await graph.landAll();
    return { before: await before, after: await after };
  });
}

/**
 * One life. Libraries ask Date.now what time it is: while one races, the script's clock stands in
 * its place, so that hours of races take seconds, and two runs are the same.
 */
async function inWorld<T>(entrant: Entrant, tally: Tally, live: (graph: SmallGraph) => Promise<T>): Promise<T> {
  const clock = manualClock();
  const machine = Date.now;
  Date.now = () => clock.now();
  try {
    const graph = new SmallGraph(entrant, tally, clock);
    const result = await live(graph);
    await graph.close();
    return result;
  } finally {
    Date.now = machine;
  }
}

class SmallGraph {
  readonly #contender: Contender;
  readonly #tally: Tally;
  readonly #clock: ManualClock;
  readonly #versions: Record<Key, number> = { a1: 1, a2: 1, b1: 1, b2: 1 };
  readonly #loads: { readonly key: Key; readonly land: () => void }[] = [];
  #waiting = 0;

  constructor(entrant: Entrant, tally: Tally, clock: ManualClock) {
    this.#tally = tally;
    this.#clock = clock;
    this.#contender = entrant.create({ clock, load: (key) => this.#load(key) });
  }

  async live(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#act(step);
    await this.landAll();
    // What is left in the cache, when nothing moves any more.
    for (const key of KEYS) void this.read(key);
    await this.landAll();
  }

  /** Judged by the version that was written and invalidated when the reader came. */
  async read(key: Key): Promise<Verdict> {
    const known = this.#versions[key];
    this.#tally.reads += 1;
    this.#waiting += 1;
    const verdict = judge(await this.#contender.read(key).catch(() => undefined), known);
    this.#waiting -= 1;
    this.#tally.verdicts[verdict] += 1;
    return verdict;
  }

  async write(key: Key, name: Name): Promise<void> {
    this.#versions[key] += 1;
    await this.#contender.invalidate(name);
  }

  async wait(ms: number): Promise<void> {
    await this.#clock.advance(ms);
  }

  /** Every load lands, also those that start meanwhile. */
  async landAll(): Promise<void> {
    await settled();
    for (let load = this.#loads.shift(); load !== undefined; load = this.#loads.shift()) {
      load.land();
      await settled();
    }
  }

  async close(): Promise<void> {
    this.#tally.verdicts.error += this.#waiting;
    await this.#contender.close();
  }

  async #act({ do: what, key, pick, turns }: Step): Promise<void> {
    if (what === 'read') void this.read(key);
    else if (what === 'write') await this.write(key, pick < 0.5 ? groupOf(key) : key);
    else if (what === 'land') this.#loads.splice(Math.floor(pick * this.#loads.length), 1)[0]?.land();
    else await this.wait(1 + pick * MAX_WAIT_MS);
    if (turns === null) await this.wait(1);
    else for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  }

  /** A slow load: it has seen its row already, and lands when the script says so. */
  #load(key: Key): Promise<number> {
    const version = this.#versions[key];
    const load = new Promise<number>((resolve) => this.#loads.push({ key, land: () => resolve(version) }));
    const atOnce = this.#loads.filter((each) => each.key === key).length;
    this.#tally.loads += 1;
    this.#tally.mostAtOnce = Math.max(this.#tally.mostAtOnce, atOnce);
    return load;
  }
}

function judge(answer: Answer | undefined, known: number): Verdict {
  if (answer === undefined) return 'error';
  const isOld = answer.version < known;
  if (answer.labelled) return isOld ? 'labelled, old' : 'labelled, current';
  return isOld ? 'stale' : 'current';
}

const emptyTally = (): Tally => ({
  verdicts: { current: 0, stale: 0, 'labelled, current': 0, 'labelled, old': 0, error: 0 },
  reads: 0,
  loads: 0,
  mostAtOnce: 0,
});

function randomStep(random: () => number): Step {
  const [what, key, pick, turns] = [random(), random(), random(), random()];
  return {
    do: ODDS[Math.floor(what * ODDS.length)] ?? 'read',
    key: KEYS[Math.floor(key * KEYS.length)] ?? 'a1',
    pick,
    turns: turns < 0.5 ? null : Math.floor((turns - 0.5) * 8),
  };
}
