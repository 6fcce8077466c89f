// One source, attendance, fails in every way, with and without copies of what it said before, while
// requests come at a constant rate. Users with even numbers have been read before the fault; those
// with odd numbers have other courses and are cold.
import {
  Bars,
  type Case,
  type FaultWorld,
  isBaseline,
  loopDelayOf,
  metricOf,
  type Outcome,
  SHARED,
  shownContention,
  statusesOf,
  timesOf,
  UNLIMITED,
  watchContention,
  within,
} from './case.ts';
import type { LoadJob, LoadResult } from './load.ts';
import type { Env, Program } from './program.ts';
import type { SourceFault } from './sources.ts';

const WARM = { first: 0, count: 60, step: 2 };
const COLD = { first: 1, count: 60, step: 2 };
const RATE = 40;
const MIN_RATE = 5;
const WARM_UP_S = 4;
const TTL_MS = 2_000;
/** The TTL has a part of its own for each key, of at most a tenth; and an answer takes time. */
const FRESH_MS = 1.1 * TTL_MS + 1_500;
/**
 * No stored answers, so that all requests take the same way; a busy machine sheds nothing, and of
 * deadlines only that of a source is short.
 */
const SETTINGS = { ...UNLIMITED, SOURCE_TIMEOUT: '500ms', SLICE_TTL: `${TTL_MS}ms`, RESPONSE_CACHE_BYTES: '0B' };

interface Run {
  readonly program: Program;
  readonly healthy: LoadResult;
  readonly faulty: LoadResult;
  /** Milliseconds until all was FRESH again after the fault, or null. */
  readonly freshAfter: number | null;
  /** Calls to attendance, without the fault and with it. */
  readonly calls: readonly [number, number];
  readonly loopDelay: number;
  readonly seconds: number;
  /** The part of the time in which others had the processors. */
  readonly contention: number;
}

/** A run without the fault, one with it, and the time until all is well. */
async function during(world: FaultWorld, fault: SourceFault, isWarm: boolean, env: Env = {}): Promise<Run> {
  const { sources, load, pick } = world;
  const program = await world.start({ env: { ...SETTINGS, ...env } });
  const seconds = pick(4, 12);
  const reader = { urls: program.urls, users: WARM, freshMs: FRESH_MS, seconds };
  const { sent } = await load.run({ ...reader, workers: 2, seconds: WARM_UP_S });
  // On a busy machine fewer, so that there is no queue without a fault.
  const job: LoadJob = { ...reader, rate: Math.max(MIN_RATE, Math.min(RATE, sent / WARM_UP_S / 3)) };
  await load.run({ ...job, seconds: 2 });
  const contention = watchContention(program);
  await sources.forget();
  const healthy = await load.run(job);
  const before = (await sources.counts()).ATTENDANCE.calls;
  await program.calendars[0]?.metrics();
  await sources.forget();
  await sources.fault('ATTENDANCE', fault);
  const faulty = await load.run({ ...job, users: isWarm ? WARM : COLD });
  const during = (await sources.counts()).ATTENDANCE.calls;
  const others = contention();
  const loopDelay = Math.max(...(await Promise.all(program.parts.map(loopDelayOf))));
  await sources.fault('ATTENDANCE', {});
  const users = { ...(isWarm ? WARM : COLD), count: 10 };
  const freshAfter = await within(10_000, async () => {
    const { states } = await load.run({ urls: program.urls, workers: 4, requests: 10, users });
    return Object.keys(states.ATTENDANCE).every((state) => state === 'FRESH');
  });
  return { program, healthy, faulty, freshAfter, calls: [before, during], loopDelay, seconds, contention: others };
}

