// Refusals that happen before GraphQL: wrong token, method, media type, size. One JSON form, the
// same as a GraphQL error's (GraphQL over HTTP), one plain sentence per status, nothing of the
// request or of the server in it.
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
 * Gives an app JSON refusals: unknown addresses, bodies it cannot read, ApiError UNAUTHENTICATED as
 * 401, the rest as 500.
 */
export function installJsonErrors(app: FastifyInstance, realm: string): void {
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, 'NOT_FOUND'));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
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
    reportError(error);
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
