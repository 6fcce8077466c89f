// Reports every answered request to the diagnostics channel, with the pattern of its route.
import type { FastifyInstance } from 'fastify';
import { publish } from '../../diagnostics.ts';

/** Adds the report to an app. `server`: its name in the report. */
export function reportRequests(app: FastifyInstance, server: string): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    publish('calendar:http-request', {
      server,
      route,
      method: request.method,
      status: reply.statusCode,
      ms: reply.elapsedTime,
    });
    done();
  });
}
