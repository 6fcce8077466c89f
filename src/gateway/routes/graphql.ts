// POST /graphql, and GET for persisted documents: the user is authenticated before the body is
// read; then the response cache answers, or the graph. It
// receives only the Accept and Content-Type headers of the request, so that no other header can ask
// for a plan or a trace.
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import type { Principal } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { publish } from '../../diagnostics.ts';
import { sendError } from '../../http/server/json-error.ts';
import { placeOf } from '../../http/server/trace-requests.ts';
import { isObject } from '../../json.ts';
import { within } from '../../tracing.ts';
import { noFetches } from '../graph/fetches.ts';
import type { Forward, Operation } from '../graph/forward.ts';
import type { GraphLimits } from '../graph/graph.ts';
import type { Documents } from '../graph/persisted-documents.ts';
import type { GatewayContext } from '../graph/subgraph-source.ts';
import { requestKey } from '../response-cache/request-key.ts';
import type { Executed, Outcome, ResponseCache } from '../response-cache/response-cache.ts';
import type { StoredAnswer } from '../response-cache/stored-answer.ts';
import type { Admission } from './admission.ts';
import type { Authenticate } from './authenticate.ts';
import { type CheckedRequest, documentHooks, type Hook } from './document-hooks.ts';
import { type GetQuery, namesDocument } from './graphql-get.ts';
import { sendExecuted, sendOutcome } from './send-answer.ts';

/** Options of {@link graphqlRoute}. */
export interface GraphqlRouteOptions {
  readonly admission: Admission;
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  /**
   * Maximum time of one operation in milliseconds, from the arrival of the request's headers, less
   * the time that the client took to send the body.
   */
  readonly deadlineMs: number;
  readonly documents: Documents;
  readonly limits: GraphLimits;
  /** Null: every request is executed. */
  readonly cache: ResponseCache | null;
  readonly forward: Forward;
  /** Whether a browser that opens the address is sent to the playground. */
  readonly hasPlayground: boolean;
}

type BodyDone = (error: null, body: RequestPayload) => void;

/** Only an execution has parts that ask where in a trace they are; a stored answer has none. */
const CONFIG = { entersTrace: false };

/** Adds the routes to an app. */
export function graphqlRoute(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  options: GraphqlRouteOptions,
): void {
  const { admission, authenticate, documents, limits } = options;
  const { parseBody, takeDocument } = documentHooks(app, documents, limits);
  const answer = createAnswer(apollo, options);
  const takeJson: Hook = (request, reply, done) => {
    if (isJson(request.headers['content-type'])) done();
    else sendError(reply, 415, 'BAD_REQUEST');
  };
  const postOnly = (reply: FastifyReply) => sendError(reply.header('allow', 'POST'), 405, 'BAD_REQUEST');
  const namesOne: Hook = ({ query, headers }, reply, done) => {
    if (namesDocument(query as GetQuery)) return done();
    const isBrowser = options.hasPlayground && headers.accept?.includes('text/html') === true;
    void (isBrowser ? reply.redirect('/graphiql') : postOnly(reply));
  };
  app.decorateRequest('arrivedAt', 0);
  const arrive: Hook = (request, _, done) => {
    request.setDecorator('arrivedAt', options.clock.elapsed());
    done();
  };
  // A slow client gets 408 after a while, and until then takes nothing of the operation's time.
  const awaitBody = (request: FastifyRequest, _: FastifyReply, body: RequestPayload, done: BodyDone) => {
    const { clock } = options;
    const from = clock.elapsed();
    body.once('end', () => {
      request.setDecorator('arrivedAt', request.getDecorator<number>('arrivedAt') + clock.elapsed() - from);
    });
    done(null, body);
  };
  const onRequest = [arrive, admission.admit, authenticate, takeJson];
  void app.register(async (posting) => {
    posting.removeContentTypeParser('application/json');
    posting.addContentTypeParser('application/json', { parseAs: 'string' }, parseBody);
    posting.post('/graphql', { config: CONFIG, onRequest, preParsing: awaitBody, preHandler: takeDocument }, answer);
  });
  app.get(
    '/graphql',
    {
      config: CONFIG,
      onRequest: [namesOne, arrive, admission.admit, authenticate],
      preHandler: takeDocument,
      exposeHeadRoute: false,
    },
    answer,
  );
  app.route({
    method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'],
    url: '/graphql',
    handler: (_, reply) => postOnly(reply),
  });
}

