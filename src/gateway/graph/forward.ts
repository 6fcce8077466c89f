// Operations that the calendar answers alone: its bytes are passed on, without planning, parsing
// and shaping them. Which operations these are is learned: one that was answered in the usual way,
// without errors and in one call to the calendar, is forwarded from then on. An answer with errors
// is not passed on: then the operation goes the usual way, which words errors for clients.
import { BoundedMap } from '../../bounded-map.ts';
import type { Transport } from '../../http/client/transport.ts';
import type { Fetches } from './fetches.ts';
import { type CallOptions, type GatewayContext, subgraphCall } from './subgraph-source.ts';

/** An operation that passed all checks of a request. */
export interface Operation {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: unknown;
  /** The request's Accept header. */
  readonly accept: string;
}

/** The calendar's answer. */
export interface ForwardedAnswer {
  /** In UTF-8. */
  readonly content: Buffer;
  readonly contentType: string;
  readonly validator: string | null;
}

/** Forwards what it has learned. */
export interface Forward {
  /** Null: go the usual way. Never rejects. */
  readonly ask: (operation: Operation, context: GatewayContext) => Promise<ForwardedAnswer | null>;
  /** The operation was answered in the usual way with this content type. */
  readonly learn: (operation: Operation, contentType: string, fetches: Pick<Fetches, 'count' | 'isWholeFrom'>) => void;
}

const LEARNED = 1_000;
const MAX_LENGTH = 8_192;
const CALENDAR = 'calendar';

/** See the head of this file. `transport`: to the calendar. */
export function createForward(options: CallOptions & { readonly transport: Transport }): Forward {
  const contentTypes = new BoundedMap<string, string>(LEARNED);
  const nameOf = ({ accept, operationName, query }: Operation) => `${accept}\n${operationName ?? ''}\n${query}`;
  return {
    learn(operation, contentType, { count, isWholeFrom }) {
      const name = nameOf(operation);
      if (count === 1 && isWholeFrom === CALENDAR && name.length <= MAX_LENGTH) contentTypes.set(name, contentType);
    },
    async ask(operation, context) {
      const contentType = contentTypes.get(nameOf(operation));
      if (contentType === undefined) return null;
      const { query, operationName, variables } = operation;
      try {
        const { status, bytes, headers } = await subgraphCall(options, CALENDAR, context, (call) =>
          options.transport.post({ body: JSON.stringify({ query, operationName, variables }), ...call, retry: true }),
        );
        if (status !== 200 || headers['x-without-errors'] !== 'true') return null;
        const validator = headers['x-validator'];
        return { content: bytes, contentType, validator: typeof validator === 'string' ? validator : null };
      } catch {
        // Reported by the call; the usual way says it to the client.
        return null;
      }
    },
  };
}
