// Starts the gateway: identity provider, subgraph URLs, and the pages.
import { readFileSync } from 'node:fs';
import { createDevIssuer } from '../auth/dev-keys.ts';
import { createInternalSigner } from '../auth/internal-token.ts';
import { createRemoteKeys } from '../auth/remote-keys.ts';
import { createUserVerifier, type VerifyUser } from '../auth/user-token.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { listen } from '../diagnostics.ts';
import { ConfigError } from '../errors.ts';
import { EVENT_KINDS, serviceOf } from '../event-kinds.ts';
import { createGateway } from '../gateway/gateway.ts';
import { documentsOf, parseDocuments } from '../gateway/graph/persisted-documents.ts';
import { subgraphUrls } from '../gateway/graph/subgraph-urls.ts';
import type { WarmUpQuery } from '../gateway/graph/warm-up.ts';
import type { DevToken } from '../gateway/routes/playground.ts';
import type { ServiceSwitch } from '../gateway/routes/service-switch.ts';
import { createTransport } from '../http/client/transport.ts';
import { readPersistedDocuments, readSchema } from '../schema.ts';
import { closeAll, type Running } from './running.ts';

const JWKS_MS = 5_000;

/** Folder of the built pages. */
const BUILT = new URL('../web/', import.meta.url);

/** What a start of the gateway may have besides its settings. */
export interface GatewayExtras {
  /** The services of this process, which demo users may stop. */
  readonly services?: ServiceSwitch;
  /** Folder of the built pages, with a slash at the end. */
  readonly built?: URL;
  /** Executed before it is ready. Default nothing. */
  readonly warmUp?: WarmUpQuery;
}

/** Starts listening. Rejects with ConfigError for invalid settings, or when the port is in use. */
export async function startGateway(config: Config, clock: Clock, extras: GatewayExtras = {}): Promise<Running> {
  const { services, built = BUILT, warmUp } = extras;
  const supergraph = readSupergraph(config);
  const identity = await identityFrom(config, clock);
  const gateway = createGateway({
    supergraph,
    subgraphs: { ...subgraphUrls(supergraph), ...urlsOf(config) },
    verifyUser: identity.verifyUser,
    devToken: identity.devToken,
    sign: createInternalSigner({ secret: config.secrets.internal, service: 'gateway', clock }),
    clock,
    deadlineMs: config.GATEWAY_TIMEOUT,
    homeZone: config.HOME_ZONE,
    maxCopyAgeMs: 1.1 * Math.max(config.SLICE_TTL, config.SLICE_TTL_LIVE) + config.STALE_WHILE_REVALIDATE,
    ...limitsOf(config),
    responseCacheBytes: config.RESPONSE_CACHE_BYTES,
    subscriptionBytes: config.SUBSCRIPTION_CACHE_BYTES,
    requireHttps: config.NODE_ENV === 'production' && config.PUBLIC_URL.startsWith('https:'),
    subscriptionMaxAgeMs: config.SUBSCRIPTION_MAX_AGE,
    introspection: config.INTROSPECTION,
    corsOrigins: config.CORS_ORIGINS ?? (config.NODE_ENV === 'development' ? 'loopback' : []),
    documents: documentsOf(readDocuments(config), config.PERSISTED_ONLY),
    playground: config.GRAPHIQL ? new URL('graphiql/', built) : null,
    page: new URL('page/', built),
    embedOrigins: config.EMBED_ORIGINS ?? [],
    calendarReplicas: config.CALENDAR_REPLICAS_URL,
    ...(config.SIGN_IN_URL === undefined ? {} : { signInUrl: config.SIGN_IN_URL }),
    ...(warmUp === undefined ? {} : { warmUp: { ...warmUp, keys: identity.loadKeys } }),
    ...(services === undefined || identity.devToken === null ? {} : { services }),
  });
  const { url } = await gateway.listen({ port: config.PORT, host: config.HOST });
  const stopGauges = listen('calendar:gauges-wanted', ({ add }) => {
    if (gateway.responses === null) return;
    add({ of: 'cache', cache: 'responses', ...gateway.responses.size, reads: {}, loads: [] });
  });
  return {
    addresses: { gateway: url },
    close() {
      stopGauges();
      return closeAll([gateway, identity], clock);
    },
  };
}

