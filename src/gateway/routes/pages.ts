// Pages for browsers, kept apart from the API: only they carry the long headers that keep a browser
// strict.
import { fastifyHelmet } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * No script, style or connection but our own. Monaco writes its styles into the page, hence
 * 'unsafe-inline' for those.
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

/** Adds routes that answer with pages or their files. */
export async function addPages(app: FastifyInstance, routes: (pages: FastifyInstance) => Promise<void>): Promise<void> {
  await app.register(async (pages) => {
    // Whether pages are reached through TLS is the proxy's to say.
    const options = { contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false };
    await pages.register(fastifyHelmet, options);
    await routes(pages);
  });
}
