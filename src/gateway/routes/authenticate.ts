// Authenticates a request before its body is read.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VerifyUser } from '../../auth/user-token.ts';
import { ApiError } from '../../errors.ts';
import { sendError } from '../../http/server/json-error.ts';

/**
 * A route's first hook. After it, `request.getDecorator<Principal>('principal')` is the signed-in
 * user.
 */
export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Prepares the app. The hook refuses with 401, or with 503 while the provider's keys have never
 * been read.
 */
export function authenticateWith(app: FastifyInstance, verifyUser: VerifyUser): Authenticate {
  app.decorateRequest('principal', null);
  return async (request, reply) => {
    try {
      request.setDecorator('principal', await verifyUser(request.raw.rawHeaders));
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError) || error.extensions.code !== 'UNAVAILABLE') throw error;
      return sendError(reply.header('retry-after', '5'), 503, 'UNAVAILABLE', error.message);
    }
  };
}
