// A request's id: the caller's (`x-request-id`) or a new one. It is in the answer, in the calls
// that are made for the request, and in the log lines about it.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';

/** The header, in and out. */
export const REQUEST_ID_HEADER = 'x-request-id';

const REQUEST_ID = /^[\w.:-]{8,128}$/;

/**
 * Fastify's `genReqId`: the caller's id if it is 8 to 128 letters, digits, dots, colons or dashes.
 */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Adds the id to every answer of the app. */
export function answerWithRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
}

const requests = new WeakMap<object, string>();

/**
 * Remembers for each error in whose request it happened; formatting an error does not know that.
 */
export const rememberRequestOfErrors: ApolloServerPlugin<{ readonly requestId?: string }> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue: { requestId } }) {
        if (requestId !== undefined) for (const error of errors) requests.set(error, requestId);
      },
    };
  },
};

/** The request in which an error happened, if it is known. */
export function requestOfError(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? requests.get(error) : undefined;
}