/** Answers a checked request: from the cache if there is one, otherwise by the graph. */
function createAnswer(
  apollo: ApolloServer<GatewayContext>,
  { deadlineMs, cache, forward, clock }: Pick<GraphqlRouteOptions, 'deadlineMs' | 'cache' | 'forward' | 'clock'>,
) {
  const run = async (request: FastifyRequest, principal: Principal): Promise<Executed> => {
    const endsAt = request.getDecorator<number>('arrivedAt') + deadlineMs;
    const context = { principal, endsAt, requestId: request.id, fetches: noFetches() };
    const startedAt = clock.elapsed();
    const executed = await within(placeOf(request), () => execute(apollo, forward, request, context));
    const { error, waiting } = context.fetches;
    publish('calendar:gateway-overhead', { ms: clock.elapsed() - startedAt - waiting.ms });
    if (error !== null) request.setDecorator('error', error);
    return executed;
  };
  // Without a promise of its own, which Fastify would wait for: most requests are hits.
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const refuse = (error: Error) => void reply.send(error);
    const principal = request.getDecorator<Principal>('principal');
    const operation = cache === null ? null : request.getDecorator<CheckedRequest>('checked').key;
    if (cache === null || operation === null) {
      publish('calendar:response-cache', { status: 'bypass' });
      void run(request, principal)
        .then((executed) => void sendExecuted(reply, executed))
        .catch(refuse);
      return;
    }
    const wanted = {
      key: requestKey(operation, principal, request.headers.accept ?? '*/*'),
      userId: principal.id,
      asker: { requestId: request.id, place: placeOf(request) },
      execute: () => run(request, principal),
    };
    const compress = (stored: StoredAnswer) => cache.compress(wanted.key, stored, request.headers['accept-encoding']);
    const send = (outcome: Outcome) => {
      publish('calendar:response-cache', { status: outcome.status });
      try {
        sendOutcome(request, reply, outcome, compress);
      } catch (error) {
        refuse(error as Error);
      }
    };
    cache.answer(wanted, send, refuse);
  };
}

/**
 * The graph's answer. Only one that was read from the calendar alone, in one call, can be stored.
 */
async function execute(
  apollo: ApolloServer<GatewayContext>,
  forward: Forward,
  request: FastifyRequest,
  context: GatewayContext & Required<Pick<GatewayContext, 'fetches'>>,
): Promise<Executed> {
  const operation = forwardable(request);
  const forwarded = operation === null ? null : await forward.ask(operation, context);
  if (forwarded !== null) return { status: 200, ...forwarded };
  const { fetches } = context;
  const { body, headers, status } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { ...operationOf(request), headers: negotiation(request) },
    context: async () => context,
  });
  if (body.kind !== 'complete') throw new Error('the graph never answers in parts');
  const contentType = headers.get('content-type') ?? 'application/json; charset=utf-8';
  if (operation !== null) forward.learn(operation, contentType, fetches);
  return {
    status: status ?? 200,
    contentType,
    content: body.string,
    validator: fetches.count === 1 ? fetches.validator : null,
  };
}

/** The operation, if its request has nothing but a document, its operation's name and variables. */
function forwardable({ body, headers }: FastifyRequest): Operation | null {
  if (!isObject(body)) return null;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== 'string' || extensions !== null) return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  return { query, operationName, variables, accept: headers.accept ?? '*/*' };
}

/** A GET stays one, so that the graph refuses mutations in it. */
function operationOf({ method, body }: FastifyRequest): Pick<HTTPGraphQLRequest, 'method' | 'search' | 'body'> {
  if (method !== 'GET') return { method: 'POST', search: '', body };
  const { query, operationName, variables } = body as Readonly<Record<string, unknown>>;
  const search = new URLSearchParams({ query: String(query) });
  if (typeof operationName === 'string') search.set('operationName', operationName);
  if (variables != null) search.set('variables', JSON.stringify(variables));
  return { method: 'GET', search: `?${search.toString()}`, body: undefined };
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
