// Requests from a process of their own, at a constant rate or so many at a time, and what became of
// them: every answer is compared with the rule of world.ts. Started with fork.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { JWK } from 'jose';
import { Agent } from 'undici';
import type { EventKind } from '../../src/event-kinds.ts';
import { xorshift } from '../harness/random.ts';
import { createTokens } from './identity.ts';
import { expectedOf, userId, windowOf } from './world.ts';

/** What is sent. */
export interface LoadJob {
  /** Gateways, without a path; requests go to each in turn. */
  readonly urls: readonly string[];
  /** Requests a second, whether earlier ones are answered or not; or so many at a time. */
  readonly rate?: number;
  readonly workers?: number;
  /** It ends after so many seconds, or so many requests. */
  readonly seconds?: number;
  readonly requests?: number;
  /** Numbers of users: `first`, `first + step`, … */
  readonly users: { readonly first: number; readonly count: number; readonly step?: number };
  /** The share of requests whose client leaves after a random time of at most 50 ms. */
  readonly cancelShare?: number;
  /** Whether a request is sent to the next gateway when it cannot connect. */
  readonly retry?: boolean;
  /** Tokens that were signed by nobody. */
  readonly forged?: boolean;
  /** Milliseconds for which a copy may be FRESH. */
  readonly freshMs?: number;
  readonly maxAge?: number;
  /** How much of the calendar. Default one. */
  readonly months?: number;
}

export type LoadAsk =
  | { readonly ask: 'start'; readonly privateJwk: JWK; readonly seed: number }
  | { readonly ask: 'run'; readonly job: LoadJob };

/** What became of the requests. */
export interface LoadResult {
  readonly sent: number;
  /**
   * Four for each: milliseconds since the begin, milliseconds until the answer, the status (0: no
   * answer), and 1 if no source is UNAVAILABLE in it.
   */
  readonly samples: readonly number[];
  readonly cancelled: number;
  /** Events that were seen. */
  readonly events: number;
  /** Events of another user or audience. */
  readonly foreign: number;
  /** Sources of answers whose events are not exactly those of the rule, FRESH or STALE. */
  readonly different: number;
  /** Sources that were FRESH with a copy that is older than it may be. */
  readonly tooOld: number;
  /** Answers with status 200 that have no calendar. */
  readonly empty: number;
  /** Requests that were sent to the next gateway after their connection was lost. */
  readonly resent: number;
  /** Those of them that were in progress then. */
  readonly interrupted: number;
  /** Answers that show the inside. */
  readonly leaks: number;
  /** 429 and 503 without Retry-After. */
  readonly withoutRetryAfter: number;
  /** For each kind, how often a source had which state: `STALE TIMEOUT`. */
  readonly states: Readonly<Record<EventKind, Readonly<Record<string, number>>>>;
  /** Delay of the sender's own event loop, 99th percentile, in milliseconds. */
  readonly senderDelay: number;
  /** The first unexpected texts. */
  readonly examples: readonly string[];
}

const DOCUMENT = `query Load($from: DateTime!, $to: DateTime!, $maxAge: Int) { viewer { calendar(from: $from, to: $to, maxAge: $maxAge) {
  events { id ern kind title startsAt endsAt } sources { kind status reason fetchedAt } } } }`;
