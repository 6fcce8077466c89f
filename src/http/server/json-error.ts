// Refusals before GraphQL: token, method, media type, size. They have the JSON form of a GraphQL
// error (GraphQL over HTTP), one plain sentence for each status, and nothing from the request or
// the server.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
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
  431: 'The headers are larger than allowed.',
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

/** The statuses of requests that Node.js cannot read, by the code of its error; others are 400. */
const UNREADABLE: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/**
 * Fastify's `clientErrorHandler`, for requests that have not arrived as a whole in time, or are no
 * HTTP: an answer in the same form, after which the connection is closed.
 */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  const status = UNREADABLE[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ errors: [{ message: SENTENCES[status], extensions: { code: 'BAD_REQUEST' } }] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
