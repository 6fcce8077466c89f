// Reports every answered request to the diagnostics channel, with the pattern of its route.
import type { FastifyInstance } from 'fastify';
import { publish } from '../../diagnostics.ts';

/**
 * Adds the report to an app. `server`: its name in the report. A route may set the request's
 * decorators `operation` and `error`.
 */
export function reportRequests(app: FastifyInstance, server: string): void {
  app.decorateRequest('operation', undefined);
  app.decorateRequest('error', undefined);
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    publish('calendar:http-request', {
      server,
      route,
      method: request.method,
      status: reply.statusCode,
      ms: reply.elapsedTime,
      operation: request.getDecorator<string | undefined>('operation'),
      error: request.getDecorator<string | undefined>('error') ?? errorOf(reply.statusCode),
    });
    done();
  });
}

const errorOf = (status: number): string | undefined => (status >= 500 ? String(status) : undefined);
