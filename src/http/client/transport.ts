// All outgoing HTTP: one connection pool for each service, one deadline over connect, request, body
// and retry, a size limit, no redirects. It returns a complete answer or throws a SourceError; the
// guard decides when not to call.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../../clock.ts';
import { SourceError } from '../../errors.ts';
import { type TracePlace, withSpan, withTraceHeaders } from '../../tracing.ts';
import { checkHead, decodeBody } from './response.ts';
import { createRetryBudget } from './retry-budget.ts';
import { parseSourceUrl } from './source-url.ts';

const CONNECT_MS = 2_000;
const RETRY_BURST = 5;
/**
 * This much of a refusal's body is read, to keep the connection open; if there is more, it is
 * closed.
 */
const DUMP_BYTES = 64 * 1024;

const PLAIN = { 'accept-encoding': 'identity' };
const GET_HEADERS = { ...PLAIN, accept: 'application/json' };
const POST_HEADERS = {
  ...PLAIN,
  accept: 'application/graphql-response+json, application/json;q=0.9',
  'content-type': 'application/json',
};

/**
 * The connection was refused or lost: a retry may reach another replica, or use a new connection.
 */
const LOST: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** A malformed answer (in addition to the parser's own codes, `HPE_…`). */
const GARBAGE: ReadonlySet<string> = new Set([
  'HTTPParserError',
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_HEADERS_OVERFLOW',
]);

type Request = Pick<Dispatcher.RequestOptions, 'method' | 'path' | 'headers' | 'body'>;

/** URL and limits of one service. */
export interface TransportOptions {
  /**
   * URL of the endpoint, path included. http(s), no credentials, not link-local or metadata:
   * otherwise ConfigError.
   */
  readonly url: string;
  readonly clock: Clock;
  /** The IP address to connect to. Default: what the URL's host name resolves to. */
  readonly address?: string;
  /** Maximum number of connections. Default 32. */
  readonly connections?: number;
  /** Maximum size of an answer's body in bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Maximum size of an answer's headers in bytes. Default 16 KiB. */
  readonly maxHeaderBytes?: number;
}

/** Options of every call. */
export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Deadline in milliseconds for connecting, sending, the whole body and the retry. */
  readonly deadlineMs: number;
  /**
   * Retry once when the connection is refused or lost. Only for calls that may be repeated. Default
   * false.
   */
  readonly retry?: boolean;
  /** The place in the trace for which it is made. Default: where it is made. */
  readonly at?: TracePlace | undefined;
}

/**
 * A complete answer: 2xx, or a GraphQL refusal (4xx `application/graphql-response+json`), with a
 * JSON body.
 */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Calls to one service. Every failure is a SourceError whose `reason` may be shown and whose
 * message may not.
 */
export interface Transport {
  /** Posts a JSON text to the endpoint, or to another path of the same service. */
  post(call: CallOptions & { readonly body: string; readonly path?: string }): Promise<HttpResponse>;
  /** Reads JSON from the endpoint, or from another path of the same service. */
  get(call: CallOptions & { readonly path?: string }): Promise<HttpResponse>;
  /** Lets running calls finish, then closes the connections. */
  close(): Promise<void>;
}

/** Creates the pool; it connects at the first call. */
export function createTransport(options: TransportOptions): Transport {
  const { url, clock, address, connections = 32, maxBytes = 1024 * 1024, maxHeaderBytes = 16 * 1024 } = options;
  const { origin, pathname, search, hostname, port } = parseSourceUrl('url', url);
  const pool = new Pool(origin, {
    connections,
    maxResponseSize: maxBytes,
    maxHeaderSize: maxHeaderBytes,
    // The deadline of the call replaces these.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_MS, ...(address !== undefined && { lookup: alwaysTo(address) }) },
  });
  const budget = createRetryBudget(RETRY_BURST);
  const send = (request: Request, { deadlineMs, retry = false }: CallOptions): Promise<HttpResponse> => {
    budget.earn();
    return withDeadline(clock, deadlineMs, async (expired) => {
      try {
        return await exchange(pool, request, expired, clock);
      } catch (error) {
        if (!retry || expired.aborted || !isConnectionLost(error) || !budget.spend()) throw error;
        return await exchange(pool, request, expired, clock);
      }
    });
  };
  const server = { 'server.address': hostname, ...(port !== '' && { 'server.port': Number(port) }) };
  return {
    // Only calls between our parts are posts: their traces go on in the called part.
    post: ({ path = pathname + search, body, headers, at, ...rest }) =>
      withSpan(
        `POST ${path}`,
        server,
        (_, place) => {
          const all = withTraceHeaders({ ...POST_HEADERS, ...headers }, place);
          return send({ method: 'POST', path, headers: all, body }, rest);
        },
        { at, isCall: true },
      ),
    get: ({ path = pathname + search, headers, ...rest }) =>
      send({ method: 'GET', path, headers: { ...GET_HEADERS, ...headers } }, rest),
    close: () => pool.close(),
  };
}

/** Resolves every name to this address, so that requests and TLS still name the URL's host. */
function alwaysTo(address: string): LookupFunction {
  const family = isIP(address);
  return (_, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family));
}

/** Runs with a signal that ends after `ms`. */
async function withDeadline<T>(clock: Clock, ms: number, run: (expired: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = clock.after(ms, () => controller.abort());
  try {
    return await run(controller.signal);
  } finally {
    cancel();
  }
}

/** One request and its whole answer. Throws SourceError only. */
async function exchange(pool: Pool, request: Request, expired: AbortSignal, clock: Clock): Promise<HttpResponse> {
  try {
    const { statusCode: status, headers, body } = await pool.request({ ...request, signal: expired });
    try {
      checkHead(status, headers, clock.now());
    } catch (refusal) {
      await body.dump({ limit: DUMP_BYTES, signal: expired }).catch(() => undefined);
      throw refusal;
    }
    return { status, headers, body: decodeBody(await body.bytes()) };
  } catch (error) {
    throw asSourceError(error, expired);
  }
}

function asSourceError(error: unknown, expired: AbortSignal): SourceError {
  if (error instanceof SourceError) return error;
  if (expired.aborted) return new SourceError('TIMEOUT', 'no whole answer in time', { cause: error });
  const code = codeOf(error);
  const isGarbage = code.startsWith('HPE_') || GARBAGE.has(code);
  return new SourceError(isGarbage ? 'BAD_RESPONSE' : 'UNREACHABLE', code, { cause: error });
}

/** Whether the answer was larger than `maxBytes`: a smaller question may have an answer. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof SourceError && codeOf(error.cause) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof SourceError && LOST.has(codeOf(error.cause));
}

/**
 * The code of a system or undici error, or its name. Errors from Node may come from another realm.
 */
function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return String(code ?? name);
}
