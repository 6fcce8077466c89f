// A subgraph over HTTP: a schema behind Fastify and Apollo Server that accepts only callers with an
// internal token, which is checked before the body is read. format-error decides what errors show.

import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { type GraphQLSchema, parse } from 'graphql';
import { bearerToken } from '../auth/bearer.ts';
import type { VerifyInternal } from '../auth/internal-token.ts';
import type { Caller } from '../auth/principal.ts';
import type { Clock } from '../clock.ts';
import { publish, reportError } from '../diagnostics.ts';
import { ApiError } from '../errors.ts';
import { disabledPlugins } from '../http/server/apollo-plugins.ts';
import { closingResponses, drain } from '../http/server/drain.ts';
import { closingOf, sendEvents, untilGone } from '../http/server/event-stream.ts';
import { formatError } from '../http/server/format-error.ts';
import { requireValidHost } from '../http/server/host.ts';
import { installJsonErrors, sendError } from '../http/server/json-error.ts';
import { LOOP_DELAY_HEADER, type LoopDelay, watchLoopDelay } from '../http/server/loop-delay.ts';
import { reportRequests } from '../http/server/report-requests.ts';
import { answerWithRequestId, rememberRequestOfErrors, requestIdOf } from '../http/server/request-id.ts';
import { placeOf, traceRequests } from '../http/server/trace-requests.ts';
import { operationStore } from '../operation-store.ts';
import { within } from '../tracing.ts';
import { checkResolvers } from './check-resolvers.ts';
import { asGateway, createExecution } from './compiled-queries.ts';
import { guardEntities } from './entities.ts';

/** The header by which a gateway asks for a trace. */
const TRACE_HEADER = 'apollo-federation-include-trace';

/** The context of every resolver. */
export interface SubgraphContext {
  readonly caller: Caller;
  /** The id of the request (header `x-request-id`), for the log. */
  readonly requestId: string;
  /** Whether the caller takes a validator (header `x-accept-validator`). */
  readonly wantsValidator: boolean;
  /**
   * How long the caller waits for this answer, in milliseconds (header `x-deadline-ms`); undefined
   * if it does not say.
   */
  readonly deadlineMs: number | undefined;
  /**
   * Maximum age of a copy in milliseconds: the time since the user's last write (header
   * `x-last-write-age-ms`; `x-wrote-ms-ago` is its former name).
   */
  readonly lastWriteAgeMs: number | undefined;
}

/** The client of a stream and its start; `signal` is aborted when the client is gone. */
export interface StreamCall {
  readonly caller: Caller;
  /** The query string. */
  readonly query: URLSearchParams;
  readonly after: string | null;
  readonly signal: AbortSignal;
}

/** The caller of a post and its parsed body. */
export interface PostCall {
  readonly caller: Caller;
  readonly body: unknown;
  readonly requestId: string;
  /** Runs in the trace of the call. A post that calls nothing runs outside of it. */
  readonly inTrace: <T>(run: () => T) => T;
}

/**
 * Options of {@link createSubgraph}. `C`: the context of the resolvers in addition to
 * SubgraphContext.
 */
