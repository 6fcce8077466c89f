// Reports every answered request to the diagnostics channel, with the pattern of its route.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { publish } from '../../diagnostics.ts';

/**
 * Adds the report to an app, before its other hooks: also what they refuse is reported. `server`:
 * its name in the report. A route may set the request's decorators `operation` and `error`.
 */
export function reportRequests(app: FastifyInstance, server: string): void {
  app.decorateRequest('operation', undefined);
  app.decorateRequest('error', undefined);
  // Not in a hook after the answer: for those Fastify adds and removes listeners of its own.
  app.addHook('onRequest', (request, reply, done) => {
    const from = performance.now();
    reply.raw.on('close', () => {
      if (reply.raw.writableFinished) report(server, request, reply, performance.now() - from);
    });
    done();
  });
}

function report(server: string, request: FastifyRequest, reply: FastifyReply, ms: number): void {
  publish('calendar:http-request', {
    server,
    route: request.routeOptions.url ?? 'none',
    method: request.method,
    status: reply.statusCode,
    ms,
    operation: request.getDecorator<string | undefined>('operation'),
    error: request.getDecorator<string | undefined>('error') ?? errorOf(reply.statusCode),
  });
}

const errorOf = (status: number): string | undefined => (status >= 500 ? String(status) : undefined);
