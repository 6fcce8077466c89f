// The Vary header of an answer (RFC 9110 §12.5.5). What another part has said stays, such as that
// of CORS: without it a browser would give one origin's copy of an answer to another origin.
import type { FastifyReply } from 'fastify';

/** Adds names of request headers, separated by commas, by which the answer differs. */
export function varyBy(reply: FastifyReply, names: string): FastifyReply {
  const said = reply.getHeader('vary');
  return reply.header('vary', said === undefined ? names : `${String(said)}, ${names}`);
}
