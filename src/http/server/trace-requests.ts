// A span for each recorded request of a server, named by its route's pattern. Probes and pages are
// left out.
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  preValidationHookHandler,
} from 'fastify';
import { isTracing, type TracedRequest, type TracePlace, traceOf, traceRequest, within } from '../../tracing.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The route's handler asks for {@link placeOf} itself, where it needs it. Default: all that the
     * handler does is done at the request's place in its trace.
     */
    readonly entersTrace?: boolean;
  }
}

/** What differs between servers. */
export interface TracedServer {
  /** Whether a request that is part of no trace begins one. */
  readonly begins: boolean;
  /** Whether the request may say of which trace it is part. */
  readonly isBelieved: (request: FastifyRequest) => boolean;
}

const UNTRACED: ReadonlySet<string> = new Set(['/livez', '/readyz']);

const traced = new WeakMap<FastifyRequest, TracedRequest>();

/** The request's place in its trace; undefined if it is part of none that is recorded. */
export function placeOf(request: FastifyRequest): TracePlace | undefined {
  return traced.get(request)?.place;
}

/**
 * Adds the spans to the routes of an app that are added after this; nothing while there is no
 * tracing. A request that is not recorded costs nothing but the question whether it is.
 */
export function traceRequests(app: FastifyInstance, server: string, { begins, isBelieved }: TracedServer): void {
  if (!isTracing()) return;
  app.addHook('onRoute', (route) => {
    const { url, config } = route;
    if (UNTRACED.has(url) || url.includes('*')) return;
    route.onRequest = [beginning(server, url, { begins, isBelieved }), ...listOf(route.onRequest)];
    if (config?.entersTrace !== false) route.preValidation = [enter, ...listOf(route.preValidation)];
  });
}

function beginning(server: string, url: string, { begins, isBelieved }: TracedServer): onRequestHookHandler {
  return (request, reply, done) => {
    const { headers } = request;
    const isPart = headers.traceparent !== undefined && isBelieved(request);
    const from = traceOf(isPart ? headers : null, begins);
    if (from !== null) begin(request, reply, from, { server, url });
    done();
  };
}

function begin(
  request: FastifyRequest,
  { raw }: FastifyReply,
  from: TracePlace,
  { server, url }: { readonly server: string; readonly url: string },
): void {
  const { method, id } = request;
  const attributes = {
    'http.request.method': method,
    'http.route': url,
    'calendar.server': server,
    'calendar.request_id': id,
  };
  const one = traceRequest(`${method} ${url}`, attributes, id, from);
  traced.set(request, one);
  // Also when the client is gone before its answer is sent.
  raw.once('close', () => one.end({ 'http.response.status_code': raw.statusCode }, raw.statusCode >= 500));
}

/** After the body has come: its events come in another context than the hooks before them. */
const enter: preValidationHookHandler = (request, _reply, done) => within(placeOf(request), done);

function listOf<T>(hooks: T | T[] | undefined): T[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}
