// Refusals before GraphQL: token, method, media type, size. They have the JSON form of a GraphQL
// error (GraphQL over HTTP), one plain sentence for each status, and nothing from the request or
// the server.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';

const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read: expected one JSON object.',
  404: 'There is nothing at this address.',
  405: 'This address takes POST only.',
  408: 'The request took too long to arrive.',
  413: 'The body is larger than allowed.',
  415: 'The body must be application/json.',
};

/**
 * Installs JSON refusals in an app: unknown paths, unreadable bodies, ApiError UNAUTHENTICATED as
 * 401, others as 500.
 */
export function installJsonErrors(app: FastifyInstance, realm: string): void {
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, 'NOT_FOUND'));
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof ApiError && error.extensions.code === 'UNAUTHENTICATED') {
      return sendError(
        reply.header('www-authenticate', `Bearer realm="${realm}"`),
        401,
        'UNAUTHENTICATED',
        error.message,
      );
    }
    const { statusCode = 500 } = error;
    if (statusCode < 500) return sendError(reply, statusCode, 'BAD_REQUEST');
    reportError(error, { requestId: request.id });
    return sendError(reply, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong.');
  });
}

/** Answers with a status and one error; the message defaults to the status's sentence. */
export function sendError(
  reply: FastifyReply,
  status: number,
  code: string,
  message = SENTENCES[status],
): FastifyReply {
  return reply.code(status).send({ errors: [{ message: message ?? 'The request is refused.', extensions: { code } }] });
}
