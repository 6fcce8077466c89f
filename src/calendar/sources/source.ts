// The client of one source: it sends any number of queries in one HTTP request and returns checked
// results.
import type { FailureReason } from '../../errors.ts';
import { SourceError } from '../../errors.ts';
import type { EventKind } from '../model/event.ts';
import { operationOf, parseResults, requestOf, type SourceQuery, type SourceResult } from './entities.ts';
import type { SourceAdapter } from './kinds.ts';

/**
 * Sends a GraphQL request body to the service and returns the body of the answer. Rejects with
 * {@link SourceError}.
 */
export type Post = (body: string) => Promise<string>;

/** One source and its kind of events. */
export interface Source {
  readonly kind: EventKind;
  /** Results in the order of the queries, with an Error for each that failed. Never rejects. */
  ask(queries: readonly SourceQuery[]): Promise<readonly (SourceResult | Error)[]>;
}

/** A source with this adapter over this connection. */
export function createSource(adapter: SourceAdapter, post: Post): Source {
  const operation = operationOf(adapter);
  return {
    kind: adapter.kind,
    async ask(queries) {
      try {
        return parseResults(adapter, queries, await post(requestOf(adapter, operation, queries)));
      } catch (error) {
        const failure = error instanceof SourceError ? error : unexpected(error);
        return queries.map(() => failure);
      }
    },
  };
}

function unexpected(cause: unknown): SourceError {
  const reason: FailureReason = 'BAD_RESPONSE';
  return new SourceError(reason, 'unexpected failure', { cause });
}