/** What holds of every such run. */
function check({ program, healthy, faulty, freshAfter, calls: [before, during], seconds }: Run): Bars {
  const bars = new Bars();
  bars.general(program, [healthy, faulty]);
  bars.hold(`g8: all FRESH after ${freshAfter} ms`, freshAfter !== null && freshAfter <= 5_000);
  // A run may begin just before all expires: once more than the run without the fault.
  const most = before * (1.1 + TTL_MS / 1_000 / seconds);
  bars.hold(`g10: ${during} calls with the fault, ${before} without`, during <= Math.max(20, most));
  for (const kind of ['LECTURE', 'ASSIGNMENT'] as const) {
    const bad = Object.keys(faulty.states[kind]).filter((state) => state.startsWith('UNAVAILABLE'));
    bars.hold(`g5: ${kind} ${bad.join(', ')}`, bad.length === 0);
  }
  return bars;
}

const statesOf = (result: LoadResult) =>
  Object.entries(result.states.ATTENDANCE)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');

function shownTimes({ healthy, faulty, calls, freshAfter, loopDelay, contention }: Run): string {
  const [well, ill] = [timesOf(healthy), timesOf(faulty)];
  return `p50 ${well.p50} → ${ill.p50}, p95 ${well.p95} → ${ill.p95}, p99 ${well.p99} → ${ill.p99} ms; ${statesOf(faulty)}; calls ${calls.join(' → ')}; FRESH after ${freshAfter} ms; loop delay p99 ${loopDelay} ms; ${shownContention(contention)}`;
}

/** Two runs without a fault differ by so much; and on a machine that others use. */
const ROOM_MS = 25;
const SHARED_ROOM_MS = 100;

const roomOf = ({ contention }: Run) => (contention > SHARED ? SHARED_ROOM_MS : ROOM_MS);

/** Late by at most `marginMs`, with room. */
function isInTime(run: Run, ill: number, well: number, marginMs: number): boolean {
  const most = well + marginMs + roomOf(run);
  return ill <= (run.contention > SHARED ? Math.max(2 * (well + marginMs), most) : most);
}

function holdLate(bars: Bars, run: Run, marginMs: number): void {
  const [well, ill] = [timesOf(run.healthy), timesOf(run.faulty)];
  bars.hold(`p50 ${ill.p50} ms, ${well.p50} ms without the fault`, isInTime(run, ill.p50, well.p50, marginMs));
  bars.hold(`p95 ${ill.p95} ms, ${well.p95} ms without the fault`, isInTime(run, ill.p95, well.p95, marginMs));
}

function holdStates(bars: Bars, { faulty }: Run, allowed: RegExp): void {
  const other = Object.keys(faulty.states.ATTENDANCE).filter((state) => !allowed.test(state));
  bars.hold(`states ${other.join(', ')}`, other.length === 0);
}

async function cold(world: FaultWorld, fault: SourceFault, allowed: RegExp): Promise<Outcome> {
  const run = await during(world, fault, false);
  const bars = check(run);
  holdStates(bars, run, allowed);
  holdLate(bars, run, 20);
  return { measured: shownTimes(run), failures: bars.failures };
}

async function warm(world: FaultWorld, fault: SourceFault): Promise<Outcome> {
  const run = await during(world, fault, true);
  const bars = check(run);
  holdStates(bars, run, /^(FRESH|STALE)/);
  bars.hold(
    'nothing is STALE',
    Object.keys(run.faulty.states.ATTENDANCE).some((state) => state.startsWith('STALE')),
  );
  holdLate(bars, run, 5);
  return { measured: shownTimes(run), failures: bars.failures };
}

/**
 * A source that hangs: until the breaker opens an answer takes the source's deadline, then none
 * does.
 */
