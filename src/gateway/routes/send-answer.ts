// Sends an answer of the graph. A stored one has the headers of RFC 9110 and 9111: clients may keep
// it if they ask again each time, and get 304 while it is the same. Others are not to be kept.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { varyBy } from '../../http/server/vary.ts';
import type { Executed, Outcome } from '../response-cache/response-cache.ts';
import { StoredAnswer } from '../response-cache/stored-answer.ts';

/** The name of this cache in `Cache-Status` (RFC 9211). */
const CACHE = 'calendar-gateway';

/** Sends what was executed, without a cache or around it. */
export function sendExecuted(reply: FastifyReply, { status, contentType, content }: Executed): FastifyReply {
  return reply.code(status).header('content-type', contentType).header('cache-control', 'no-store').send(content);
}

/** Sends the outcome; 304 for a GET that names the answer (RFC 9110 §13.1.2). */
export function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  { answer, cacheStatus }: Outcome,
  compress: (answer: StoredAnswer) => void,
): FastifyReply {
  reply.header('cache-status', `${CACHE}; ${cacheStatus}`);
  if (!(answer instanceof StoredAnswer)) return sendExecuted(reply, answer);
  const { 'accept-encoding': acceptEncoding, 'if-none-match': ifNoneMatch } = request.headers;
  const { bytes, coding, etag } = answer.representation(acceptEncoding);
  varyBy(reply, 'Authorization, Accept, Accept-Encoding')
    .header('cache-control', 'private, no-cache')
    .header('etag', etag);
  if (coding === 'identity' && acceptEncoding !== undefined) compress(answer);
  if (request.method === 'GET' && answer.isNamedBy(ifNoneMatch)) return reply.code(304).send();
  if (coding !== 'identity') reply.header('content-encoding', coding);
  return reply.header('content-type', answer.contentType).send(bytes);
}
