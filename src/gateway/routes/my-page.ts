// My Page: one page and its files, from our own folder. File names contain a digest of their
// content, so browsers may cache them for ever; the page itself is always revalidated. Its head
// says what the settings allow: which origins may embed it, and whether there is a sign-in. Icons
// and manifests are for its installation; the service worker is served where it may open `/`.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { addPages } from './pages.ts';

/** What My Page needs. */
export interface MyPageOptions {
  /** Folder of the built page, with a slash at the end. Default: no page. */
  readonly page?: URL;
  /** Sign-in page of the identity provider, with {state} in it. Default: no sign-in. */
  readonly signInUrl?: string;
  /** Origins that may embed the page and give it tokens. Default: only its own. */
  readonly embedOrigins?: readonly string[];
}

/**
 * Adds `GET /`, its files under `/page/`, `GET /service-worker.js`, and `GET /sign-in?state=…`,
 * which redirects to the identity provider. The page accepts a token only with the state that it
 * made.
 */
export async function myPageRoutes(app: FastifyInstance, options: MyPageOptions): Promise<void> {
  const { page, signInUrl, embedOrigins = [] } = options;
  if (page === undefined) return;
  const html = withSettings(await readFile(new URL('index.html', page), 'utf8'), options);
  const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
  const routes = async (pages: FastifyInstance) => {
    const assets = { root: fileURLToPath(new URL('assets/', page)), prefix: '/page/assets/' };
    await pages.register(fastifyStatic, { ...assets, immutable: true, maxAge: '365d' });
    const app = { root: fileURLToPath(new URL('app/', page)), prefix: '/page/app/' };
    await pages.register(fastifyStatic, { ...app, maxAge: '1h', decorateReply: false });
    pages.get('/service-worker.js', (_, reply) =>
      reply.sendFile('service-worker.js', fileURLToPath(page), { maxAge: 0, immutable: false }),
    );
    pages.get('/', (request, reply) => {
      reply.header('cache-control', 'no-cache').header('etag', etag);
      if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
      return reply.type('text/html; charset=utf-8').send(html);
    });
    if (signInUrl === undefined) return;
    pages.get<{ Querystring: Record<string, unknown> }>('/sign-in', (request, reply) => {
      const { state } = request.query;
      if (typeof state !== 'string' || !/^[\w-]{1,64}$/.test(state)) return reply.callNotFound();
      return reply.header('cache-control', 'no-store').redirect(signInUrl.replaceAll('{state}', state), 302);
    });
  };
  await addPages(app, routes, { embedOrigins });
}

/** The page with the settings in its head. Origins have no character that HTML would escape. */
function withSettings(html: string, { signInUrl, embedOrigins = [] }: MyPageOptions): string {
  return html
    .replace('<meta name="embed-origins" content=""', `<meta name="embed-origins" content="${embedOrigins.join(' ')}"`)
    .replace('<meta name="sign-in" content=""', `<meta name="sign-in" content="${signInUrl !== undefined}"`);
}