export interface SubgraphOptions<C extends object> {
  /** Name of the service in refusals (`WWW-Authenticate: Bearer realm="…"`). */
  readonly name: string;
  /** The SDL text. */
  readonly typeDefs: string;
  /**
   * Resolvers by type and field; a name that is not in the SDL throws when the subgraph is made.
   */
  readonly resolvers: object;
  readonly verify: VerifyInternal;
  readonly clock: Clock;
  /** Called once for each request, after the token is verified, with the caller's deadline. */
  readonly context: (caller: Caller, deadlineMs: number | undefined) => C;
  /** Maximum number of representations in one `_entities` call. Default 200. */
  readonly maxRepresentations?: number;
  /** Maximum size of a request's body in bytes. Default 1 MiB. */
  readonly bodyLimit?: number;
  /** Whether `__schema` and suggestions in error messages are allowed. Default false. */
  readonly introspection?: boolean;
  /** Whether callers may ask (`ftv1`) for the time of each resolver. Default false. */
  readonly trace?: boolean;
  /**
   * Streams of server-sent events at other paths, for callers with an internal token. `after`: the
   * Last-Event-ID header. ApiError FORBIDDEN becomes 403. Default none.
   */
  readonly streams?: Readonly<Record<`/${string}`, (call: StreamCall) => Promise<AsyncIterable<string>>>>;
  /**
   * Calls at other paths, for callers with an internal token: a JSON body in, a JSON object out.
   * ApiError FORBIDDEN becomes 403, BAD_USER_INPUT 400. Default none.
   */
  readonly posts?: Readonly<Record<`/${string}`, (call: PostCall) => object | Promise<object>>>;
  /** Headers of an answer without errors. Default none. */
  readonly headersOf?: (context: C) => Readonly<Record<string, string>>;
  /** Extensions of an answer. Default none. */
  readonly extensionsOf?: (context: C) => Readonly<Record<string, unknown>>;
  /** Whether answers say how late the event loop is. Default false. */
  readonly tellsLoopDelay?: boolean | undefined;
  /** What `/readyz` returns in addition, to anyone who can reach it. Default nothing. */
  readonly details?: () => object;
  /** `/readyz` answers 503 while this rejects. Default: always ready. */
  readonly requireReady?: () => Promise<unknown>;
  /**
   * Called once with the endpoint's URL when it listens; `/readyz` answers 503 and `listen` waits
   * until it has ended, also with an error. Default nothing.
   */
  readonly warmUp?: WarmUp | undefined;
}

/** Sends requests that need what later ones need, so that those find it compiled and connected. */
export type WarmUp = (url: string) => Promise<unknown>;

/** A subgraph that is not listening yet. */
export interface Subgraph {
  /** Port 0 chooses a free port. Returns the URL of the endpoint, path included. */
  listen(at: { port: number; host: string }): Promise<{ url: string }>;
  /** Accepts no new connections, lets running requests finish (at most 5 s), then closes. */
  close(): Promise<void>;
}

/**
 * Builds a subgraph; nothing listens before `listen`. Throws when SDL and resolvers do not match.
 */
export function createSubgraph<C extends object>(options: SubgraphOptions<C>): Subgraph {
  const apollo = apolloServer<SubgraphContext & C>(options);
  const app = httpServer(options.name, options.bodyLimit);
  const loop = options.tellsLoopDelay === true ? tellLoopDelay(app, options.clock) : null;
  addStreams(app, options);
  addPosts(app, options);
  let isWarm = false;
  return {
    async listen(at) {
      await apollo.start();
      addReadiness(app, options, () => isWarm);
      app.post('/graphql', { onRequest: authenticate(options.verify) }, (request, reply) =>
        answer(apollo, request, reply, contextOf(request, options.context)),
      );
      const url = `${await app.listen(at)}/graphql`;
      await options.warmUp?.(url).catch((error: unknown) => reportError(error));
      isWarm = true;
      return { url };
    },
    async close() {
      await drain(app, options.clock);
      loop?.stop();
      await apollo.stop();
    },
  };
}

/** Adds the header to all answers; the result ends the measuring. */
function tellLoopDelay(app: FastifyInstance, clock: Clock): LoopDelay {
  const loop = watchLoopDelay(clock, Number.POSITIVE_INFINITY);
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header(LOOP_DELAY_HEADER, String(Math.round(loop.meanMs())));
    done(null, payload);
  });
  return loop;
}

function addReadiness(
  app: FastifyInstance,
  { requireReady, details }: Pick<SubgraphOptions<object>, 'requireReady' | 'details'>,
  isWarm: () => boolean,
) {
  app.get('/readyz', async (_, reply) => {
    const answers = await (requireReady?.() ?? Promise.resolve()).then(
      () => true,
      () => false,
    );
    const isReady = answers && isWarm();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', ...details?.() });
  });
}