function urlsOf(config: Config): Record<string, string> {
  const sources = EVENT_KINDS.map((kind) => [serviceOf(kind), config[`${kind}_URL`]]);
  return { calendar: config.CALENDAR_URL, ...Object.fromEntries(sources) };
}

/** What a client may send, how often, and how long it may take. */
function limitsOf(config: Config) {
  return {
    limits: {
      tokens: config.MAX_TOKENS,
      depth: config.MAX_DEPTH,
      fields: config.MAX_FIELDS,
      aliases: config.MAX_ALIASES,
      directives: config.MAX_DIRECTIVES,
      fragments: config.MAX_FRAGMENTS,
      valueDepth: config.MAX_VALUE_DEPTH,
      list: config.MAX_LIST,
    },
    maxInFlight: config.MAX_IN_FLIGHT,
    maxLoopDelayMs: config.MAX_LOOP_DELAY,
    userLimit: config.MAX_USER_REQUESTS,
    addressLimit: config.MAX_REFUSED_REQUESTS,
    trustedProxies: config.TRUSTED_PROXIES ?? [],
    requestTimeoutMs: config.REQUEST_TIMEOUT,
    writeTimeoutMs: config.WRITE_TIMEOUT,
    maxBody: config.MAX_BODY,
    maxAnswer: config.MAX_ANSWER,
  };
}

/** The persisted documents of My Page and of the deployment. Throws ConfigError. */
function readDocuments({ PERSISTED_DOCUMENTS: file }: Config): ReadonlyMap<string, string> {
  const own = parseDocuments(readPersistedDocuments());
  if (file === undefined) return own;
  return new Map([...own, ...parseDocuments(readFile('PERSISTED_DOCUMENTS', file))]);
}

/** The configured supergraph, or ours. Throws ConfigError. */
function readSupergraph({ SUPERGRAPH: file }: Config): string {
  if (file === undefined) return readSchema('supergraph');
  const text = readFile('SUPERGRAPH', file);
  if (Object.keys(subgraphUrls(text)).includes('calendar')) return text;
  throw new ConfigError('SUPERGRAPH', 'a composed supergraph with the subgraph calendar', file);
}

function readFile(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError(setting, 'a file that can be read', file);
  }
}

interface Identity {
  readonly verifyUser: VerifyUser;
  readonly devToken: DevToken | null;
  /** Reads the provider's keys if that has not been done yet. Never rejects. */
  readonly loadKeys: () => Promise<void>;
  close(): Promise<void>;
}

/**
 * The keys of the configured provider; in development without one, our own keys and tokens for demo
 * users.
 */
async function identityFrom(config: Config, clock: Clock): Promise<Identity> {
  const { JWKS_URL, JWT_ISSUER = 'development', JWT_AUDIENCE = 'calendar' } = config;
  const expected = { clock, issuer: JWT_ISSUER, audience: JWT_AUDIENCE, maxLifetimeMs: config.JWT_MAX_LIFETIME };
  if (JWKS_URL === undefined) {
    const issuer = await createDevIssuer(expected);
    return {
      verifyUser: createUserVerifier({ ...expected, keys: issuer.keys }),
      devToken: (user, debug) => issuer.token(user, debug),
      loadKeys: async () => {},
      close: async () => {},
    };
  }
  const transport = createTransport({ url: JWKS_URL, clock, connections: 1 });
  const read = async () => (await transport.get({ deadlineMs: JWKS_MS, retry: true })).body;
  const remote = createRemoteKeys({ read, clock });
  return {
    verifyUser: createUserVerifier({ ...expected, ...remote }),
    devToken: null,
    loadKeys: () => remote.load(),
    close: () => transport.close(),
  };
}
