// All settings: name, format, default and meaning. The documentation is generated from this table.
// config.ts reads the environment.
import { isIP } from 'node:net';
import { z } from 'zod';
import { MAX_SOURCE_BATCH } from './batch-limit.ts';
import { type ByKind, EVENT_KINDS, type EventKind, KINDS, serviceOf } from './event-kinds.ts';
import { parseSourceUrl } from './http/client/source-url.ts';
import type { KafkaSasl } from './kafka.ts';

/** One setting as the documentation shows it. */
export interface SettingDoc {
  readonly name: string;
  /** The default as text; null if there is none, which the meaning explains. */
  readonly default: string | null;
  readonly meaning: string;
}

/** A setting with a default. */
interface Required<T> {
  readonly type: z.ZodType<T, string>;
  readonly default: string;
  readonly meaning: string;
}

/** A setting that may be absent. */
interface Optional<T> {
  readonly type: z.ZodType<T, string>;
  readonly default: null;
  readonly meaning: string;
}

const port = whole(0, 65_535);
const limit = whole(1, 1_000_000);
const limitOrNone = whole(0, 1_000_000);
const flag = text('true or false', (given) => (given === 'true' || given === 'false' ? given === 'true' : undefined));
/** The longest timer of Node is 2^31 − 1 ms; a longer one fires at once. */
const MAX_DURATION = 596 * 3_600_000;
const time = text('a duration such as 500ms, 30s, 10m or 24h', (given) =>
  scaled(given, { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }),
).refine((ms) => ms <= MAX_DURATION, 'a duration of at most 596h');
const duration = time.refine((ms) => ms >= 1, 'a duration of at least 1ms');
const UNITS = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const bytes = text('a size such as 512B, 64KiB, 64MiB or 1GiB', (given) => scaled(given, UNITS)).refine(
  (size) => size >= 1 && size <= 2 ** 40,
  'a size from 1B to 1024GiB',
);
const bytesOrNone = text('0, or a size such as 64MiB', (given) =>
  given === '0' || given === '0B' ? 0 : scaled(given, UNITS),
).refine((size) => size <= 2 ** 40, 'a size of at most 1024GiB');
const url = text('an http(s) address without credentials, not link-local and not a metadata service', (given) =>
  isSourceUrl(given) ? given : undefined,
);
const zone = text('an IANA time zone such as Asia/Seoul', (given) => (isZone(given) ? given : undefined));
const PARENT_BASED = ['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;
const printable = match('1 to 256 printable characters without spaces', /^[\x21-\x7e]{1,256}$/);
const secret = text('at least 32 bytes', (given) => {
  const value = new TextEncoder().encode(given);
  return value.byteLength >= 32 ? value : undefined;
});
/** `host:port`, with commas between them. */
function brokers(given: string): readonly string[] | undefined {
  const all = given.split(',').map((one) => one.trim());
  const isBroker = (one: string) =>
    /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/.test(one) && Number(/\d+$/.exec(one)) < 65_536;
  return all.every(isBroker) ? all : undefined;
}
/** Each kind once, with a topic of its own (names as Kafka allows them). */
function topics(given: string): ByKind<string> | undefined {
  const pairs = given.split(',').map((one) => one.trim().split('='));
  const byKind = new Map(pairs.map(([kind, topic]) => [kind, topic]));
  const names = EVENT_KINDS.flatMap((kind) => byKind.get(kind) ?? []);
  const isWhole = pairs.length === EVENT_KINDS.length && new Set(names).size === EVENT_KINDS.length;
  if (!isWhole || !names.every((name) => /^[A-Za-z0-9._-]{1,249}$/.test(name))) return undefined;
  return Object.fromEntries(byKind) as ByKind<string>;
}
function sasl(given: string): KafkaSasl | undefined {
  const [, mechanism, username = '', password = ''] =
    /^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512):([^:]+):(.+)$/.exec(given) ?? [];
  return mechanism === undefined ? undefined : { mechanism: mechanism as KafkaSasl['mechanism'], username, password };
}
function share(given: string): number | undefined {
  return /^(0|1|0?\.\d+|1\.0+)$/.test(given) ? Number(given) : undefined;
}
/** Secrets by `caller:called`, in the order given. */
function secretsOfPairs(given: string): ReadonlyMap<string, readonly Uint8Array[]> | undefined {
  const pairs = new Map<string, readonly Uint8Array[]>();
  for (const entry of given.split(/\s+/).filter(Boolean)) {
    const [, pair = '', value = ''] = /^([\w-]{1,64}:[\w-]{1,64})=(.*)$/.exec(entry) ?? [];
    const bytes = new TextEncoder().encode(value);
    const secrets = [...(pairs.get(pair) ?? []), bytes];
    if (pair === '' || bytes.byteLength < 32 || secrets.length > 2) return undefined;
    pairs.set(pair, secrets);
  }
  return pairs;
}
/** The origins, each as a browser sends it (RFC 6454 §7). */
function origins(given: string): readonly string[] | undefined {
  const all = given.split(',').map((one) => one.trim());
  const isOrigin = (one: string) => URL.canParse(one) && /^https?:/.test(one) && new URL(one).origin === one;
  return all.every(isOrigin) ? all : undefined;
}
/** Addresses (IPv4, IPv6), each with the length of its prefix if it is a network. */
function networks(given: string): readonly string[] | undefined {
  const all = given.split(',').map((one) => one.trim());
  const isNetwork = (one: string) => {
    const [address = '', prefix] = one.split('/', 2);
    const bits = isIP(address) === 4 ? 32 : 128;
    return isIP(address) !== 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits));
  };
  return all.every(isNetwork) ? all : undefined;
}
/** One placeholder names the event; what is in the host would be no address any more. */
function eventTemplate(given: string): string | undefined {
  return /^https?:\/\/[^\s{}]+\/\S*$/.test(given) && given.split(/\{(?:ern|id)\}/).length === 2 ? given : undefined;
}
const LIST = new Intl.ListFormat('en-GB');
const logLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent');

