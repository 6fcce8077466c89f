// The data source of one subgraph: a POST with the remaining time of the operation and a token for
// the user. Of the client's request only the query and its variables are sent. There is no circuit
// breaker: a subgraph that is back is called at once, and one that hangs costs at most the
// operation's deadline.

import type { GraphQLDataSource } from '@apollo/gateway';
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Principal } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { publish, reportError } from '../../diagnostics.ts';
import { ApiError, type FailureReason, SourceError } from '../../errors.ts';
import type { Transport } from '../../http/client/transport.ts';
import { isObject, parseJson } from '../../json.ts';
import type { ChangeHint } from './change-hint.ts';
import { beginCall, endCall, type Fetches, noFetches } from './fetches.ts';
import type { LastWrites } from './last-writes.ts';

/** The context of one operation. */
export interface GatewayContext {
  readonly principal: Principal;
  /** The operation's deadline, in milliseconds on the clock that never goes back. */
  readonly endsAt: number;
  /** The id of the request, for the subgraphs and the log. */
  readonly requestId?: string;
  /** Filled in by the data sources. Default: not recorded. */
  readonly fetches?: Fetches;
}

/** What every call to a subgraph needs. */
export interface CallOptions {
  readonly sign: SignInternal;
  readonly clock: Clock;
  readonly writes: LastWrites;
}

/** A subgraph did not answer. Clients are shown the sentence and the code only. */
export class SubgraphUnavailable extends ApiError {
  readonly subgraph: string;
  readonly reason: FailureReason;

  constructor(subgraph: string, reason: FailureReason, message: string) {
    super('UNAVAILABLE', message);
    this.subgraph = subgraph;
    this.reason = reason;
  }
}

type ProcessOptions = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];
type SubgraphAnswer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Sent under both names: subgraphs of the previous version know only the second. */
function lastWriteHeaders(ageMs: number) {
  return { 'x-last-write-age-ms': String(ageMs), 'x-wrote-ms-ago': String(ageMs) };
}

/** The headers of a call and its remaining time. Throws SourceError TIMEOUT when none is left. */
async function callOf({ sign, clock, writes }: CallOptions, name: string, context: GatewayContext) {
  const { principal, endsAt, requestId } = context;
  const token = await sign({ audience: name, user: principal });
  const deadlineMs = Math.floor(endsAt - clock.elapsed());
  if (deadlineMs <= 0) throw new SourceError('TIMEOUT', 'nothing left of the operation’s time');
  const lastWriteAgeMs = writes.maxAge(principal.id);
  const headers = {
    authorization: `Bearer ${token}`,
    'x-deadline-ms': String(deadlineMs),
    'x-accept-validator': '1',
    ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    ...(lastWriteAgeMs === undefined ? {} : lastWriteHeaders(lastWriteAgeMs)),
  };
  return { headers, deadlineMs };
}

/** Calls a subgraph for a user, and publishes how long it took and why it failed. */
export async function subgraphCall<T>(
  options: CallOptions,
  subgraph: string,
  context: GatewayContext,
  send: (call: Awaited<ReturnType<typeof callOf>>) => Promise<T>,
): Promise<T> {
  const { clock } = options;
  const startedAt = clock.elapsed();
  const { waiting } = context.fetches ?? noFetches();
  beginCall(waiting, startedAt);
  const ended = (error: string | null) => {
    const now = clock.elapsed();
    endCall(waiting, now);
    publish('calendar:subgraph-call', { subgraph, ms: now - startedAt, error });
  };
  try {
    const answer = await send(await callOf(options, subgraph, context));
    ended(null);
    return answer;
  } catch (error) {
    ended(error instanceof SourceError ? error.reason : 'unexpected');
    throw error;
  }
}

/**
 * A data source for @apollo/gateway. A failure becomes SubgraphUnavailable; its details go to
 * `calendar:error`.
 */
export function createSubgraphSource(
  options: CallOptions & { readonly name: string; readonly transport: Transport; readonly hint: ChangeHint },
): GraphQLDataSource<GatewayContext> {
  const { name, transport, writes, hint } = options;
  const ask = async ({ request, context }: ProcessOptions): Promise<SubgraphAnswer> => {
    const { principal, fetches } = context as GatewayContext;
    const { query = '', variables } = request;
    const isWrite = query.startsWith('mutation');
    try {
      return await subgraphCall(options, name, context as GatewayContext, async (call) => {
        if (fetches !== undefined) fetches.count += 1;
        const { body, headers } = await transport.post({
          body: JSON.stringify({ query, variables }),
          ...call,
          retry: !isWrite,
        });
        if (fetches !== undefined && !isWrite) {
          const { 'x-validator': validator, 'x-without-errors': whole } = headers;
          fetches.validator = typeof validator === 'string' ? validator : null;
          fetches.isWholeFrom = whole === 'true' ? name : null;
        }
        const { extensions, ...answer } = answerFrom(body);
        if (name === 'calendar' && isObject(extensions)) fetches?.details.push(extensions.calendar);
        return answer;
      });
    } finally {
      if (isWrite) {
        writes.wrote(principal.id);
        hint(name);
      }
    }
  };
  return {
    async process(call) {
      try {
        return await ask(call);
      } catch (error) {
        throw unavailable(name, call, error);
      }
    },
  };
}

/** Reports why a subgraph did not answer; the result says only that it did not. */
function unavailable(subgraph: string, { request, context }: ProcessOptions, error: unknown): SubgraphUnavailable {
  const { requestId } = context as GatewayContext;
  reportError(error, { subgraph, requestId });
  const isWrite = request.query?.startsWith('mutation') === true;
  const result = isWrite ? ' The change may have been made: read before you repeat it.' : '';
  const reason = error instanceof SourceError ? error.reason : 'BAD_RESPONSE';
  return new SubgraphUnavailable(subgraph, reason, `The ${subgraph} service did not answer.${result}`);
}

/**
 * A GraphQL answer (spec §7.1): `data`, `errors`, or both. Throws SourceError BAD_RESPONSE for
 * anything else.
 */
function answerFrom(body: string): Omit<SubgraphAnswer, 'extensions'> & { readonly extensions: unknown } {
  const answer = parseJson(body, (cause) => new SourceError('BAD_RESPONSE', 'not JSON', { cause }));
  if (!isObject(answer)) throw new SourceError('BAD_RESPONSE', 'not an object');
  const { data = null, errors, extensions } = answer;
  if (data !== null && !isObject(data)) throw new SourceError('BAD_RESPONSE', 'odd data');
  if (errors === undefined && data === null) throw new SourceError('BAD_RESPONSE', 'neither data nor errors');
  return { data, extensions, ...(errors === undefined ? {} : { errors: errorsFrom(errors) }) };
}

/**
 * Only message, path and code. Other extensions are dropped, because Apollo Server would take
 * status and headers for its own answer from them.
 */
function errorsFrom(errors: unknown): NonNullable<SubgraphAnswer['errors']> {
  if (!Array.isArray(errors) || errors.length === 0) throw new SourceError('BAD_RESPONSE', 'odd errors');
  return errors.map((error: unknown) => {
    if (!isObject(error) || typeof error.message !== 'string') throw new SourceError('BAD_RESPONSE', 'odd errors');
    const { message, path, extensions } = error;
    const code = isObject(extensions) ? extensions.code : undefined;
    return { message, ...(isPath(path) ? { path } : {}), extensions: { code } };
  });
}

function isPath(path: unknown): path is (string | number)[] {
  return Array.isArray(path) && path.every((step) => typeof step === 'string' || typeof step === 'number');
}