async function hanging(world: FaultWorld, hang: 'headers' | 'body'): Promise<Outcome> {
  const run = await during(world, { hang }, false);
  const bars = check(run);
  holdStates(bars, run, /^UNAVAILABLE (TIMEOUT|CIRCUIT_OPEN|OVERLOADED|UNREACHABLE)/);
  const [well, first, later] = [
    timesOf(run.healthy),
    timesOf(run.faulty, 200, 0, 2_000),
    timesOf(run.faulty, 200, 2_000),
  ];
  bars.hold(`p99 ${first.p99} ms in the first 2 s`, first.p99 < 550 + well.p99 + roomOf(run));
  bars.hold(`p50 ${later.p50} ms after 2 s, ${well.p50} ms without the fault`, isInTime(run, later.p50, well.p50, 10));
  bars.hold(`p95 ${later.p95} ms after 2 s, ${well.p95} ms without the fault`, isInTime(run, later.p95, well.p95, 10));
  const measured = `first 2 s p99 ${first.p99} ms, then p50 ${later.p50}, p95 ${later.p95} ms; ${shownTimes(run)}`;
  return { measured, failures: bars.failures };
}

/** Of the circuit breaker, in a run of less than a minute; in a short one. */
const MAX_TRANSITIONS = 6;
const MAX_TRANSITIONS_SHORT = 2;

/** Latencies on both sides of the deadline; every read is of what has expired. */
async function slow(world: FaultWorld): Promise<Outcome> {
  const run = await during(world, { delayMs: 400, spreadMs: 300 }, true, { STALE_WHILE_REVALIDATE: '0ms' });
  const bars = check(run);
  const { 200: answered = 0, ...others } = statusesOf(run.faulty);
  bars.hold(`statuses ${JSON.stringify(others)}`, answered >= 0.999 * run.faulty.sent);
  const [calendar] = run.program.calendars;
  const failed = calendar === undefined ? 0 : await metricOf(calendar, 'calendar_source_requests_total', 'TIMEOUT');
  const transitions = calendar?.output().match(/a service that fail(?:s|ed) is /g)?.length ?? 0;
  const most = world.pick(MAX_TRANSITIONS_SHORT, MAX_TRANSITIONS);
  bars.hold(`${transitions} transitions of the breaker`, transitions <= most);
  const measured = `${shownTimes(run)}; ${failed} calls ended by the deadline; ${transitions} transitions of the breaker`;
  return { measured, failures: bars.failures };
}

/** Connections that are closed when they are used again, which a retry covers. */
async function reused(world: FaultWorld): Promise<Outcome> {
  const { load, sources, pick } = world;
  const bars = new Bars();
  const never = { STALE_WHILE_REVALIDATE: '0ms', STALE_IF_ERROR: '0ms' };
  const program = await world.start({
    env: { ...UNLIMITED, ...never, SLICE_TTL: '100ms', RESPONSE_CACHE_BYTES: '0B' },
  });
  await sources.fault('ATTENDANCE', { closeReused: 0.05 });
  const result = await load.run({ urls: program.urls, users: WARM, workers: 4, requests: pick(600, 4_000) });
  const { calls, closed } = (await sources.counts()).ATTENDANCE;
  bars.general(program, [result]);
  bars.hold(`a failure was seen: ${statesOf(result)}`, (result.states.ATTENDANCE.FRESH ?? 0) === result.sent);
  bars.hold(`${closed} connections were closed`, closed >= 5);
  const measured = `${closed} of ${calls + closed} calls lost their connection; ${statesOf(result)}`;
  return { measured, failures: bars.failures };
}

