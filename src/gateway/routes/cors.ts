// Cross-origin requests (Fetch, §3.2): pages of these origins may use the API with a bearer token.
// There are no cookies, so no credentials are allowed.
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** The origins that may use the API: these, or those of this machine while developing. */
export type AllowedOrigins = readonly string[] | 'loopback';

const LOOPBACK = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;
/** What a browser may send besides what every page may. */
const ALLOWED = ['authorization', 'content-type', 'if-none-match', 'last-event-id', 'x-request-id'];
/** What a page may read besides what every page may. */
const EXPOSED = ['cache-status', 'etag', 'retry-after', 'x-request-id'];
/** How long a browser keeps the permission, in seconds: at most two hours in Chromium. */
const MAX_AGE_S = 7_200;

/**
 * Adds the headers to all answers, and answers preflight requests. Call it before adding routes.
 */
export async function allowOrigins(app: FastifyInstance, allowed: AllowedOrigins): Promise<void> {
  if (allowed.length === 0) return;
  await app.register(fastifyCors, {
    origin: allowed === 'loopback' ? LOOPBACK : [...allowed],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: MAX_AGE_S,
    strictPreflight: false,
    hideOptionsRoute: true,
  });
}
