// My Page: one page and its files, from a folder of ours. Names of the files carry their content's
// digest, so browsers may keep them for good; the page itself is asked for every time.
import { fileURLToPath } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { addPages } from './pages.ts';

/** Adds `GET /` and its files under `/page/`, if there is a folder to serve them from. */
export async function myPageRoutes(app: FastifyInstance, { page }: { page?: URL }): Promise<void> {
  if (page === undefined) return;
  await addPages(app, async (pages) => {
    const assets = { root: fileURLToPath(new URL('assets/', page)), prefix: '/page/assets/' };
    await pages.register(fastifyStatic, { ...assets, immutable: true, maxAge: '365d' });
    const folder = fileURLToPath(page);
    pages.get('/', (_, reply) =>
      reply.header('cache-control', 'no-cache').sendFile('index.html', folder, { cacheControl: false }),
    );
  });
}
