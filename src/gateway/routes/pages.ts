// Pages for browsers, separate from the API: only they have the security headers that browsers
// need.
import { fastifyHelmet } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Only our own scripts, styles and connections. Monaco adds style elements, hence 'unsafe-inline'
 * for styles.
 */
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

/** Adds routes that return pages or their files. */
export async function addPages(app: FastifyInstance, routes: (pages: FastifyInstance) => Promise<void>): Promise<void> {
  await app.register(async (pages) => {
    // HSTS is left to the proxy, which knows whether pages are served over TLS.
    const options = { contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false };
    await pages.register(fastifyHelmet, options);
    await routes(pages);
  });
}
