// The gateway's HTTP: limits on what a client may send and how slowly, headers that keep browsers strict, JSON for
// every refusal, and the two questions an orchestrator asks.
import { fastifyHelmet } from '@fastify/helmet';
import { type FastifyInstance, fastify } from 'fastify';
import { announceClosing } from '../subgraph/drain.ts';
import { refuseInJson } from '../subgraph/http-error.ts';
import type { Readiness } from './readiness.ts';

/** No script, style or connection but our own. Monaco writes its styles into the page, hence 'unsafe-inline' for those. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'"],
    'worker-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  },
};

/** An app with `/livez`, `/readyz` and no other route. `maxBody` in bytes. */
export function createHttpServer(options: { maxBody: number; readiness: () => Promise<Readiness> }): FastifyInstance {
  const app = fastify({
    bodyLimit: options.maxBody,
    // Above every proxy's keep-alive: the side that sends next should be the side that closes.
    keepAliveTimeout: 65_000,
    // A request that has not come in whole by then is 408; looked for every second, not node's thirty.
    requestTimeout: 9_000,
    http: { headersTimeout: 9_000, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: 'idle',
    // While draining, a request on a connection already open is still answered, with `Connection: close`.
    return503OnClosing: false,
  });
  app.removeContentTypeParser('text/plain');
  refuseInJson(app, 'calendar');
  announceClosing(app);
  // Whether this is reached through TLS is the proxy's to say.
  app.register(fastifyHelmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false });
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const { ready, subgraphs } = await options.readiness();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'starting', subgraphs });
  });
  return app;
}
