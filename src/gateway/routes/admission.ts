// Load shedding: beyond a number of requests in flight (concurrency.ts), or while the event loop is
// late all the time, further ones are refused at once, before their token and their body are read.
// A refusal is cheap; a queue makes every answer late.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { publish, type ShedRequest } from '../../diagnostics.ts';
import { sendError } from '../../http/server/json-error.ts';

/** Counts the requests in flight of the routes that use its hook. */
export interface Admission {
  /** The first hook of a route: 503 with Retry-After while shedding. */
  readonly admit: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
  /** Whether a further request would be refused now. */
  readonly isShedding: () => boolean;
  /** How many requests may be in flight now. */
  readonly limit: () => number;
}

/**
 * Admits at most `limit` requests at a time, and none while `isOverloaded`; a place is free when
 * its answer is sent or its client gone.
 */
export function createAdmission(limit: (inFlight: number) => number, isOverloaded = () => false): Admission {
  let inFlight = 0;
  // Emitted once.
  const leave = () => {
    inFlight -= 1;
  };
  const reasonNow = (): ShedRequest['reason'] | null => {
    if (inFlight >= limit(inFlight)) return 'requests in flight';
    return isOverloaded() ? 'event loop' : null;
  };
  return {
    admit(_request, reply, done) {
      const reason = reasonNow();
      if (reason !== null) {
        publish('calendar:shed-request', { reason });
        sendError(reply.header('retry-after', '1'), 503, 'UNAVAILABLE', 'The service is busy. Try again later.');
        return;
      }
      inFlight += 1;
      reply.raw.on('close', leave);
      done();
    },
    isShedding: () => reasonNow() !== null,
    limit: () => limit(inFlight),
  };
}
