// A span for each recorded request of a server, named by its route's pattern. Probes and pages are
// left out.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, type TracedRequest, type TracePlace, traceRequest, within } from '../../tracing.ts';

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

const UNTRACED: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz', undefined]);

const traced = new WeakMap<FastifyRequest, TracedRequest>();

/** The request's place in its trace; undefined if it is part of none that is recorded. */
export function placeOf(request: FastifyRequest): TracePlace | undefined {
  return traced.get(request)?.place;
}

/** Adds the spans to an app, before its other hooks; nothing while there is no tracing. */
export function traceRequests(app: FastifyInstance, server: string, { begins, isBelieved }: TracedServer): void {
  if (!isTracing()) return;
  app.addHook('onRequest', (request, reply, done) => {
    const { method, routeOptions, id, headers } = request;
    const route = routeOptions.url;
    if (UNTRACED.has(route) || route?.includes('*') === true) return done();
    const attributes = () => ({
      'http.request.method': method,
      'http.route': route ?? '',
      'calendar.server': server,
      'calendar.request_id': id,
    });
    const from = { headers: isBelieved(request) ? headers : null, begins };
    const one = traceRequest(`${method} ${route}`, attributes, id, from);
    if (one === null) return done();
    traced.set(request, one);
    // Also when the client is gone before its answer is sent.
    reply.raw.once('close', () => {
      const { statusCode } = reply.raw;
      one.end({ 'http.response.status_code': statusCode }, statusCode >= 500);
    });
    done();
  });
  // After the body has come: its events come in another context than the hooks before them.
  app.addHook('preValidation', (request, _reply, done) => {
    const isEntered = request.routeOptions.config.entersTrace !== false;
    within(isEntered ? placeOf(request) : undefined, done);
  });
}
