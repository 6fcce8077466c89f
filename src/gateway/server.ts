// The gateway's HTTP server: limits on size and speed of requests, JSON for every refusal, and the
// two probes of an orchestrator. Only stored answers are compressed; a proxy in front compresses
// the rest.
import { type FastifyInstance, fastify } from 'fastify';
import type { Clock } from '../clock.ts';
import { announceClosing } from '../http/server/drain.ts';
import { requireValidHost } from '../http/server/host.ts';
import { answerUnreadable, installJsonErrors, sendError } from '../http/server/json-error.ts';
import { reportRequests } from '../http/server/report-requests.ts';
import { answerWithRequestId, requestIdOf } from '../http/server/request-id.ts';
import { limitWriting } from '../http/server/write-timeout.ts';
import type { Readiness } from './routes/readiness.ts';

/** An app with `/livez`, `/readyz` and no other route. `maxBody` in bytes. */
export function createHttpServer(options: {
  maxBody: number;
  readiness: () => Promise<Readiness>;
  /** Whether further requests are refused now: then `/readyz` is 503. */
  isShedding: () => boolean;
  /** Milliseconds in which a request must have arrived, headers and body: then 408. */
  requestTimeoutMs: number;
  /** Milliseconds in which a client must have read its answer. */
  writeTimeoutMs: number;
  clock: Clock;
  /** Proxies whose X-Forwarded-For is believed: addresses and networks. Empty: none. */
  trustedProxies: readonly string[];
}): FastifyInstance {
  const { requestTimeoutMs, trustedProxies } = options;
  const app = fastify({
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: options.maxBody,
    genReqId: requestIdOf,
    // Longer than any proxy's keep-alive: the side that sends next should be the side that closes.
    keepAliveTimeout: 65_000,
    requestTimeout: requestTimeoutMs,
    // Checked every second instead of Node's thirty.
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs) },
    clientErrorHandler: answerUnreadable,
    forceCloseConnections: 'idle',
    // While draining, requests on open connections are still answered, with `Connection: close`.
    return503OnClosing: false,
    // A URL that cannot be decoded (%zz) is 404; fastify would answer it in a format of its own.
    frameworkErrors: (_error, _request, reply) => void sendError(reply, 404, 'NOT_FOUND'),
  });
  app.removeContentTypeParser('text/plain');
  requireValidHost(app);
  answerWithRequestId(app);
  reportRequests(app, 'gateway');
  installJsonErrors(app, 'calendar');
  announceClosing(app);
  limitWriting(app, options.clock, options.writeTimeoutMs);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const { ready, ...details } = await options.readiness();
    const unready = ready ? null : 'starting';
    const reason = options.isShedding() ? 'shedding' : unready;
    return reply.code(reason === null ? 200 : 503).send({ status: reason ?? 'ready', ...details });
  });
  return app;
}