/** The settings by name, in the order of the documentation. */
export const SETTINGS = {
  NODE_ENV: required(
    oneOf('development', 'production'),
    'development',
    'production: no demo users, no playground, no introspection, no sample data; secrets, keys and PUBLIC_URL are required.',
  ),
  HOST: required(printable, 'localhost', 'Host that every part listens on. Demo users exist only on loopback hosts.'),
  PORT: required(port, '4000', 'Port of the gateway.'),
  CALENDAR_PORT: required(port, '4100', 'Port of the calendar subgraph.'),
  ...ofKinds('PORT', (kind) => required(port, String(KINDS[kind].port), `Port of the ${serviceOf(kind)} service.`)),
  CALENDAR_URL: optional(url, 'URL of the calendar subgraph for the other parts. Absent: its port on localhost.'),
  CALENDAR_REPLICAS_URL: optional(
    url,
    'URL whose host name has the address of every calendar, such as a headless service: with FRESHNESS=poll each is told of a write. Absent: CALENDAR_URL.',
  ),
  ...ofKinds('URL', (kind) =>
    optional(url, `URL of the ${serviceOf(kind)} service for the other parts. Absent: its port on localhost.`),
  ),
  CORS_ORIGINS: optional(
    text('origins such as https://app.example.ac.kr, with commas between them', origins),
    'Origins whose pages may use the API from a browser. Absent: none in production, every loopback origin in development.',
  ),
  EMBED_ORIGINS: optional(
    text('origins such as https://lms.example.ac.kr, with commas between them', origins),
    'Origins whose pages may show My Page in a frame and give it a new token (schema/README.md). Absent: only its own.',
  ),
  METRICS_PORT: optional(port, 'Port of GET /metrics for Prometheus, in every process. Absent: no metrics.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    match('an http(s) address', /^https?:\/\/[^\s?#]+$/),
    'OpenTelemetry collector to which every process sends traces (OTLP over HTTP), without /v1/traces. Absent: no traces.',
  ),
  OTEL_TRACES_SAMPLER: required(
    oneOf('always_on', 'always_off', 'traceidratio', ...PARENT_BASED),
    'parentbased_always_on',
    'Which requests are traced, of those whose caller does not say: all, none, or a share. A caller always decides, parentbased or not.',
  ),
  OTEL_TRACES_SAMPLER_ARG: required(
    text('a number from 0 to 1', share),
    '1',
    'The share of the requests that traceidratio traces, such as 0.01.',
  ),
  SUPERGRAPH: optional(
    match('the path of a file', /^\P{Cc}{1,1024}$/u),
    'Supergraph of your subgraphs (npm run schema -- --out FOLDER). Further subgraphs are called at the URLs in it. Absent: that of this project.',
  ),
  DATABASE_URL: optional(
    match('a postgres:// address', /^postgres(ql)?:\/\/\S+$/),
    'PostgreSQL of the reference services. Absent: an embedded database that starts empty every time.',
  ),
  SAMPLE_DATA: optional(
    flag,
    'Whether an empty database is filled with sample data of one term, not in production. Absent: only the embedded one.',
  ),
  SAMPLE_LANGUAGE: required(oneOf('ko', 'en'), 'ko', 'Language of the sample data.'),
  TENANT: required(
    match('letters, digits, dots, dashes or underscores', /^[\w.-]{1,64}$/),
    'lms',
    'The tenant in resource names: ern:<tenant>:course/42.',
  ),
  HOME_ZONE: required(
    zone,
    'Asia/Seoul',
    'Time zone of the deployment: slices are its calendar months, and it is the default zone of answers.',
  ),
  PUBLIC_URL: optional(
    match('an http(s) address without a slash at the end', /^https?:\/\/[^\s?#]*[^\s?#/]$/),
    'Public URL of the gateway: subscription URLs begin with it. Absent: its port on localhost, only in development.',
  ),
  EVENT_URL: optional(
    text('an http(s) address with {ern} or {id} in it once', eventTemplate),
    'URL of an event, with {ern} (the same for all users) or {id} in it, and {user} for the owner of the calendar. Absent: My Page, /?user={user}&event={id} at PUBLIC_URL.',
  ),
  SUBSCRIPTION_SECRET: optional(
    secret,
    'Key of the subscription URLs, at least 32 bytes. Absent: derived from INTERNAL_SECRET. Without the former one in SUBSCRIPTION_SECRET_ACCEPTED, changing it invalidates all subscription URLs.',
  ),
  SUBSCRIPTION_SECRET_ACCEPTED: optional(
    secret,
    'A second key of which subscription URLs are accepted, while SUBSCRIPTION_SECRET is replaced: as long as it is set, URLs of the former key stay valid.',
  ),
  SECRET_OVERLAP: required(
    duration,
    '5m',
    'When the file of a secret is replaced: after this time every part must have the new one. Until then the former is used and both are accepted, and for as long again the former is accepted.',
  ),
  FRESHNESS: required(
    oneOf('none', 'poll', 'redis', 'cdc', 'kafka'),
    'poll',
    'Change feed of the calendar: none, polling the services, a Redis stream, logical replication of PostgreSQL, or Kafka topics.',
  ),
  POLL_INTERVAL: required(duration, '1s', 'Interval at which the services are asked for changes, with FRESHNESS=poll.'),
  REDIS_URL: optional(
    match('a redis:// or rediss:// address', /^rediss?:\/\/\S+$/),
    'Redis, for FRESHNESS=redis and for the rotations of subscription URLs.',
  ),
  CDC_DATABASE_URL: optional(
    match('a postgres:// address', /^postgres(ql)?:\/\/\S+$/),
    'PostgreSQL whose log is read, with FRESHNESS=cdc.',
  ),
  KAFKA_BROKERS: optional(
    text('host:port of one or more brokers, separated by commas', brokers),
    'Brokers of Kafka, with FRESHNESS=kafka: `kafka-1:9092,kafka-2:9092`.',
  ),
  KAFKA_TOPICS: required(
    text(`KIND=topic for ${LIST.format(EVENT_KINDS)}, separated by commas`, topics),
    EVENT_KINDS.map((kind) => `${kind}=calendar.${serviceOf(kind)}.outbox`).join(),
    "The topic of each source's outbox, with one partition. They must exist.",
  ),
  KAFKA_RELAY: required(
    flag,
    'true',
    'Whether the services write their outboxes to Kafka, with FRESHNESS=kafka; false when Debezium does.',
  ),
  KAFKA_TLS: required(
    flag,
    'false',
    'Whether connections to Kafka are encrypted. NODE_EXTRA_CA_CERTS adds authorities.',
  ),
  KAFKA_SASL: optional(
    text('PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, then user and password, as mechanism:user:password', sasl),
    'How to sign in to Kafka: `SCRAM-SHA-512:calendar:password`.',
  ),
  SLICE_TTL: required(time, '30s', 'TTL: how long a loaded slice is fresh without a live change feed of its source.'),
  SLICE_TTL_LIVE: required(
    time,
    '10m',
    'TTL with a live change feed. What a source changes without an outbox row is seen after this time. At least SLICE_TTL.',
  ),
  STALE_WHILE_REVALIDATE: required(
    time,
    '60s',
    'After the TTL: how long a copy is served while a newer one is loaded.',
  ),
  STALE_IF_ERROR: required(
    time,
    '1h',
    'After the TTL: how long a copy is served while its source fails. At least STALE_WHILE_REVALIDATE.',
  ),
  SLICE_CACHE_BYTES: required(
    bytes,
    '256MiB',
    'Maximum memory of all caches of the calendar: half of it for slices, the rest for who is where and for confirming stored answers. 256MiB hold a month of 50,000 students.',
  ),
  RESPONSE_CACHE_BYTES: required(
    bytesOrNone,
    '64MiB',
    'Maximum memory of finished answers at the gateway, each of which the calendar confirms when it is used; 0B: none.',
  ),
  SUBSCRIPTION_CACHE_BYTES: required(
    bytes,
    '64MiB',
    'Maximum memory of the last whole texts of calendar subscriptions at the gateway, compressed: about 25 KB each.',
  ),
  SUBSCRIPTION_MAX_AGE: required(
    time,
    '168h',
    'How long the last whole text of a subscription is served while a source is away, items are left out, or the queue is long; then 503.',
  ),
  FREE_BUSY_FOR: required(
    oneOf('nobody', 'related', 'everybody'),
    'related',
    'Who may ask when somebody else is busy, besides administrators. related: staff, observers, and members of a common course.',
  ),
  FREE_BUSY_LIMIT: required(
    limit,
    '60',
    'Maximum number of questions when others are busy, for each user, minute and calendar process; further ones are OVERLOADED.',
  ),
  STAFF_SEES_REASONS: required(
    flag,
    'false',
    'Whether staff of a course see why a student’s dates differ, which may tell of an illness.',
  ),
  AUDIT_READS: required(
    oneOf('none', 'administrators', 'staff'),
    'staff',
    'Whose reads of other users’ calendars are logged: who, whom, which kinds and window. staff: of administrators, too.',
  ),
  GATEWAY_TIMEOUT: required(
    duration,
    '1000ms',
    'Maximum time of one operation at the gateway. More than CALENDAR_TIMEOUT.',
  ),
  CALENDAR_TIMEOUT: required(duration, '800ms', 'Maximum time that the calendar waits for its sources.'),
  SOURCE_TIMEOUT: required(
    duration,
    '500ms',
    'Maximum time of one call to a source, connecting and one retry included. At most CALENDAR_TIMEOUT.',
  ),
  MAX_BODY: required(bytes, '128KiB', 'Maximum size of a request to the gateway.'),
  MAX_ANSWER: required(bytes, '4MiB', 'Maximum size of a subgraph’s answer to the gateway.'),
  MAX_SOURCE_ANSWER: required(
    bytes,
    '4MiB',
    'Maximum size of a source’s answer to the calendar. A larger one is asked for in parts. At least 256B for each key of SOURCE_BATCH.',
  ),
  SOURCE_BATCH: required(
    whole(1, MAX_SOURCE_BATCH),
    '500',
    `Maximum number of keys in one call to a source, at most ${MAX_SOURCE_BATCH}: a class of 200 with own dates needs 201.`,
  ),
  MAX_IN_FLIGHT: required(
    limit,
    '1000',
    'Maximum number of GraphQL requests in flight at the gateway; further ones are 503 with Retry-After, and /readyz is 503.',
  ),
  MAX_LOOP_DELAY: required(
    duration,
    '100ms',
    'How late the event loop of the gateway may be five times in a row; until it is in time again, GraphQL requests are 503 with Retry-After, and /readyz is 503, too. When that of the gateway or the calendar is later than a tenth of it on average, fewer requests at a time are taken, at least 12; those beyond are refused likewise.',
  ),
  REQUEST_TIMEOUT: required(
    duration,
    '5s',
    'How long a request to the gateway may take to arrive, headers and body; then it is 408.',
  ),
  WRITE_TIMEOUT: required(
    duration,
    '30s',
    'How long a client of the gateway may take to read its answer; then its connection is closed. Event streams are not limited by it.',
  ),
  MAX_USER_REQUESTS: optional(
    limitOrNone,
    'Maximum number of requests of a user, for each minute and gateway process, of which a tenth of MAX_IN_FLIGHT at a time, and a tenth of how many are taken while an event loop is late (at least 2); further ones are 429 with Retry-After. 0: no limit. Absent: 600 in production, no limit in development.',
  ),
  MAX_REFUSED_REQUESTS: optional(
    limitOrNone,
    'Maximum number of refused requests (without a valid token or subscription address) of a client address, for each minute and gateway process; further ones are 429. Tokens that were accepted before, and subscription addresses that were read before, are still accepted from it. 0: no limit. Absent: 600 in production, no limit in development.',
  ),
  TRUSTED_PROXIES: optional(
    text('addresses and networks such as 10.0.0.0/8, with commas between them', networks),
    'Proxies in front of the gateway, whose X-Forwarded-For says the address of the client, and traceparent of which trace a request is part. Absent: none is believed, and the address is that of the connection.',
  ),
  MAX_TOKENS: required(limit, '1000', 'Maximum number of tokens in a query.'),
  MAX_DEPTH: required(limit, '10', 'Maximum nesting of fields in a query.'),
  MAX_FIELDS: required(
    limit,
    '300',
    'Maximum number of fields in a query; those of a fragment count each time it is spread.',
  ),
  MAX_ALIASES: required(limit, '10', 'Maximum number of aliases in a query, counted like fields.'),
  MAX_DIRECTIVES: required(limit, '20', 'Maximum number of directives in a query, counted like fields.'),
  MAX_FRAGMENTS: required(limit, '30', 'Maximum number of fragment spreads in a query, counted like fields.'),
  MAX_VALUE_DEPTH: required(limit, '5', 'Maximum nesting of lists and objects in an argument or a variable.'),
  MAX_LIST: required(limit, '200', 'Maximum number of items in the lists and objects of an argument or a variable.'),
  PERSISTED_DOCUMENTS: optional(
    match('the path of a file', /^\P{Cc}{1,1024}$/u),
    'JSON file of persisted documents (id → text) that clients may send by id (documentId), in addition to those of My Page.',
  ),
  PERSISTED_ONLY: required(
    flag,
    'false',
    'true: only the operations of My Page and of PERSISTED_DOCUMENTS are allowed.',
  ),
  JWKS_URL: optional(
    url,
    "URL of the identity provider's public keys. Absent: demo users (GET /dev/token), only in development on loopback.",
  ),
  SIGN_IN_URL: optional(
    match('an http(s) address with {state} in it', /^https?:\/\/\S*\{state\}\S*$/),
    'Sign-in page of your identity provider for My Page. It returns to PUBLIC_URL with #access_token=<token>&state=<state>. Absent: My Page offers no sign-in.',
  ),
  JWT_ISSUER: optional(printable, 'Required iss claim of tokens. Needed with JWKS_URL.'),
  JWT_AUDIENCE: optional(printable, 'Required aud claim of tokens. Needed with JWKS_URL.'),
  JWT_MAX_LIFETIME: required(duration, '24h', 'Maximum lifetime of accepted tokens.'),
  INTERNAL_SECRET: optional(
    secret,
    'Key of the tokens between our parts, at least 32 bytes. Absent: a random key, only in development with all parts in one process.',
  ),
  INTERNAL_SECRET_ACCEPTED: optional(
    secret,
    'A second key of which such tokens are accepted, while INTERNAL_SECRET is replaced: first the new one is accepted by all parts, then the two are exchanged, then the old one is removed.',
  ),
  INTERNAL_SECRETS: optional(
    text(
      'entries such as gateway:calendar=SECRET, caller:called, with spaces or line ends between them, secrets of at least 32 bytes, at most two for a pair',
      secretsOfPairs,
    ),
    'A key for each pair of parts instead of one for all: gateway:calendar=SECRET, and so on, with spaces or line ends between them. Of two for a pair the first signs and both are accepted. Pairs that are not named use INTERNAL_SECRET; without it, every pair of the part must be named.',
  ),
  INTROSPECTION: optional(flag, 'Whether introspection is allowed. Absent: in development only.'),
  GRAPHIQL: optional(flag, 'Whether there is a playground at /graphiql. Absent: in development only.'),
  LOG_LEVEL: required(logLevel, 'warn', 'Log level of the JSON lines: trace, debug, info, warn, error, fatal, silent.'),
};

/** The settings' values: durations in milliseconds, sizes in bytes. */
export type Settings = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Required<infer T>
    ? T
    : (typeof SETTINGS)[K] extends Optional<infer T>
      ? T | undefined
      : never;
};

/** All settings as the documentation shows them. */
export const SETTING_DOCS: readonly SettingDoc[] = Object.entries(SETTINGS).map(([name, setting]) => ({
  name,
  default: setting.default,
  meaning: setting.meaning,
}));

/** A setting for each kind: `EXAM_URL`. */
function ofKinds<S extends string, T>(suffix: S, setting: (kind: EventKind) => T) {
  const settings = EVENT_KINDS.map((kind) => [`${kind}_${suffix}`, setting(kind)]);
  return Object.fromEntries(settings) as { readonly [K in EventKind as `${K}_${S}`]: T };
}

function required<T>(type: z.ZodType<T, string>, byDefault: string, meaning: string): Required<T> {
  return { type, default: byDefault, meaning };
}

function optional<T>(type: z.ZodType<T, string>, meaning: string): Optional<T> {
  return { type, default: null, meaning };
}

/** A text that `read` accepts; otherwise the error says what was expected. */
function text<T>(expected: string, read: (given: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((given, context) => {
    const value = read(given);
    if (value !== undefined) return value;
    context.addIssue(expected);
    return z.NEVER;
  });
}

function match(expected: string, pattern: RegExp): z.ZodType<string, string> {
  return text(expected, (given) => (pattern.test(given) ? given : undefined));
}

function oneOf<const W extends string>(...words: readonly W[]): z.ZodType<W, string> {
  return text(words.join(' or '), (given) => words.find((word) => word === given));
}

function whole(min: number, max: number): z.ZodType<number, string> {
  return text(`a whole number from ${min} to ${max}`, (given) => {
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

function scaled(given: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,12})([A-Za-z]+)$/.exec(given) ?? [];
  const scale = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return scale === undefined ? undefined : Number(amount) * scale;
}

function isSourceUrl(given: string): boolean {
  try {
    parseSourceUrl('', given);
    return true;
  } catch {
    return false;
  }
}

function isZone(given: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
