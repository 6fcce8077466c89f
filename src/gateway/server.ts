// The gateway's HTTP server: limits on size and speed of requests, JSON for every refusal, and the
// two probes of an orchestrator. Only stored answers are compressed; a proxy in front compresses
// the rest.
import { BlockList, isIPv6 } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import type { Clock } from '../clock.ts';
import { closingResponses } from '../http/server/drain.ts';
import { requireValidHost } from '../http/server/host.ts';
import { answerUnreadable, installJsonErrors, sendError } from '../http/server/json-error.ts';
import { reportRequests } from '../http/server/report-requests.ts';
import { answerWithRequestId, requestIdOf } from '../http/server/request-id.ts';
import { traceRequests } from '../http/server/trace-requests.ts';
import { limitWriting } from '../http/server/write-timeout.ts';
import { queryStringParser } from './query-strings.ts';
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
  /**
   * Proxies whose X-Forwarded-For and traceparent are believed: addresses and networks. Empty:
   * none.
   */
  trustedProxies: readonly string[];
}): FastifyInstance {
  const { requestTimeoutMs, trustedProxies } = options;
  const { Response, announceClosing } = closingResponses();
  const ServerResponse = limitWriting(Response, options.clock, options.writeTimeoutMs);
  const app = fastify({
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: options.maxBody,
    genReqId: requestIdOf,
    routerOptions: { querystringParser: queryStringParser() },
    // Longer than any proxy's keep-alive: the side that sends next should be the side that closes.
    keepAliveTimeout: 65_000,
    requestTimeout: requestTimeoutMs,
    http: { ...arrivalWithin(requestTimeoutMs), ServerResponse },
    clientErrorHandler: answerUnreadable,
    forceCloseConnections: 'idle',
    // While draining, requests on open connections are still answered, with `Connection: close`.
    return503OnClosing: false,
    // A URL that cannot be decoded (%zz) is 404; fastify would answer it in a format of its own.
    frameworkErrors: (_error, _request, reply) => void sendError(reply, 404, 'NOT_FOUND'),
  });
  app.removeContentTypeParser('text/plain');
  reportRequests(app, 'gateway');
  requireValidHost(app);
  answerWithRequestId(app);
  const proxies = networksOf(trustedProxies);
  traceRequests(app, 'gateway', { begins: true, isBelieved: ({ socket }) => isIn(proxies, socket.remoteAddress) });
  installJsonErrors(app, 'calendar');
  announceClosing(app);
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

/** Addresses and networks, such as 10.0.0.0/8. */
function networksOf(texts: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const text of texts) {
    const [address = '', prefix] = text.split('/', 2);
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(prefix), family);
  }
  return networks;
}

function isIn(networks: BlockList, address = ''): boolean {
  return networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Node compares the first two before fastify has set its own. Checked every second, not thirty. */
function arrivalWithin(ms: number) {
  return { requestTimeout: ms, headersTimeout: ms, connectionsCheckingInterval: Math.min(1_000, ms) };
}
