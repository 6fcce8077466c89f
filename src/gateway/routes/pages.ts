// Pages for browsers, separate from the API: only they have the security headers that browsers
// need.
import { fastifyHelmet } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Only our own scripts, styles and connections. Monaco adds style elements, hence 'unsafe-inline'
 * for styles.
 */
const DIRECTIVES = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

/**
 * Adds routes that return pages or their files. `embedOrigins`: the origins that may show them
 * in a frame besides their own. Default: none, not even their own.
 */
export async function addPages(
  app: FastifyInstance,
  routes: (pages: FastifyInstance) => Promise<void>,
  { embedOrigins }: { readonly embedOrigins?: readonly string[] } = {},
): Promise<void> {
  const ancestors = embedOrigins === undefined ? ["'none'"] : ["'self'", ...embedOrigins];
  await app.register(async (pages) => {
    await pages.register(fastifyHelmet, {
      contentSecurityPolicy: { useDefaults: false, directives: { ...DIRECTIVES, 'frame-ancestors': ancestors } },
      // HSTS is left to the proxy, which knows whether pages are served over TLS.
      strictTransportSecurity: false,
      // It knows no list of origins; browsers prefer frame-ancestors (CSP 3, §6.4.2).
      xFrameOptions: embedOrigins === undefined,
    });
    await routes(pages);
  });
}
