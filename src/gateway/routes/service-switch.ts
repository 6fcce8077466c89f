// For demos, in development: stops and starts a service, so that partial results can be seen. Any
// demo user may use it; requiring a token also keeps other sites' pages from doing so.
import type { FastifyInstance } from 'fastify';
import { sendError } from '../../http/server/json-error.ts';
import type { Authenticate } from './authenticate.ts';

/** The services of this process. */
export interface ServiceSwitch {
  /** For each service, whether it runs. */
  readonly running: Readonly<Record<string, boolean>>;
  /** Resolves when it no longer answers. A service that is stopped or unknown is ignored. */
  stop(name: string): Promise<void>;
  /** Resolves when it answers. */
  start(name: string): Promise<void>;
}

/**
 * Adds `GET /dev/services` and `POST /dev/services/<name>/(stop|start)`; each returns the services'
 * states.
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
