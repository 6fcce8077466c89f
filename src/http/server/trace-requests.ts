// A span for each request of a server, named by its route's pattern. Probes and pages are left out.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, type TracedRequest, traceRequest } from '../../tracing.ts';

/** What differs between servers. */
export interface TracedServer {
  /** Whether a request that is part of no trace begins one. */
  readonly begins: boolean;
  /** Whether the request may say of which trace it is part. */
  readonly isBelieved: (request: FastifyRequest) => boolean;
}

const UNTRACED: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz', undefined]);

/** Adds the spans to an app, before its other hooks; nothing while there is no tracing. */
export function traceRequests(app: FastifyInstance, server: string, { begins, isBelieved }: TracedServer): void {
  if (!isTracing()) return;
  const traced = new WeakMap<FastifyRequest, TracedRequest>();
  app.addHook('onRequest', (request, reply, done) => {
    const { method, routeOptions, id, headers } = request;
    const route = routeOptions.url;
    if (UNTRACED.has(route) || route?.includes('*') === true) return done();
    const attributes = {
      'http.request.method': method,
      'http.route': route ?? '',
      'calendar.server': server,
      'calendar.request_id': id,
    };
    const from = { headers: isBelieved(request) ? headers : null, begins };
    const one = traceRequest(`${method} ${route}`, attributes, id, from);
    if (one === null) return done();
    traced.set(request, one);
    // Also when the client is gone before its answer is sent.
    reply.raw.once('close', () => {
      const { statusCode } = reply.raw;
      one.end({ 'http.response.status_code': statusCode }, statusCode >= 500);
    });
    one.within(done);
  });
  // The events of a body come in another context than the hook before them.
  app.addHook('preValidation', (request, _reply, done) => {
    const one = traced.get(request);
    if (one === undefined) done();
    else one.within(done);
  });
}
