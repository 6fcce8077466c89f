// Our client for one upstream service: queries in, checked answers out, any number of them in one
// HTTP request.
import type { FailureReason } from '../../errors.ts';
import { SourceError } from '../../errors.ts';
import type { EventKind } from '../model/event.ts';
import { operationOf, parseResults, requestOf, type SourceQuery, type SourceResult } from './entities.ts';
import type { SourceAdapter } from './kinds.ts';

/**
 * Sends a GraphQL request body to the service and gives the body of its 200 answer. Rejects with
 * {@link SourceError}.
 */
export type Post = (body: string) => Promise<string>;

/** One source: which kind of event it has, and how to ask it. */
export interface Source {
  readonly kind: EventKind;
  /** Answers in the order of the queries, an Error in place of each that failed. Never rejects. */
  ask(queries: readonly SourceQuery[]): Promise<readonly (SourceResult | Error)[]>;
}

/** The source that speaks the contract in these words through this transport. */
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
