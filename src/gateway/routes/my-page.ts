// My Page: one page and its files, from our own folder. File names contain a digest of their
// content, so browsers may cache them for ever; the page itself is always revalidated.
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
}

/**
 * Adds `GET /`, its files under `/page/`, and `GET /sign-in?state=…`, which redirects to the
 * identity provider. The page accepts a token only with the state that it made.
 */
export async function myPageRoutes(app: FastifyInstance, { page, signInUrl }: MyPageOptions): Promise<void> {
  if (page === undefined) return;
  await addPages(app, async (pages) => {
    const assets = { root: fileURLToPath(new URL('assets/', page)), prefix: '/page/assets/' };
    await pages.register(fastifyStatic, { ...assets, immutable: true, maxAge: '365d' });
    const folder = fileURLToPath(page);
    pages.get('/', (_, reply) =>
      reply.header('cache-control', 'no-cache').sendFile('index.html', folder, { cacheControl: false }),
    );
    if (signInUrl === undefined) return;
    pages.get<{ Querystring: Record<string, unknown> }>('/sign-in', (request, reply) => {
      const { state } = request.query;
      if (typeof state !== 'string' || !/^[\w-]{1,64}$/.test(state)) return reply.callNotFound();
      return reply.header('cache-control', 'no-store').redirect(signInUrl.replaceAll('{state}', state), 302);
    });
  });
}
