// For those who try it out, in development: stops a service and starts it again, so that partial
// results can be seen. Any demo user may; the token also keeps other sites' pages from doing it.
import type { FastifyInstance } from 'fastify';
import { sendError } from '../../http/server/json-error.ts';
import type { Authenticate } from './authenticate.ts';

/** The services of this process. */
export interface ServiceSwitch {
  /** By name, whether it runs. */
  readonly running: Readonly<Record<string, boolean>>;
  /** Resolves when it no longer answers. One that is stopped, or not there, is left alone. */
  stop(name: string): Promise<void>;
  /** Resolves when it answers. */
  start(name: string): Promise<void>;
}

/**
 * Adds `GET /dev/services` and `POST /dev/services/<name>/(stop|start)`; each answers with what
 * runs.
 */
export function serviceSwitchRoutes(app: FastifyInstance, services: ServiceSwitch, authenticate: Authenticate): void {
  app.get('/dev/services', { onRequest: authenticate }, () => services.running);
  for (const action of ['stop', 'start'] as const) {
    app.post<{ Params: { name: string } }>(
      `/dev/services/:name/${action}`,
      { onRequest: authenticate },
      async (request, reply) => {
        const { name } = request.params;
        if (!Object.hasOwn(services.running, name)) return sendError(reply, 404, 'NOT_FOUND');
        await services[action](name);
        return services.running;
      },
    );
  }
}
