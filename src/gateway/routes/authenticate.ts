// Authenticates a request before its body is read, and counts it for its user or its address.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VerifyUser } from '../../auth/user-token.ts';
import { ApiError } from '../../errors.ts';
import { sendError } from '../../http/server/json-error.ts';
import type { RateLimits } from './rate-limits.ts';

/**
 * A route's first hook. After it, `request.getDecorator<Principal>('principal')` is the signed-in
 * user, and `request.getDecorator<number>('tokenEndsAt')` the end of the token, in milliseconds.
 */
export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Prepares the app. The hook refuses with 401, with 429 beyond a limit, or with 503 while the
 * provider's keys have never been read.
 */
export function authenticateWith(app: FastifyInstance, verifyUser: VerifyUser, limits: RateLimits): Authenticate {
  app.decorateRequest('principal', null);
  app.decorateRequest('tokenEndsAt', 0);
  return async (request, reply) => {
    const isBeyond = limits.isAddressBeyond(request);
    try {
      const { principal, endsAt } = await verifyUser(request.raw.rawHeaders, isBeyond);
      request.setDecorator('principal', principal);
      request.setDecorator('tokenEndsAt', endsAt);
      return limits.ofUser(principal.id, reply);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.extensions.code === 'UNAVAILABLE') {
        return sendError(reply.header('retry-after', '5'), 503, 'UNAVAILABLE', error.message);
      }
      const beyond = limits.ofAddress(request, reply, isBeyond);
      if (beyond !== undefined) return beyond;
      limits.refused(request);
      throw error;
    }
  };
}
