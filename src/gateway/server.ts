// The gateway's HTTP: limits on what a client may send and how slowly, JSON for every refusal, and
// the two questions an orchestrator asks. It does not compress: a proxy in front, or a cache of
// finished answers, does that once for many.
import { type FastifyInstance, fastify } from 'fastify';
import { announceClosing } from '../http/server/drain.ts';
import { installJsonErrors, sendError } from '../http/server/json-error.ts';
import type { Readiness } from './routes/readiness.ts';

/** An app with `/livez`, `/readyz` and no other route. `maxBody` in bytes. */
export function createHttpServer(options: { maxBody: number; readiness: () => Promise<Readiness> }): FastifyInstance {
  const app = fastify({
    bodyLimit: options.maxBody,
    // Above every proxy's keep-alive: the side that sends next should be the side that closes.
    keepAliveTimeout: 65_000,
    // A request that has not come in whole by then is 408; looked for every second, not node's
    // thirty.
    requestTimeout: 9_000,
    http: { headersTimeout: 9_000, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: 'idle',
    // While draining, a request on a connection already open is still answered, with `Connection:
    // close`.
    return503OnClosing: false,
    // An address that cannot be decoded (%zz) is none; left to fastify it would be told in a form
    // of its own.
    frameworkErrors: (_error, _request, reply) => void sendError(reply, 404, 'NOT_FOUND'),
  });
  app.removeContentTypeParser('text/plain');
  installJsonErrors(app, 'calendar');
  announceClosing(app);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const { ready, ...details } = await options.readiness();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'starting', ...details });
  });
  return app;
}
