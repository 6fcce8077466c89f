// Composition root of the gateway. It verifies users, limits what a request may cost, and answers
// in JSON in every case. Nothing listens before `listen`.
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { SignInternal } from '../auth/internal-token.ts';
import type { VerifyUser } from '../auth/user-token.ts';
import type { Clock } from '../clock.ts';
import { isLoopback } from '../config.ts';
import { DAY_MS } from '../durations.ts';
import { ConfigError } from '../errors.ts';
import { createEventStreams } from '../http/client/event-stream.ts';
import { createReplicas } from '../http/client/replicas.ts';
import { createTransport, type Transport } from '../http/client/transport.ts';
import { drain } from '../http/server/drain.ts';
import { LOOP_DELAY_HEADER, watchLoopDelay } from '../http/server/loop-delay.ts';
import { createCalendarQuery } from './graph/calendar-query.ts';
import { createChangeHint } from './graph/change-hint.ts';
import { createForward, type Forward } from './graph/forward.ts';
import { createGraph, type GraphLimits } from './graph/graph.ts';
import { LastWrites } from './graph/last-writes.ts';
import { type Documents, documentsOf } from './graph/persisted-documents.ts';
import { createSubgraphSource, type GatewayContext } from './graph/subgraph-source.ts';
import { type WarmUpQuery, warmUpGraph } from './graph/warm-up.ts';
import { ResponseCache } from './response-cache/response-cache.ts';
import { createRevalidator } from './response-cache/revalidator.ts';
import { createAdmission } from './routes/admission.ts';
import { authenticateWith } from './routes/authenticate.ts';
import { createConcurrency } from './routes/concurrency.ts';
import { type AllowedOrigins, allowOrigins } from './routes/cors.ts';
import { graphqlRoute } from './routes/graphql.ts';
import { type IcalOptions, icalRoute } from './routes/ical.ts';
import { liveRoute } from './routes/live.ts';
import { myPageRoutes } from './routes/my-page.ts';
import { type DevToken, playgroundRoutes } from './routes/playground.ts';
import { createRateLimits, type RateLimits } from './routes/rate-limits.ts';
import { createReadiness, type Readiness } from './routes/readiness.ts';
import { type ServiceSwitch, serviceSwitchRoutes } from './routes/service-switch.ts';
import { createHttpServer } from './server.ts';
import { createCalendarReader } from './subscription/read-calendar.ts';
import { SubscriptionTexts } from './subscription/subscription-texts.ts';

/** Options of {@link createGateway}. Times in milliseconds, sizes in bytes. */
export interface GatewayOptions {
  /** The composed supergraph's SDL. */
  readonly supergraph: string;
  /** URL of each subgraph, by its name in the supergraph. */
  readonly subgraphs: Readonly<Record<string, string>>;
  /** URL whose host name has the address of every calendar. Default: the calendar's URL. */
  readonly calendarReplicas?: string | undefined;
  readonly verifyUser: VerifyUser;
  readonly sign: SignInternal;
  readonly clock: Clock;
  /** Maximum time of one operation. */
  readonly deadlineMs: number;
  /** IANA name of the default zone of answers, for those without the calendar. Default UTC. */
  readonly homeZone?: string;
  /** How long the calendar may serve a copy without having been told of a change. Default 93 s. */
  readonly maxCopyAgeMs?: number;
  readonly limits: GraphLimits;
  /** Maximum bytes of stored answers. Default 0: none is stored. */
  readonly responseCacheBytes?: number;
  /** Maximum bytes of the last whole texts of subscriptions. Default 64 MiB. */
  readonly subscriptionBytes?: number;
  /** How long such a text is served when there is no newer one. Default 7 days. */
  readonly subscriptionMaxAgeMs?: number;
  /** Whether subscriptions are refused that came by plain http to the proxy. Default false. */
  readonly requireHttps?: boolean;
  /** Maximum number of GraphQL requests in flight. Default 1000. */
  readonly maxInFlight?: number;
  /** How late the event loop may be all the time. Default: any delay is allowed. */
  readonly maxLoopDelayMs?: number;
  /**
   * Maximum number of requests of a user a minute; at a time a tenth of `maxInFlight`, or of how
   * many are taken while load is shed. 0: no limit. Default 0.
   */
  readonly userLimit?: number;
  /** Maximum number of refused requests of a client address a minute; 0: no limit. Default 0. */
  readonly addressLimit?: number;
  /** Proxies whose X-Forwarded-For says the client's address. Default none. */
  readonly trustedProxies?: readonly string[];
  /** How long a request may take to arrive, headers and body. Default 5 s. */
  readonly requestTimeoutMs?: number;
  /** How long a client may take to read its answer. Default 30 s. */
  readonly writeTimeoutMs?: number;
  /** Maximum size of a request. */
  readonly maxBody: number;
  /** Maximum size of a subgraph's answer. */
  readonly maxAnswer: number;
  readonly introspection: boolean;
  /** Origins whose pages may use the API. Default: only our own page. */
  readonly corsOrigins?: AllowedOrigins;
  /** Looks up persisted documents. Default: none, and every document is accepted. */
  readonly documents?: Documents;
  /** Folder of the built playground; null for no playground. */
  readonly playground: URL | null;
  /** Folder of the built My Page. Default: no page. */
  readonly page?: URL;
  /** Sign-in page of the identity provider, with {state} in it. Default: no sign-in. */
  readonly signInUrl?: string;
  /** Executed before it is ready, after `keys` has read the provider's keys. Default nothing. */
  readonly warmUp?: WarmUpQuery & { readonly keys: () => Promise<void> };
  /** Origins that may embed My Page and give it tokens. Default: only its own. */
  readonly embedOrigins?: readonly string[];
  /** Services that demo users may stop and start. Default: none. */
  readonly services?: ServiceSwitch;
  /**
   * Creates tokens for demo users; null if there are none. With them only loopback addresses are
   * allowed.
   */
  readonly devToken: DevToken | null;
}

