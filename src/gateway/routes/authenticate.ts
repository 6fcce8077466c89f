// Authenticates a request before its body is read, and counts it for its user or its address.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VerifiedUser, VerifyUser } from '../../auth/user-token.ts';
import { ApiError } from '../../errors.ts';
import { sendError } from '../../http/server/json-error.ts';
import type { RateLimits } from './rate-limits.ts';

/**
 * A route's first hook. After it, `request.getDecorator<Principal>('principal')` is the signed-in
 * user, and `request.getDecorator<number>('tokenEndsAt')` the end of the token, in milliseconds.
 */
export type Authenticate = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;

type Done = (error?: Error) => void;

/** `isBeyond`: the address had no refusals left when its token was looked at. */
interface Refusal {
  readonly isBeyond: boolean;
  readonly done: Done;
}

/**
 * Prepares the app. The hook refuses with 401, with 429 beyond a limit, or with 503 while the
 * provider's keys have never been read.
 */
export function authenticateWith(app: FastifyInstance, verifyUser: VerifyUser, limits: RateLimits): Authenticate {
  app.decorateRequest('principal', null);
  app.decorateRequest('tokenEndsAt', 0);
  const accept = (request: FastifyRequest, reply: FastifyReply, { principal, endsAt }: VerifiedUser, done: Done) => {
    request.setDecorator('principal', principal);
    request.setDecorator('tokenEndsAt', endsAt);
    if (limits.ofUser(principal.id, reply) === undefined) done();
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply, error: Error, { isBeyond, done }: Refusal) => {
    if (!(error instanceof ApiError)) return done(error);
    if (error.extensions.code === 'UNAVAILABLE') {
      sendError(reply.header('retry-after', '5'), 503, 'UNAVAILABLE', error.message);
      return;
    }
    if (limits.ofAddress(request, reply, isBeyond) !== undefined) return;
    limits.refused(request);
    done(error);
  };
  return (request, reply, done) => {
    const isBeyond = limits.isAddressBeyond(request);
    let user: ReturnType<VerifyUser>;
    try {
      user = verifyUser(request.raw.rawHeaders, isBeyond);
    } catch (error) {
      return refuse(request, reply, error as Error, { isBeyond, done });
    }
    if (!(user instanceof Promise)) return accept(request, reply, user, done);
    void user.then(
      (verified) => accept(request, reply, verified, done),
      (error: Error) => refuse(request, reply, error, { isBeyond, done }),
    );
  };
}