/** Half of the clients leave; the others get their answers, and nothing is held afterwards. */
async function leaving(world: FaultWorld): Promise<Outcome> {
  const { load, sources, pick } = world;
  const bars = new Bars();
  const env = {
    ...SETTINGS,
    SOURCE_TIMEOUT: UNLIMITED.SOURCE_TIMEOUT,
    SLICE_TTL: '200ms',
    STALE_WHILE_REVALIDATE: '0ms',
  };
  const program = await world.start({ env });
  const job: LoadJob = { urls: program.urls, rate: RATE, seconds: pick(4, 12), users: WARM };
  await sources.fault('ATTENDANCE', { delayMs: 60, spreadMs: 40 });
  await load.run({ ...job, rate: 2 * RATE });
  const first = program.parts.map((part) => part.sockets());
  const result = await load.run({ ...job, rate: 2 * RATE, cancelShare: 0.5 });
  await sources.fault('ATTENDANCE', {});
  bars.general(program, [result]);
  const fresh = result.states.ATTENDANCE.FRESH ?? 0;
  const answers = timesOf(result).count;
  bars.hold(`${fresh} FRESH of ${answers} answers`, fresh === answers);
  bars.hold('nobody left', result.cancelled > result.sent / 4);
  let last: number[] = [];
  const isBack = async () => {
    last = program.parts.map((part) => part.sockets());
    return last.every((now, index) => isBaseline(now, first[index] ?? 0));
  };
  const back = await within(80_000, isBack);
  bars.hold(`g7: sockets ${first.join(', ')} before, ${last.join(', ')} after`, back !== null);
  const measured = `${result.cancelled} of ${result.sent} left; ${fresh} of ${answers} others FRESH; sockets ${first.join(', ')} → ${last.join(', ')}`;
  return { measured, failures: bars.failures };
}

/** With copies and without. */
export const SOURCE_FAULTS: readonly Case[] = [
  {
    id: 'F01',
    what: 'port closed, cold',
    bar: '100 % 200; UNAVAILABLE; at most 20 ms later than without the fault',
    mutant: {
      file: 'src/calendar/cache/fresh-cache.ts',
      from: "return { state: 'UNAVAILABLE', value: null, fetchedAt: null, reason };",
      to: 'throw new Error(reason);',
    },
    run: (world) => cold(world, { refuse: true }, /^UNAVAILABLE (UNREACHABLE|CIRCUIT_OPEN)/),
  },
  {
    id: 'F02',
    what: 'port closed, with copies',
    bar: 'STALE; at most 5 ms later',
    mutant: { settings: { STALE_IF_ERROR: '0ms', STALE_WHILE_REVALIDATE: '0ms' } },
    run: (world) => warm(world, { refuse: true }),
  },
  {
    id: 'F03',
    what: 'hangs before the headers, cold',
    bar: 'p99 < 550 ms until the breaker opens (≤ 2 s), then at most 10 ms later',
    mutant: { settings: { SOURCE_TIMEOUT: '5s', CALENDAR_TIMEOUT: '6s', GATEWAY_TIMEOUT: '7s' } },
    run: (world) => hanging(world, 'headers'),
  },
  {
    id: 'F04',
    what: 'hangs, with copies',
    bar: 'STALE; at most 5 ms later from the first second on',
    mutant: { settings: { STALE_WHILE_REVALIDATE: '0ms', STALE_IF_ERROR: '0ms' } },
    run: (world) => warm(world, { hang: 'headers' }),
  },
  {
    id: 'F05',
    what: 'hangs in the middle of the body, cold',
    bar: 'as F03',
    mutant: { settings: { SOURCE_TIMEOUT: '5s', CALENDAR_TIMEOUT: '6s', GATEWAY_TIMEOUT: '7s' } },
    run: (world) => hanging(world, 'body'),
  },
  {
    id: 'F07',
    what: 'latency of 400 ± 300 ms, nothing stale allowed',
    bar: '≥ 99.9 % 200; calls at most a tenth more; breaker ≤ 6 transitions',
    mutant: { file: 'src/http/client/trip-rule.ts', from: 'return isSilent ||', to: 'return true ||' },
    run: slow,
  },
  {
    id: 'F12',
    what: 'one connection in twenty is closed when it is used again',
    bar: 'no failure is seen',
    mutant: { file: 'src/http/client/transport.ts', from: 'if (!retry ||', to: 'if (true ||' },
    run: reused,
  },
  {
    id: 'F39',
    what: 'half of the clients leave at a random time',
    bar: 'the others’ answers are whole; sockets are back at the baseline',
    mutant: { none: 'a load has no signal of one reader that could end it for others' },
    run: leaving,
  },
];
