// Asks the calendar whether stored answers are still valid: all questions of one turn of the event
// loop in one call, and those that come while a call is under way in the next one; under load they
// are gathered for a millisecond, too. Many are a call at once, so that the calendar looks at some
// while the answers to others are sent. No answer, a late one and a failure all mean that a stored
// answer is not given.
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Clock } from '../../clock.ts';
import { reportError, requestsOf } from '../../diagnostics.ts';
import { SourceError } from '../../errors.ts';
import type { Transport } from '../../http/client/transport.ts';
import { isObject, parseJson } from '../../json.ts';
import { type TracePlace, within, withSharedSpan } from '../../tracing.ts';

/** A validator, and the maximum age in milliseconds of the copies behind it; undefined: any. */
export interface Question {
  readonly validator: string;
  readonly maxAge: number | undefined;
}

/** For which request it is asked, and where that is in its trace. */
export interface Asker {
  readonly requestId: string;
  readonly place: TracePlace | undefined;
}

/**
 * Hears whether the answer is valid now; null: the calendar did not say so in time. Must not throw.
 */
export type Said = (isValid: boolean | null) => void;

/** Asks. Never throws. Without a promise, because every hot request asks. */
export type Revalidate = (question: Question, said: Said, asker?: Asker) => void;

/** Options of {@link createRevalidator}. */
export interface RevalidatorOptions {
  /** The calendar. */
  readonly transport: Pick<Transport, 'post'>;
  readonly sign: SignInternal;
  readonly clock: Pick<Clock, 'after'>;
  /** Runs once the requests of this turn have asked. Default setImmediate. */
  readonly afterTurn?: (run: () => void) => void;
  /** Runs a millisecond later, by which calls are apart under load. Default setTimeout. */
  readonly afterPause?: (run: () => void) => void;
  /** Whether the calendar loads what is not fresh before it answers. Default false. */
  readonly load?: boolean;
  /** How long a stored answer waits for the calendar, in milliseconds. Default 50. */
  readonly lateMs?: number;
}

const LATE_MS = 50;
/** How long questions wait at most for the call that is under way, in milliseconds. */
const GATHER_MS = 5;
/** Load: so many requests share a call. A call costs more than its questions. */
const MANY = 4;
/** So many requests are a call at once, while at most one call is under way. */
const ENOUGH = 32;
const pause = (run: () => void): void => void setTimeout(run, 1).unref();
/** Maximum characters of the validators in one call, well below the calendar's limit of a body. */
const MAX_CHARACTERS = 400_000;

/** One question, and all who asked it. */
interface Waiting extends Question {
  readonly said: Said[];
  readonly askers: (Asker | undefined)[];
}

/** See the head of this file. */
export function createRevalidator(options: RevalidatorOptions): Revalidate {
  const { afterTurn = setImmediate, afterPause = pause, clock } = options;
  let waiting = new Map<string, Waiting>();
  let asking = 0;
  let running = 0;
  let cancelTimer = () => {};
  let isPausing = false;
  const sendUnlessHeld = () => {
    if (running === 0 && !isPausing && asking > 0) send();
  };
  const send = () => {
    cancelTimer();
    const all = [...waiting.values()];
    waiting = new Map();
    isPausing = asking >= MANY;
    asking = 0;
    if (isPausing) {
      afterPause(() => {
        isPausing = false;
        sendUnlessHeld();
      });
    }
    for (const batch of batchesOf(all)) {
      running += 1;
      const places = batch.flatMap(({ askers }) => askers.map((asker) => asker?.place));
      void withSharedSpan('response_cache.revalidate', { 'calendar.batch.size': batch.length }, places, (_, place) =>
        askFor(batch, place, options),
      ).finally(() => {
        running -= 1;
        sendUnlessHeld();
      });
    }
  };
  const sendSoon = () => {
    if (running > 0) cancelTimer = clock.after(GATHER_MS, send);
    else if (!isPausing) afterTurn(sendUnlessHeld);
  };
  return ({ validator, maxAge }, said, asker) => {
    if (asking === 0) sendSoon();
    asking += 1;
    const id = maxAge === undefined ? validator : `${maxAge} ${validator}`;
    const same = waiting.get(id);
    if (same === undefined) waiting.set(id, { validator, maxAge, said: [said], askers: [asker] });
    else {
      same.said.push(said);
      same.askers.push(asker);
    }
    if (asking >= ENOUGH && running < 2) send();
  };
}

/** The same as a promise, which never rejects. */
export function revalidated(revalidate: Revalidate, question: Question, asker?: Asker): Promise<boolean | null> {
  return new Promise((resolve) => revalidate(question, resolve, asker));
}

async function askFor(
  batch: readonly Waiting[],
  at: TracePlace | undefined,
  { transport, sign, load, lateMs = LATE_MS }: RevalidatorOptions,
): Promise<void> {
  let valid: readonly unknown[] = [];
  let isLate = false;
  try {
    const authorization = `Bearer ${await sign({ audience: 'calendar', scopes: ['answers:revalidate'] })}`;
    const checks = batch.map(({ validator, maxAge }) => ({ validator, maxAge, load }));
    const { body } = await transport.post({
      path: '/revalidate',
      body: JSON.stringify({ checks }),
      headers: { authorization },
      deadlineMs: lateMs,
      at,
    });
    valid = validFrom(body, batch.length);
  } catch (error) {
    isLate = error instanceof SourceError && error.reason === 'TIMEOUT';
    const requestIds = requestsOf(batch.flatMap(({ askers }) => askers.map((asker) => asker?.requestId)));
    within(at, () => reportError(error, { requestIds }));
  }
  for (const [index, { said }] of batch.entries()) {
    for (const one of said) one(isLate ? null : valid[index] === true);
  }
}

function validFrom(body: string, count: number): readonly unknown[] {
  const answer = parseJson(body, (cause) => new TypeError('revalidation: expected JSON', { cause }));
  const valid = isObject(answer) ? answer.valid : undefined;
  if (Array.isArray(valid) && valid.length === count) return valid;
  throw new TypeError(`revalidation: expected ${count} values`);
}

function batchesOf(all: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = [];
  let room = 0;
  for (const one of all) {
    if (batches.length === 0 || one.validator.length > room) {
      batches.push([]);
      room = MAX_CHARACTERS;
    }
    room -= one.validator.length;
    batches.at(-1)?.push(one);
  }
  return batches;
}
