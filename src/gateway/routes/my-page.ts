// My Page: one page and its files, from our own folder. File names contain a digest of their
// content, so browsers may cache them for ever; the page itself is always revalidated.
import { fileURLToPath } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { addPages } from './pages.ts';

/** Adds `GET /` and its files under `/page/`, if there is a folder with them. */
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
