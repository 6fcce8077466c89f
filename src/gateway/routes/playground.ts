// The playground: GraphiQL from our own files, and in development tokens for demo users. Each
// exists only if it is enabled.
import { fileURLToPath } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../../errors.ts';
import { sendError } from '../../http/server/json-error.ts';
import { addPages } from './pages.ts';

/**
 * Creates a token for a demo user, perhaps with the scope `calendar:debug`; throws ApiError
 * BAD_USER_INPUT for any other name.
 */
export type DevToken = (user: string, debug: boolean) => Promise<string>;

/**
 * Adds `GET /graphiql` if there is a folder with it, and `GET /dev/token?user=student-1` if there
 * are demo users.
 */
export async function playgroundRoutes(
  app: FastifyInstance,
  { playground, devToken }: { playground: URL | null; devToken: DevToken | null },
): Promise<void> {
  if (playground !== null) {
    await addPages(app, async (pages) => {
      await pages.register(fastifyStatic, { root: fileURLToPath(playground), prefix: '/graphiql/' });
      pages.get('/graphiql', (_, reply) => reply.sendFile('index.html'));
    });
  }
  if (devToken !== null) devTokenRoute(app, devToken);
}

function devTokenRoute(app: FastifyInstance, devToken: DevToken): void {
  app.get<{ Querystring: { user?: string; debug?: string } }>('/dev/token', async (request, reply) => {
    try {
      const token = await devToken(request.query.user ?? '', request.query.debug !== undefined);
      return await reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(token);
    } catch (error) {
      if (error instanceof ApiError) return sendError(reply, 400, 'BAD_USER_INPUT', error.message);
      throw error;
    }
  });
}