function addStreams(
  app: FastifyInstance,
  { streams = {}, verify }: Pick<SubgraphOptions<object>, 'streams' | 'verify'>,
) {
  const closing = closingOf(app);
  for (const [path, stream] of Object.entries(streams)) {
    app.get(path, { onRequest: authenticate(verify) }, async (request, reply) => {
      const caller = request.getDecorator<Caller>('caller');
      const query = new URL(request.url, 'http://localhost').searchParams;
      const last = request.headers['last-event-id'];
      const after = typeof last === 'string' ? last : null;
      const signal = untilGone(reply, closing);
      try {
        return sendEvents(reply, await stream({ caller, query, after, signal }));
      } catch (error) {
        if (!(error instanceof ApiError && error.extensions.code === 'FORBIDDEN')) throw error;
        return sendError(reply, 403, 'FORBIDDEN', error.message);
      }
    });
  }
}

function addPosts(app: FastifyInstance, { posts = {}, verify }: Pick<SubgraphOptions<object>, 'posts' | 'verify'>) {
  for (const [path, post] of Object.entries(posts)) {
    app.post(path, { onRequest: authenticate(verify), config: { entersTrace: false } }, async (request, reply) => {
      const caller = request.getDecorator<Caller>('caller');
      const { id: requestId, body } = request;
      try {
        return await post({ caller, body, requestId, inTrace: (run) => within(placeOf(request), run) });
      } catch (error) {
        const code = error instanceof ApiError ? error.extensions.code : undefined;
        if (!(error instanceof ApiError) || (code !== 'FORBIDDEN' && code !== 'BAD_USER_INPUT')) throw error;
        return sendError(reply, code === 'FORBIDDEN' ? 403 : 400, code, error.message);
      }
    });
  }
}

/**
 * Adds headers to answers without errors, for callers that ask for them: other gateways would
 * refuse headers of that size.
 */
function answerHeaders<C extends SubgraphContext>(headersOf: SubgraphOptions<C>['headersOf']): ApolloServerPlugin<C> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body, http }, contextValue }) {
          if (body.kind !== 'single' || body.singleResult.errors !== undefined) return;
          http.headers.set('x-without-errors', 'true');
          if (headersOf === undefined || !contextValue.wantsValidator) return;
          for (const [name, value] of Object.entries(headersOf(contextValue))) http.headers.set(name, value);
        },
      };
    },
  };
}

/** Adds extensions to answers. */
function answerExtensions<C extends object>(
  extensionsOf: NonNullable<SubgraphOptions<C>['extensionsOf']>,
): ApolloServerPlugin<C> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body }, contextValue }) {
          const extensions = Object.entries(extensionsOf(contextValue));
          if (body.kind !== 'single' || extensions.length === 0) return;
          body.singleResult.extensions = { ...body.singleResult.extensions, ...Object.fromEntries(extensions) };
        },
      };
    },
  };
}

function subgraphSchema({
  typeDefs,
  resolvers,
  maxRepresentations = 200,
}: Pick<SubgraphOptions<object>, 'typeDefs' | 'resolvers' | 'maxRepresentations'>): GraphQLSchema {
  // The type of the map cannot express typed contexts and parents; names are checked here.
  const schema = buildSubgraphSchema({
    typeDefs: parse(typeDefs),
    resolvers: resolvers as GraphQLResolverMap<unknown>,
  });
  checkResolvers(schema, resolvers);
  guardEntities(schema, maxRepresentations);
  return schema;
}

type ServerOptions<C extends object> = Pick<
  SubgraphOptions<C>,
  'typeDefs' | 'resolvers' | 'maxRepresentations' | 'introspection' | 'trace' | 'headersOf' | 'extensionsOf'
>;

/**
 * All other features of Apollo Server are disabled: reports, landing page, cache hints, signals;
 * traces unless asked for.
 */