/** A gateway that is not listening yet. */
export interface Gateway {
  /**
   * Port 0 chooses a free port. Returns the URL without a path. Throws ConfigError for demo users
   * on an address that is not loopback.
   */
  listen(at: { port: number; host: string }): Promise<{ url: string }>;
  /** Accepts no new connections, lets running requests finish (at most 5 s), then closes. */
  close(): Promise<void>;
  /** The stored answers; null: none are stored. */
  readonly responses: Pick<ResponseCache, 'size'> | null;
}

/** A validator of the calendar may have 48 KiB. */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_IN_FLIGHT = 1_000;
/** To each subgraph but the calendar. */
const SUBGRAPH_CONNECTIONS = 128;
/** One user may have this part of the requests in flight, and always as many as a browser has. */
const USERS_SHARE = 10;
const MIN_AT_ONCE = 12;
/** While load is shed, so that one user does not have all the places that are left. */
const MIN_AT_ONCE_LATE = 2;
const REQUEST_MS = 5_000;
const WRITE_MS = 30_000;
/** TTL 30 s (+10 %), then 60 s of stale-while-revalidate. */
const MAX_COPY_AGE_MS = 93_000;

/**
 * Builds a gateway. It calls nothing before `listen`. Throws ConfigError for a subgraph URL that
 * must not be called.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock, sign, devToken } = options;
  const { maxInFlight = MAX_IN_FLIGHT } = options;
  const shedding = createShedding(options, maxInFlight);
  const { admission } = shedding;
  const transports = createTransports(options, shedding.report);
  const transportTo = (name: string): Transport => {
    const transport = transports.get(name);
    if (transport !== undefined) return transport;
    throw new ConfigError(`${name.toUpperCase()}_URL`, 'the address of a subgraph', undefined);
  };
  const streams = createEventStreams(options.subgraphs.calendar ?? '');
  const writes = new LastWrites(clock, options.maxCopyAgeMs ?? MAX_COPY_AGE_MS);
  const calendars = createReplicas(options.calendarReplicas ?? options.subgraphs.calendar ?? '', clock);
  const hint = createChangeHint(calendars, sign);
  const apollo: ApolloServer<GatewayContext> = createGraph({
    supergraph: options.supergraph,
    limits: options.limits,
    introspection: options.introspection,
    known: { clock, homeZone: options.homeZone ?? 'UTC' },
    sourceOf: (name) => createSubgraphSource({ name, transport: transportTo(name), sign, clock, writes, hint }),
  });
  const forward = createForward({ transport: transportTo('calendar'), sign, clock, writes });
  const cache = createCache(options, transportTo('calendar'), writes);
  const readiness = createReadiness(transports, clock, sign, () => warmUp(options, apollo, forward));
  const limits = rateLimitsOf(options, maxInFlight, admission.limit);
  const app = serverOf(options, readiness, admission.isShedding);
  let stopGraph = async () => {};
  return {
    responses: cache,
    async listen(at) {
      if (devToken !== null && !isLoopback(at.host)) {
        throw new ConfigError('HOST', 'a loopback address while there are demo users', at.host);
      }
      await apollo.start();
      stopGraph = () => apollo.stop();
      await allowOrigins(app, options.corsOrigins ?? []);
      const authenticate = authenticateWith(app, options.verifyUser, limits);
      graphqlRoute(app, apollo, { ...answersOf(options), admission, authenticate, cache, forward });
      liveRoute(app, { streams, sign, clock, authenticate });
      icalRoute(app, { ...subscriptionOf(options, transportTo('calendar'), writes), limits });
      if (options.services !== undefined) serviceSwitchRoutes(app, options.services, authenticate);
      await playgroundRoutes(app, options);
      await myPageRoutes(app, options);
      const url = await app.listen(at);
      // Otherwise /readyz warms up, when the subgraphs answer.
      if (options.warmUp !== undefined) await readiness();
      return { url };
    },
    async close() {
      await drain(app, clock);
      shedding.stop();
      await stopGraph();
      await streams.close();
      await calendars.close();
      await Promise.all([...transports.values()].map((transport) => transport.close()));
    },
  };
}

async function warmUp(options: GatewayOptions, apollo: ApolloServer<GatewayContext>, forward: Forward): Promise<void> {
  if (options.warmUp === undefined) return;
  await options.warmUp.keys();
  await warmUpGraph(apollo, forward, options.warmUp, options);
}

/** The part of `maxLoopDelayMs` from which on fewer requests at a time are admitted. */
const LATE_SHARE = 0.1;