const INSIDE = /node_modules|\/src\/|\bat \w+ \(|ECONN|127\.0\.0\.1|localhost:|ERR_[A-Z_]{4,}|SELECT |stranger/;
const PATIENCE_MS = 20_000;
const TICK_MS = 5;
const EXAMPLES = 5;
const JSON_BODY = { 'content-type': 'application/json' };

interface Shown {
  readonly events: readonly { readonly ern: string; readonly kind: EventKind; readonly title: string }[];
  readonly sources: readonly {
    readonly kind: EventKind;
    readonly status: string;
    readonly reason: string | null;
    readonly fetchedAt: string | null;
  }[];
}

/** Counts what one run sees. */
class Tally {
  sent = 0;
  cancelled = 0;
  events = 0;
  foreign = 0;
  different = 0;
  tooOld = 0;
  empty = 0;
  resent = 0;
  interrupted = 0;
  leaks = 0;
  withoutRetryAfter = 0;
  readonly samples: number[] = [];
  readonly states = { LECTURE: {}, ATTENDANCE: {}, ASSIGNMENT: {} } as Record<EventKind, Record<string, number>>;
  readonly examples: string[] = [];
  readonly #begin = performance.now();

  counts(): Omit<LoadResult, 'senderDelay'> {
    return Object.fromEntries(Object.entries(this)) as unknown as ReturnType<Tally['counts']>;
  }

  add(begin: number, ms: number, status: number, isWhole = false): void {
    this.samples.push(Math.round(begin - this.#begin), Math.round(ms * 10) / 10, status, Number(isWhole));
  }

  note(text: string): void {
    if (this.examples.length < EXAMPLES) this.examples.push(text.slice(0, 300));
  }

  checkRefusal(status: number, text: string, retryAfter: boolean): void {
    if ([429, 503].includes(status) && !retryAfter) this.withoutRetryAfter += 1;
    if (INSIDE.test(text)) this.leaks += 1;
  }

  /** Whether no source is UNAVAILABLE. */
  check(user: string, text: string, { freshMs = Number.POSITIVE_INFINITY, months = 1 }: LoadJob): boolean {
    if (INSIDE.test(text)) {
      this.leaks += 1;
      this.note(text);
    }
    const { data } = JSON.parse(text) as { data?: { viewer: { calendar: Shown | null } | null } | null };
    const calendar = data?.viewer?.calendar;
    if (calendar == null) {
      this.empty += 1;
      this.note(text);
      return false;
    }
    for (const { kind, status, reason, fetchedAt } of calendar.sources) {
      const state = reason === null ? status : `${status} ${reason}`;
      this.states[kind][state] = (this.states[kind][state] ?? 0) + 1;
      if (status === 'FRESH' && Date.now() - Date.parse(String(fetchedAt)) > freshMs) this.tooOld += 1;
      this.#compare(
        expectedOf(kind, user, months),
        `${user}, ${kind} ${status}`,
        calendar.events.filter((event) => event.kind === kind),
      );
    }
    return calendar.sources.every(({ status }) => status !== 'UNAVAILABLE');
  }

  #compare(expected: ReadonlySet<string>, what: string, events: Shown['events']): void {
    const shown = events.map(({ ern, title }) => `${ern} ${title}`);
    this.events += shown.length;
    const foreign = shown.filter((one) => !expected.has(one));
    this.foreign += foreign.length;
    if (foreign[0] !== undefined) this.note(`${what} saw ${foreign[0]}`);
    const isWhole = new Set(shown).size === shown.length && shown.length === expected.size;
    if (!what.endsWith('UNAVAILABLE') && !isWhole) {
      this.different += 1;
      this.note(`${what}: ${shown.length} events of ${expected.size}`);
    }
  }
}

let tokenOf: (user: string) => Promise<string>;
let random = Math.random;

async function run(job: LoadJob): Promise<LoadResult> {
  const agent = new Agent({ connections: 2_000, headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  const tally = new Tally();
  const { first, count, step = 1 } = job.users;
  const one = (index: number) => send(job, userId(first + step * (index % count)), index, agent, tally);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await (job.rate === undefined ? closedLoop(job, one) : openLoop({ ...job, rate: job.rate }, one));
  delay.disable();
  await agent.destroy();
  return { ...tally.counts(), senderDelay: Math.round(delay.percentile(99) / 1e6) };
}

async function closedLoop(
  { workers = 1, seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY }: LoadJob,
  one: (index: number) => Promise<void>,
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  let begun = 0;
  const work = async () => {
    while (begun < requests && performance.now() < end) {
      begun += 1;
      await one(begun);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

async function openLoop(
  { rate, seconds = 1, requests = Math.round(rate * seconds) }: LoadJob & { rate: number },
  one: (index: number) => Promise<void>,
): Promise<void> {
  const open = new Set<Promise<void>>();
  const begin = performance.now();
  let begun = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(requests, ((performance.now() - begin) * rate) / 1_000);
      while (begun < due) {
        begun += 1;
        const running = one(begun).finally(() => open.delete(running));
        open.add(running);
      }
      if (begun < requests) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  await Promise.all(open);
}

/** An answer. Of its headers only what a sender is told about trying again. */
interface Received {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: boolean;
}

/**
 * Sends one request. `leaveAfter`: milliseconds after which the client leaves. As little as can be
 * is done for each, because the sender has the same processors as the program.
 */
function exchange(
  agent: Agent,
  { origin, authorization, body }: { origin: string; authorization: string; body: string },
  leaveAfter: number | null,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let [status, retryAfter] = [0, false];
    let timer: NodeJS.Timeout | undefined;
    const chunks: Buffer[] = [];
    agent.dispatch(
      { origin, path: '/graphql', method: 'POST', headers: { ...JSON_BODY, authorization }, body },
      {
        onRequestStart(controller) {
          if (leaveAfter !== null) timer = setTimeout(() => controller.abort(new Left()), leaveAfter);
        },
        onResponseStart(_, statusCode, headers) {
          status = statusCode;
          retryAfter = headers['retry-after'] !== undefined;
        },
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd() {
          clearTimeout(timer);
          resolve({ status, text: String(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)), retryAfter });
        },
        onResponseError(_, error) {
          clearTimeout(timer);
          reject(error);
        },
      },
    );
  });
}

/** Why a request was given up on purpose. */
class Left extends Error {}

/**
 * A request crosses the end of its idle connection for as long as a packet takes, and is read late
 * on a busy machine; one that is lost later, in milliseconds, was in progress.
 */
const CROSSED_MS = 50;

/** Never rejects. */
async function send(job: LoadJob, user: string, index: number, agent: Agent, tally: Tally): Promise<void> {
  tally.sent += 1;
  const token = await tokenOf(user);
  const begin = performance.now();
  const leaveAfter = random() < (job.cancelShare ?? 0) ? random() * 50 : null;
  const authorization = `Bearer ${job.forged === true ? forge(token) : token}`;
  const attempt = async (turn: number): Promise<void> => {
    const origin = job.urls[turn % job.urls.length] ?? '';
    const { status, text, retryAfter } = await exchange(
      agent,
      { origin, authorization, body: bodyOf(job) },
      leaveAfter,
    );
    const ms = performance.now() - begin;
    if (status === 200) return tally.add(begin, ms, status, tally.check(user, text, job));
    tally.add(begin, ms, status);
    tally.checkRefusal(status, text, retryAfter);
  };
  try {
    await attempt(index).catch((error: unknown) => {
      if (job.retry !== true || error instanceof Left) throw error;
      if ((error as { code?: string }).code !== 'ECONNREFUSED') {
        tally.resent += 1;
        if (performance.now() - begin > CROSSED_MS) tally.interrupted += 1;
      }
      return attempt(index + 1);
    });
  } catch (error) {
    if (error instanceof Left) tally.cancelled += 1;
    else {
      tally.add(begin, performance.now() - begin, 0);
      tally.note(String((error as { code?: string }).code ?? error));
    }
  }
}

const bodies = new Map<string, string>();

/** The same text for each request of a run. */
function bodyOf({ months = 1, maxAge }: LoadJob): string {
  const key = `${months} ${maxAge}`;
  const known = bodies.get(key);
  if (known !== undefined) return known;
  const body = JSON.stringify({ query: DOCUMENT, variables: { ...windowOf(months), maxAge } });
  bodies.set(key, body);
  return body;
}

/** The same header and claims with another signature. */
function forge(token: string): string {
  const [head, claims] = token.split('.');
  return `${head}.${claims}.${Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256))).toString('base64url')}`;
}

async function obey(message: LoadAsk): Promise<object> {
  if (message.ask === 'run') return run(message.job);
  tokenOf = await createTokens(message.privateJwk);
  random = xorshift(message.seed);
  return {};
}

process.on('message', (message: LoadAsk) => {
  obey(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on('disconnect', () => process.exit(0));
