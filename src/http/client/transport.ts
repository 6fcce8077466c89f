// All outgoing HTTP: one connection pool for each service, one deadline over connect, request, body
// and retry, a size limit, no redirects. It returns a complete answer or throws a SourceError; the
// guard decides when not to call.
import { isIP, type LookupFunction } from 'node:net';
import { Pool } from 'undici';
import type { Clock } from '../../clock.ts';
import { type TracePlace, withSpan, withTraceHeaders } from '../../tracing.ts';
import { withDeadline } from './deadline.ts';
import { exchange, type HttpRequest, isConnectionLost } from './exchange.ts';
import type { HttpResponse } from './response.ts';
import { createRetryBudget } from './retry-budget.ts';
import { parseSourceUrl } from './source-url.ts';

const CONNECT_MS = 2_000;
const RETRY_BURST = 5;

const PLAIN = { 'accept-encoding': 'identity' };
const GET_HEADERS = { ...PLAIN, accept: 'application/json' };
const POST_HEADERS = {
  ...PLAIN,
  accept: 'application/graphql-response+json, application/json;q=0.9',
  'content-type': 'application/json',
};

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
  const send = (request: HttpRequest, { deadlineMs, retry = false }: CallOptions): Promise<HttpResponse> => {
    budget.earn();
    return withDeadline(clock, deadlineMs, async (deadline) => {
      try {
        return await exchange(pool, request, deadline, clock);
      } catch (error) {
        if (!retry || deadline.isOver || !isConnectionLost(error) || !budget.spend()) throw error;
        return await exchange(pool, request, deadline, clock);
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
