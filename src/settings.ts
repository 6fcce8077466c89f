// All settings: name, format, default and meaning. The documentation is generated from this table.
// config.ts reads the environment.
import { z } from 'zod';
import { parseSourceUrl } from './http/client/source-url.ts';

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
const flag = text('true or false', (given) => (given === 'true' || given === 'false' ? given === 'true' : undefined));
const duration = text('a duration such as 500ms, 30s, 10m or 24h', (given) =>
  scaled(given, { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }),
);
const bytes = text('a size such as 512B, 64KiB, 64MiB or 1GiB', (given) =>
  scaled(given, { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }),
);
const url = text('an http(s) address without credentials, not link-local and not a metadata service', (given) =>
  isSourceUrl(given) ? given : undefined,
);
const zone = text('an IANA time zone such as Asia/Seoul', (given) => (isZone(given) ? given : undefined));
const printable = match('1 to 256 printable characters without spaces', /^[\x21-\x7e]{1,256}$/);
const secret = text('at least 32 bytes', (given) => {
  const value = new TextEncoder().encode(given);
  return value.byteLength >= 32 ? value : undefined;
});
const logLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent');

/** The settings by name, in the order of the documentation. */
export const SETTINGS = {
  NODE_ENV: required(
    oneOf('development', 'production'),
    'development',
    'production: no demo users, no playground, no introspection; keys must be given.',
  ),
  HOST: required(printable, 'localhost', 'Where every part listens. Beyond loopback there are no demo users.'),
  PORT: required(port, '4000', 'Port of the gateway.'),
  CALENDAR_PORT: required(port, '4100', 'Port of the calendar subgraph.'),
  LECTURE_PORT: required(port, '4101', 'Port of the lecture service.'),
  ATTENDANCE_PORT: required(port, '4102', 'Port of the attendance service.'),
  ASSIGNMENT_PORT: required(port, '4103', 'Port of the assignment service.'),
  CALENDAR_URL: optional(url, 'The calendar subgraph, as others reach it. Absent: its port on localhost.'),
  LECTURE_URL: optional(url, 'The lecture service, as others reach it. Absent: its port on localhost.'),
  ATTENDANCE_URL: optional(url, 'The attendance service, as others reach it. Absent: its port on localhost.'),
  ASSIGNMENT_URL: optional(url, 'The assignment service, as others reach it. Absent: its port on localhost.'),
  DATABASE_URL: optional(
    match('a postgres:// address', /^postgres(ql)?:\/\/\S+$/),
    'PostgreSQL for the reference services. Absent: an embedded database, new at every start.',
  ),
  SAMPLE_DATA: optional(flag, 'Whether an empty database gets a term of sample data. Absent: the embedded one only.'),
  TENANT: required(
    match('letters, digits, dots, dashes or underscores', /^[\w.-]{1,64}$/),
    'lms',
    'The tenant in resource names: ern:<tenant>:course/42.',
  ),
  HOME_ZONE: required(
    zone,
    'Asia/Seoul',
    'Its months are the cached unit, and calendars are drawn in it unless asked otherwise.',
  ),
  PUBLIC_URL: optional(
    match('an http(s) address without a slash at the end', /^https?:\/\/[^\s?#]*[^\s?#/]$/),
    'Where clients find the gateway: subscription URLs begin with it. Absent: its port on localhost.',
  ),
  EVENT_URL: optional(
    match('an http(s) address with {ern} in it', /^https?:\/\/\S*\{ern\}\S*$/),
    'Where a click on an event goes. Absent: to My Page, /?event={ern} at PUBLIC_URL.',
  ),
  SUBSCRIPTION_SECRET: optional(
    secret,
    'Key of the subscription URLs, at least 32 bytes. Absent: derived from INTERNAL_SECRET. Changing it invalidates all subscription URLs.',
  ),
  FRESHNESS: required(
    oneOf('none', 'poll', 'redis', 'cdc'),
    'poll',
    "How the calendar hears of changes: not at all, by asking the services, from a Redis stream, from PostgreSQL's log.",
  ),
  POLL_INTERVAL: required(duration, '1s', 'How often the services are asked what changed, with FRESHNESS=poll.'),
  REDIS_URL: optional(
    match('a redis:// or rediss:// address', /^rediss?:\/\/\S+$/),
    'Redis: for FRESHNESS=redis, and to remember when subscription URLs were renewed.',
  ),
  CDC_DATABASE_URL: optional(
    match('a postgres:// address', /^postgres(ql)?:\/\/\S+$/),
    'PostgreSQL whose log is followed, with FRESHNESS=cdc.',
  ),
  SLICE_TTL: required(duration, '30s', 'How long what was read from a source counts as fresh.'),
  STALE_WHILE_REVALIDATE: required(
    duration,
    '60s',
    'How long after that a copy is served while a newer one is fetched.',
  ),
  STALE_IF_ERROR: required(duration, '1h', 'How long after that a copy is served while its source fails.'),
  SLICE_CACHE_BYTES: required(bytes, '64MiB', 'Most memory the slices may take.'),
  GATEWAY_TIMEOUT: required(duration, '1000ms', 'Longest the gateway works on one operation.'),
  CALENDAR_TIMEOUT: required(duration, '800ms', 'Longest the calendar waits for its sources.'),
  SOURCE_TIMEOUT: required(duration, '500ms', 'Longest one call to a source takes, connecting and one retry included.'),
  MAX_BODY: required(bytes, '64KiB', 'Largest request the gateway reads.'),
  MAX_ANSWER: required(bytes, '4MiB', 'Largest answer of a subgraph the gateway reads.'),
  MAX_SOURCE_ANSWER: required(bytes, '4MiB', 'Largest answer of a source the calendar reads.'),
  SOURCE_BATCH: required(limit, '500', 'Most questions in one call to a source: a class of 200 with own dates is 201.'),
  MAX_TOKENS: required(limit, '1000', 'Most tokens in a query.'),
  MAX_DEPTH: required(limit, '10', 'Deepest nesting of fields in a query.'),
  MAX_FIELDS: required(limit, '300', 'Most fields in a query; those of a fragment count each time it is spread.'),
  MAX_ALIASES: required(limit, '10', 'Most aliases in a query; counted as fields are.'),
  MAX_DIRECTIVES: required(limit, '20', 'Most directives in a query; counted as fields are.'),
  MAX_FRAGMENTS: required(limit, '30', 'Most spreads of fragments in a query; counted as fields are.'),
  MAX_VALUE_DEPTH: required(limit, '5', 'Deepest nesting of lists and objects in an argument or a variable.'),
  MAX_LIST: required(limit, '200', 'Most items in the lists and objects of an argument or a variable.'),
  PERSISTED_DOCUMENTS: optional(
    match('the path of a file', /^\P{Cc}{1,1024}$/u),
    "A JSON file of operations (id → text) that clients may name by id, as documentId, besides My Page's own.",
  ),
  PERSISTED_ONLY: required(
    flag,
    'false',
    "true: only My Page's operations and those of PERSISTED_DOCUMENTS are answered.",
  ),
  JWKS_URL: optional(
    url,
    "The identity provider's public keys. Absent: demo users (GET /dev/token), in development on loopback only.",
  ),
  JWT_ISSUER: optional(printable, 'What tokens must say as iss. Must be given with JWKS_URL.'),
  JWT_AUDIENCE: optional(printable, 'What tokens must say as aud. Must be given with JWKS_URL.'),
  JWT_MAX_LIFETIME: required(duration, '24h', 'Longest lifetime of a token that is taken.'),
  INTERNAL_SECRET: optional(
    secret,
    'Key of the tokens between our parts, at least 32 bytes. Absent: made at start, in development with all in one process.',
  ),
  INTROSPECTION: optional(
    flag,
    'Whether the gateway explains its schema to whoever asks. Absent: in development only.',
  ),
  GRAPHIQL: optional(flag, 'Whether there is a playground at /graphiql. Absent: in development only.'),
  LOG_LEVEL: required(
    logLevel,
    'warn',
    'How much is logged, as JSON lines: trace, debug, info, warn, error, fatal, silent.',
  ),
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
  const [, amount, unit = ''] = /^(\d{1,9})([A-Za-z]+)$/.exec(given) ?? [];
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