/** Admission, which hears from answers how late the parts that are called are. */
function createShedding({ maxLoopDelayMs, clock }: GatewayOptions, max: number) {
  if (maxLoopDelayMs === undefined) {
    return { admission: createAdmission(() => max), report: () => undefined, stop: () => undefined };
  }
  const loop = watchLoopDelay(clock, maxLoopDelayMs);
  const lateMs = LATE_SHARE * maxLoopDelayMs;
  const { limit, report } = createConcurrency({ max, lateMs, ownDelayMs: loop.meanMs, clock });
  return { admission: createAdmission(limit, loop.isOverloaded), report, stop: loop.stop };
}

function rateLimitsOf(
  { userLimit: perUser = 0, addressLimit: perAddress = 0, clock }: GatewayOptions,
  maxInFlight: number,
  limit: () => number,
): RateLimits {
  const atOnce = () => {
    const now = limit();
    return Math.max(now < maxInFlight ? MIN_AT_ONCE_LATE : MIN_AT_ONCE, Math.ceil(now / USERS_SHARE));
  };
  return createRateLimits({ perUser, atOnce, perAddress }, clock);
}

function serverOf(
  { maxBody, requestTimeoutMs = REQUEST_MS, writeTimeoutMs = WRITE_MS, trustedProxies = [], clock }: GatewayOptions,
  readiness: () => Promise<Readiness>,
  isShedding: () => boolean,
): FastifyInstance {
  return createHttpServer({
    maxBody,
    readiness,
    isShedding,
    requestTimeoutMs,
    writeTimeoutMs,
    trustedProxies,
    clock,
  });
}

/** What the settings say of answering GraphQL. */
function answersOf({ clock, deadlineMs, limits, documents, playground }: GatewayOptions) {
  const hasPlayground = playground !== null;
  return { clock, deadlineMs, limits, documents: documents ?? documentsOf(new Map(), false), hasPlayground };
}

/** A connection to each subgraph, by name. `report`: how late the calendar's event loop is. */
function createTransports(
  { subgraphs, clock, maxAnswer, maxInFlight = MAX_IN_FLIGHT }: GatewayOptions,
  report: (delayMs: number) => void,
): ReadonlyMap<string, Transport> {
  const limits = { maxBytes: maxAnswer, maxHeaderBytes: MAX_HEADER_BYTES };
  const connect = (name: string, url: string): Transport => {
    if (name !== 'calendar') return createTransport({ url, clock, ...limits, connections: SUBGRAPH_CONNECTIONS });
    // Requests that wait here for each other cannot share the calendar's calls to sources, and the
    // confirmation of stored answers would wait behind them.
    const transport = createTransport({ url, clock, ...limits, connections: maxInFlight });
    return {
      ...transport,
      async post(call) {
        const answer = await transport.post(call);
        const delayMs = Number(answer.headers[LOOP_DELAY_HEADER]);
        if (delayMs >= 0) report(delayMs);
        return answer;
      },
    };
  };
  return new Map(Object.entries(subgraphs).map(([name, url]) => [name, connect(name, url)]));
}

/**
 * How long a subscription waits for the calendar's confirmation: clients come after what they read
 * has expired, so the calendar loads it first, and they are patient.
 */
const SUBSCRIPTION_LATE_MS = 3_000;

/** The parts of the subscription's route. */
function subscriptionOf(
  {
    subscriptionBytes = 64 * 2 ** 20,
    subscriptionMaxAgeMs = 7 * DAY_MS,
    requireHttps = false,
    sign,
    clock,
  }: GatewayOptions,
  calendar: Transport,
  writes: LastWrites,
): Omit<IcalOptions, 'limits'> {
  const query = createCalendarQuery({ transport: calendar, sign, clock, writes });
  const texts = new SubscriptionTexts({
    maxBytes: subscriptionBytes,
    maxAgeMs: subscriptionMaxAgeMs,
    revalidate: createRevalidator({ transport: calendar, sign, clock, load: true, lateMs: SUBSCRIPTION_LATE_MS }),
    lastWriteAge: (user) => writes.maxAge(user),
    clock,
  });
  return { reader: createCalendarReader({ calendar, query, sign, clock }), texts, clock, requireHttps };
}

/** Null for a cache of no bytes. */
function createCache(
  { responseCacheBytes: maxBytes = 0, sign, clock }: GatewayOptions,
  transport: Transport,
  writes: LastWrites,
): ResponseCache | null {
  if (maxBytes === 0) return null;
  const revalidate = createRevalidator({ transport, sign, clock });
  return new ResponseCache({ maxBytes, revalidate, lastWriteAge: (user) => writes.maxAge(user), clock });
}
