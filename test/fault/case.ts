// What a case of the fault tests is, what it may use, and what holds in all of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../bench/numbers.ts';
import { PATIENT } from '../harness/patient.ts';
import type { Load, Sources } from './children.ts';
import type { LoadJob, LoadResult } from './load.ts';
import type { Mutant } from './mutant.ts';
import type { Part, Program, ProgramOptions } from './program.ts';

/** Of cases that are not about being late, or too often. */
export const UNLIMITED = { ...PATIENT, REQUEST_TIMEOUT: '60s', MAX_USER_REQUESTS: '0' } as const;

/** One row of the table. */
export interface Case {
  /** The number of the fault or attack. */
  readonly id: string;
  readonly what: string;
  readonly bar: string;
  /** The control, switched off: then the case must fail. */
  readonly mutant: Mutant;
  run(world: FaultWorld): Promise<Outcome>;
}

/** What was measured, and what was not as it must be. */
export interface Outcome {
  readonly measured: string;
  readonly failures: readonly string[];
}

/** What a case uses. */
export interface FaultWorld {
  /** Fewer seconds and requests. */
  readonly isShort: boolean;
  /** One of two values, by {@link isShort}. */
  readonly pick: <T>(short: T, long: T) => T;
  readonly sources: Sources;
  readonly load: Load;
  /** A second sender, for what comes beside the load. */
  readonly junk: Load;
  readonly tokenOf: (user: string, claims?: object) => Promise<string>;
  /** Starts the program; it is closed after the case. */
  start(options?: Omit<ProgramOptions, 'sources'>): Promise<Program>;
  /** Starts other sources, which are stopped after the case. */
  startSources(tls: { key: string; cert: string }): Promise<Sources>;
  /** Starts the program over them. */
  startOver(sources: Sources, options?: Omit<ProgramOptions, 'sources'>): Promise<Program>;
}

/** Milliseconds of the answered requests, and how many there are of each status. */
export interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** A request of a run: when it was sent, and what came back; times in milliseconds. */
interface Sample {
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly isWhole: boolean;
}

function* samplesOf({ samples }: Pick<LoadResult, 'samples'>): Generator<Sample> {
  for (let index = 0; index < samples.length; index += 4) {
    const [at = 0, ms = 0, status = 0, whole = 0] = samples.slice(index, index + 4);
    yield { at, ms, status, isWhole: whole === 1 };
  }
}

/** The times of answers with this status, of requests that began in [from, to) milliseconds. */
export function timesOf(
  result: Pick<LoadResult, 'samples'>,
  status = 200,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): Times {
  const times: number[] = [];
  for (const one of samplesOf(result)) if (one.status === status && one.at >= from && one.at < to) times.push(one.ms);
  const at = (share: number) => Math.round(quantile(times, share));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), count: times.length };
}

/** Answers in which no source is UNAVAILABLE. */
export function wholeOf(result: LoadResult): number {
  let count = 0;
  for (const { isWhole } of samplesOf(result)) count += Number(isWhole);
  return count;
}

/** How many answers had which status; 0: none. */
export function statusesOf(result: LoadResult): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of samplesOf(result)) counts[String(status)] = (counts[String(status)] ?? 0) + 1;
  return counts;
}

/** Collects what is not as it must be. */
export class Bars {
  readonly failures: string[] = [];

  hold(what: string, holds: boolean): void {
    if (!holds) this.failures.push(what);
  }

  /** No process has ended, none wrote of something unexpected, and what was answered is right. */
  general(program: Program, results: readonly LoadResult[], allowed: readonly number[] = [200]): void {
    for (const part of program.parts) {
      this.hold(`g1: ${part.name} has ended: ${part.output().slice(-500)}`, part.isUp());
      const [line] = part.unexpected();
      this.hold(`g2: ${part.name} wrote ${line?.slice(0, 300)}`, line === undefined);
    }
    for (const result of results) {
      this.hold(`g3: ${result.foreign} events of others: ${result.examples.join('; ')}`, result.foreign === 0);
      const other = Object.keys(statusesOf(result)).filter((status) => !allowed.includes(Number(status)));
      this.hold(`g4: statuses ${JSON.stringify(statusesOf(result))} ${result.examples.join('; ')}`, other.length === 0);
      this.hold(`g4: ${result.empty} without a calendar: ${result.examples.join('; ')}`, result.empty === 0);
      this.hold(`g5: ${result.different} not as the rule says: ${result.examples.join('; ')}`, result.different === 0);
      this.hold(`g9: ${result.leaks} answers show the inside: ${result.examples.join('; ')}`, result.leaks === 0);
      this.hold(`g11: ${result.tooOld} FRESH and too old`, result.tooOld === 0);
      this.hold(`${result.withoutRetryAfter} 429 or 503 without Retry-After`, result.withoutRetryAfter === 0);
    }
  }
}

/**
 * The part of the time in which the program wanted a processor that others had it, since the call
 * of this function. On a machine of one's own it is small.
 */
export function watchContention({ parts }: Pick<Program, 'parts'>): () => number {
  const now = () => parts.map((part) => part.processor());
  const sumOf = (all: ReturnType<typeof now>, of: 'ranMs' | 'waitedMs') => all.reduce((sum, one) => sum + one[of], 0);
  const before = now();
  return () => {
    const after = now();
    const [ran, waited] = (['ranMs', 'waitedMs'] as const).map((of) => sumOf(after, of) - sumOf(before, of));
    return (waited ?? 0) / ((ran ?? 0) + (waited ?? 0));
  };
}

/** From this part on others have the processors, and times have more room. */
export const SHARED = 0.25;

/** For the table. */
export const shownContention = (share: number) => `others had the processor for ${Math.round(100 * share)} %`;

/** The delay of the event loop since the last call, 99th percentile, in milliseconds. */
export async function loopDelayOf(part: Part): Promise<number> {
  return Math.round(1_000 * ((await part.metrics()).get('nodejs_eventloop_delay_p99_seconds') ?? Number.NaN));
}

/** Resident memory in MiB. */
export async function memoryOf(part: Part): Promise<number> {
  return ((await part.metrics()).get('process_resident_memory_bytes') ?? Number.NaN) / 2 ** 20;
}

/** The sum of a metric over its labels. */
export async function metricOf(part: Part, name: string, labels = ''): Promise<number> {
  let sum = 0;
  for (const [key, value] of await part.metrics()) {
    if ((key === name || key.startsWith(`${name}{`)) && key.includes(labels)) sum += value;
  }
  return sum;
}

/** Whether `see` holds within `ms`; how long it took. */
export async function within(ms: number, see: () => Promise<boolean>): Promise<number | null> {
  const begin = performance.now();
  for (;;) {
    if (await see()) return Math.round(performance.now() - begin);
    if (performance.now() - begin > ms) return null;
    await sleep(50);
  }
}

/** A small run that all sources answer FRESH. */
export async function areAllFresh(load: Load, job: LoadJob): Promise<boolean> {
  const result = await load.run({ ...job, workers: 4, requests: job.users.count });
  return Object.values(result.states).every((states) => Object.keys(states).every((state) => state === 'FRESH'));
}

/** Sockets at most a tenth (and four) more than at first. */
export const isBaseline = (now: number, first: number) => now <= Math.ceil(first * 1.1) + 4;