function apolloServer<C extends SubgraphContext>(options: ServerOptions<C>): ApolloServer<C> {
  const { introspection = false, trace = false, headersOf, extensionsOf } = options;
  const makeSchema = () => subgraphSchema(options);
  return new ApolloServer<C>({
    // Compiled queries do not say how long a resolver takes.
    ...(trace ? { schema: makeSchema() } : { gateway: asGateway<C>(createExecution(makeSchema)) }),
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    formatError,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    documentStore: operationStore(),
    stopOnTerminationSignals: false,
    plugins: [
      answerHeaders(headersOf),
      ...(extensionsOf === undefined ? [] : [answerExtensions(extensionsOf)]),
      rememberRequestOfErrors,
      ...(trace ? [...disabledPlugins({ trace }), ApolloServerPluginInlineTrace()] : disabledPlugins()),
    ],
  });
}

function httpServer(name: string, bodyLimit = 1024 * 1024): FastifyInstance {
  const { Response, announceClosing } = closingResponses();
  const app = fastify({
    http: { ServerResponse: Response },
    bodyLimit,
    genReqId: requestIdOf,
    // Longer than any client's keep-alive: the side that sends next should be the side that closes.
    keepAliveTimeout: 65_000,
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
    // While draining, requests on open connections are still answered, with `Connection: close`.
    return503OnClosing: false,
  });
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('caller', null);
  reportRequests(app, name);
  requireValidHost(app);
  answerWithRequestId(app);
  // A subgraph continues the trace of its caller, and begins none: only our parts reach it.
  traceRequests(app, name, { begins: false, isBelieved: () => true });
  installJsonErrors(app, name);
  announceClosing(app);
  app.get('/livez', () => ({ status: 'ok' }));
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    handler: (_, reply) => sendError(reply.header('allow', 'POST'), 405, 'BAD_REQUEST'),
  });
  return app;
}

function authenticate(verify: VerifyInternal): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    request.setDecorator('caller', await verify(bearerToken(request.raw.rawHeaders)));
  };
}

function contextOf<C extends object>(
  request: FastifyRequest,
  make: SubgraphOptions<C>['context'],
): SubgraphContext & C {
  const caller = request.getDecorator<Caller>('caller');
  const deadlineMs = milliseconds(request.headers['x-deadline-ms']);
  const lastWriteAge = request.headers['x-last-write-age-ms'] ?? formerLastWriteAge(request.headers);
  const lastWriteAgeMs = milliseconds(lastWriteAge);
  const wantsValidator = request.headers['x-accept-validator'] !== undefined;
  return { caller, requestId: request.id, wantsValidator, deadlineMs, lastWriteAgeMs, ...make(caller, deadlineMs) };
}

/** Callers of the previous version send the header under this name. */
function formerLastWriteAge(headers: FastifyRequest['headers']): string | string[] | undefined {
  const value = headers['x-wrote-ms-ago'];
  if (value !== undefined && !hasWarned) {
    hasWarned = true;
    publish('calendar:former-name', { former: 'x-wrote-ms-ago', present: 'x-last-write-age-ms' });
  }
  return value;
}

let hasWarned = false;

function milliseconds(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

/**
 * GraphQL gets three of the request's headers, and not its URL, which a malformed Host header would
 * break.
 */
async function answer<C extends object>(
  apollo: ApolloServer<C>,
  request: FastifyRequest,
  reply: FastifyReply,
  context: C,
): Promise<FastifyReply> {
  const { accept = '*/*', 'content-type': contentType = '' } = request.headers;
  const trace = String(request.headers[TRACE_HEADER] ?? '');
  const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'POST',
      headers: new HeaderMap([
        ['accept', accept],
        ['content-type', contentType],
        [TRACE_HEADER, trace],
      ]),
      search: '',
      body: request.body,
    },
    context: async () => context,
  });
  if (body.kind !== 'complete') throw new Error('a subgraph never answers in parts');
  return reply
    .code(status ?? 200)
    .headers(Object.fromEntries(headers))
    .send(body.string);
}
