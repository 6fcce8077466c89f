// The client of one source: it sends any number of queries in one HTTP request and returns checked
// results. A request that is refused as a whole is divided, so that one query cannot make the
// others fail.
import type { Clock } from '../../clock.ts';
import { type DroppedItems, publish, type SourceCall } from '../../diagnostics.ts';
import type { FailureReason } from '../../errors.ts';
import { SourceError } from '../../errors.ts';
import { isTooLarge } from '../../http/client/exchange.ts';
import type { EventKind } from '../model/event.ts';
import {
  type Dropped,
  operationsOf,
  parseResults,
  requestOf,
  type SourceQuery,
  type SourceResult,
} from './entities.ts';
import type { SourceAdapter } from './kinds.ts';

/**
 * Sends a GraphQL request body to the service and returns the body of the answer. Rejects with
 * {@link SourceError}.
 */
export type Post = (body: string) => Promise<string>;

/** One source and its kind of events. */
export interface Source {
  readonly kind: EventKind;
  /**
   * Results in the order of the queries, with an Error for each that failed. Never rejects.
   * `requestIds`: requests for which it is asked, for the reports. Default none.
   */
  ask(queries: readonly SourceQuery[], requestIds?: readonly string[]): Promise<readonly (SourceResult | Error)[]>;
}

/**
 * A source with this adapter over this connection. Every call and every dropped item is reported
 * to the diagnostics channels.
 */
export function createSource(adapter: SourceAdapter, post: Post, clock: Pick<Clock, 'elapsed'>): Source {
  const operations = operationsOf(adapter);
  const { kind } = adapter;
  return {
    kind,
    ask(queries, requestIds = []) {
      const attempt = async (part: readonly SourceQuery[]): Promise<Results> => {
        try {
          const body = await post(requestOf(adapter, operations, part));
          const slices: DroppedItems['items'][number][] = [];
          const results = parseResults(adapter, part, body, ({ audience, month }, dropped) => {
            slices.push({ audience, month: month.name, count: dropped.length, ...summaryOf(dropped) });
          });
          if (slices.length > 0) publish('calendar:dropped-items', { kind, requestIds, items: slices });
          return results;
        } catch (error) {
          const failure = error instanceof SourceError ? error : unexpected(error);
          return part.map(() => failure);
        }
      };
      const send = async (part: readonly SourceQuery[]): Promise<Results> => {
        const startedAt = clock.elapsed();
        const results = await attempt(part);
        const ms = clock.elapsed() - startedAt;
        publish('calendar:source-call', { kind, size: part.length, ms, requestIds, failures: failuresIn(results) });
        return results;
      };
      const toFindOne = 2 * Math.ceil(Math.log2(Math.max(1, queries.length)));
      const left = {
        calls: toFindOne + CALLS_FOR_NEIGHBOURS,
        toFindOne,
        further: MAX_BAD_QUERIES,
        forSize: CALLS_FOR_SIZE,
      };
      return askDivided(send, queries, left);
    },
  };
}

/** The different reasons, each with the name of an item. */
function summaryOf(dropped: readonly Dropped[]) {
  const byReason = new Map(dropped.map(({ reason, ern }) => [reason, ern]));
  return { reasons: [...byReason.keys()], examples: [...byReason.values()] };
}

/** One failure for each message. */
function failuresIn(results: Results): SourceCall['failures'] {
  const failures = new Map<string, SourceCall['failures'][number]>();
  for (const result of results) {
    if (!(result instanceof SourceError)) continue;
    const { reason, message, cause } = result;
    const why = cause instanceof Error ? `${message} (${cause.message})` : message;
    if (!failures.has(why)) failures.set(why, { reason, message: why });
  }
  return [...failures.values()];
}

/** For bad queries beside the first that is found. */
const CALLS_FOR_NEIGHBOURS = 8;
/** So many further bad queries are looked for, once the source has answered a part. */
const MAX_BAD_QUERIES = 16;
/** Enough for answers that are thirty times as large as is allowed. */
const CALLS_FOR_SIZE = 64;

type Results = readonly (SourceResult | Error)[];

/**
 * Sends the queries; if all are refused, each half is sent again. `left.calls`: how many further
 * calls may be made, enough to find one bad query, so that a source that refuses everything is not
 * flooded; each part that is answered allows as many again, `left.further` times. `left.forSize`:
 * how many because an answer was too large; they always lead on.
 */
async function askDivided(
  send: (queries: readonly SourceQuery[]) => Promise<Results>,
  queries: readonly SourceQuery[],
  left: { calls: number; readonly toFindOne: number; further: number; forSize: number },
): Promise<Results> {
  const results = await send(queries);
  if (left.further > 0 && !results.every(isRefused)) {
    left.further -= 1;
    left.calls += left.toFindOne;
  }
  const budget = results.every(isTooLarge) ? 'forSize' : 'calls';
  if (queries.length < 2 || left[budget] < 2 || !results.every(isRefused)) return results;
  left[budget] -= 2;
  const middle = Math.ceil(queries.length / 2);
  const first = await askDivided(send, queries.slice(0, middle), left);
  return [...first, ...(await askDivided(send, queries.slice(middle), left))];
}

/** Whether the source answered, but not with a result. */
const isRefused = (result: SourceResult | Error): boolean =>
  result instanceof SourceError && result.reason === 'BAD_RESPONSE';

function unexpected(cause: unknown): SourceError {
  const reason: FailureReason = 'BAD_RESPONSE';
  return new SourceError(reason, 'unexpected failure', { cause });
}
