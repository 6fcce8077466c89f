// POST /graphql: the user is authenticated before the body is read; then the graph answers. It
// receives only the Accept and Content-Type headers of the request, so that no other header can ask
// for a plan or a trace.
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { ApiError } from '../../errors.ts';
import { sendError } from '../../http/server/json-error.ts';
import type { GraphLimits } from '../graph/graph.ts';
import { createTextCheck } from '../graph/limits.ts';
import type { Documents } from '../graph/persisted-documents.ts';
import type { GatewayContext } from '../graph/subgraph-source.ts';
import { checkBody } from '../graph/value-limits.ts';
import type { Admission } from './admission.ts';
import type { Authenticate } from './authenticate.ts';

/** Adds the route to an app. `deadlineMs`: maximum time of one operation. */
export function graphqlRoute(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  options: {
    admission: Admission;
    authenticate: Authenticate;
    clock: Clock;
    deadlineMs: number;
    documents: Documents;
    limits: GraphLimits;
  },
): void {
  const { admission, authenticate, clock, deadlineMs, documents, limits } = options;
  const checkText = createTextCheck(limits);
  const takeJson = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isJson(request.headers['content-type'])) return sendError(reply, 415, 'BAD_REQUEST');
  };
  const takeDocument = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      checkBody(request.body, limits);
      request.body = documents(request.body);
      checkText(request.body);
    } catch (error) {
      if (error instanceof ApiError) return sendError(reply, 400, String(error.extensions.code), error.message);
      throw error;
    }
  };
  app.post(
    '/graphql',
    { onRequest: [admission.admit, authenticate, takeJson], preHandler: takeDocument },
    async (request, reply) => {
      const principal = request.getDecorator<Principal>('principal');
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: negotiation(request), search: '', body: request.body },
        context: async () => ({ principal, endsAt: clock.elapsed() + deadlineMs }),
      });
      if (answer.body.kind !== 'complete') throw new Error('the graph never answers in parts');
      const contentType = answer.headers.get('content-type') ?? 'application/json; charset=utf-8';
      return reply
        .code(answer.status ?? 200)
        .header('content-type', contentType)
        .header('cache-control', 'no-store')
        .send(answer.body.string);
    },
  );
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    handler: (_, reply) => sendError(reply.header('allow', 'POST'), 405, 'BAD_REQUEST'),
  });
}

/**
 * JSON, in UTF-8 or without a charset (RFC 8259 §8.1 allows no other). Other parameters are
 * ignored (§11 defines none).
 */
function isJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
  const charsets = parameters.filter((one) => /^charset\s*=/i.test(one));
  return /^application\/json$/i.test(type) && charsets.every((one) => /^charset="?utf-8"?$/i.test(one));
}

function negotiation({ headers }: FastifyRequest): HeaderMap {
  const { accept = '*/*' } = headers;
  return new HeaderMap([
    ['accept', accept],
    ['content-type', 'application/json'],
  ]);
}
