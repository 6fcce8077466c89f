// Refuses requests with a malformed Host header with 400, as RFC 9112 §3.2 requires. Nothing else
// here reads the header.
import type { FastifyInstance } from 'fastify';
import { sendError } from './json-error.ts';

/** `uri-host [":" port]` (RFC 9110 §7.2): a registered name, IPv4, or IPv6 in brackets. */
const HOST = /^(?:\[[\da-f:.]+\]|(?:%[\da-f]{2}|[\w.~!$&'()*+,;=-])*)(?::\d*)?$/i;

/** Adds the check before all other hooks of the app. */
export function requireValidHost(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (HOST.test(request.headers.host ?? '')) return done();
    sendError(reply, 400, 'BAD_REQUEST', 'Host: expected a host name and an optional port.');
  });
}
