// Reads the settings from the environment once and checks them together. The only file that uses
// process.env. A wrong value stops the start with a list of all problems.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ConfigError } from './errors.ts';
import { EVENT_KINDS, type EventKind, serviceOf } from './event-kinds.ts';
import { SETTINGS, type Settings } from './settings.ts';
import { unknownVariables } from './unknown-variables.ts';

/** The processes that can be started: everything in one, one part, or the change of the tables. */
export const PROCESS_NAMES = ['all', 'gateway', 'calendar', 'lecture', 'attendance', 'assignment', 'migrate'] as const;
/** One of {@link PROCESS_NAMES}. */
export type ProcessName = (typeof PROCESS_NAMES)[number];

/** `LECTURE_URL` and so on. */
type SourceUrls = { readonly [K in EventKind as `${K}_URL`]: string };

/** All settings with their defaults. Durations in milliseconds, sizes in bytes. */
export type Config = Settings &
  SourceUrls & {
    readonly CALENDAR_URL: string;
    readonly PUBLIC_URL: string;
    readonly EVENT_URL: string;
    /** The part of the requests that are traced, from 0 to 1, if no caller says it. */
    readonly tracedShare: number;
    readonly SAMPLE_DATA: boolean;
    readonly MAX_USER_REQUESTS: number;
    readonly MAX_REFUSED_REQUESTS: number;
    readonly INTROSPECTION: boolean;
    readonly GRAPHIQL: boolean;
    readonly INTERNAL_SECRET: Uint8Array;
    readonly secrets: Secrets;
  };

/** The secrets of now: of several the first is used, and all are accepted. */
export interface Secrets {
  /** Between a caller and the part that it calls. */
  readonly internal: (caller: string, audience: string) => readonly Uint8Array[];
  /** Of the subscription addresses. */
  readonly subscription: () => readonly Uint8Array[];
  /** For new connections to other servers. */
  readonly connections: () => Pick<Settings, 'DATABASE_URL' | 'CDC_DATABASE_URL' | 'REDIS_URL' | 'KAFKA_SASL'>;
}

/** Settings by their present name → the former name, which is still read in this version. */
const FORMER_NAMES: Readonly<Record<string, string>> = { SUBSCRIPTION_SECRET: 'FEED_SECRET' };

/** Names and texts, as in process.env. An empty text counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of the process, with the file `.env` of the current directory as defaults, if
 * there is one.
 */
export function environment(): Environment {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return withSecretFiles(process.env, (file) => readFileSync(file, 'utf8'));
}

/** The names in the file `.env` of the current directory that are no settings: they do nothing. */
export function ignoredInEnvFile(): readonly string[] {
  return existsSync('.env') ? ignoredNames(readFileSync('.env', 'utf8')) : [];
}

/** The names in such a file that are neither settings nor variables of Node and OpenTelemetry. */
export function ignoredNames(text: string): readonly string[] {
  const known = new Set([
    ...Object.keys(SETTINGS),
    ...Object.values(FORMER_NAMES),
    ...SECRETS.map((name) => `${name}_FILE`),
  ]);
  return Object.keys(parseEnv(text)).filter((name) => !known.has(name) && !/^(?:NODE|UV|OTEL)_/.test(name));
}

/**
 * Settings that may be in a file: `INTERNAL_SECRET_FILE` is the path of one with INTERNAL_SECRET.
 */
export const SECRETS = [
  'INTERNAL_SECRET',
  'INTERNAL_SECRET_ACCEPTED',
  'INTERNAL_SECRETS',
  'SUBSCRIPTION_SECRET',
  'SUBSCRIPTION_SECRET_ACCEPTED',
  'DATABASE_URL',
  'CDC_DATABASE_URL',
  'REDIS_URL',
  'KAFKA_SASL',
];

/** Whether a secret of the process's environment is in a file. */
export function hasSecretFiles(): boolean {
  return SECRETS.some((name) => process.env[`${name}_FILE`]);
}

/**
 * The environment with the texts of the files that `…_FILE` names, without line ends. Throws
 * ConfigError for a file that cannot be read, and when both the setting and its file are given.
 */
export function withSecretFiles(env: Environment, read: (file: string) => string): Environment {
  const all: Record<string, string | undefined> = { ...env };
  for (const name of SECRETS) {
    const variable = `${name}_FILE`;
    const file = env[variable];
    delete all[variable];
    if (!file) continue;
    if (env[name]) throw new ConfigError(variable, `nothing, because ${name} is set`, file);
    try {
      all[name] = read(file).trim();
    } catch {
      throw new ConfigError(variable, 'a file that can be read', file);
    }
  }
  return all;
}

/**
 * @apollo/gateway sends usage reports unless the environment says otherwise; call this before
 * creating one.
 */
export function disableTelemetry(): void {
  process.env.APOLLO_TELEMETRY_DISABLED = '1';
}

/** The settings that use a former name. */
export function formerNamesIn(env: Environment): readonly { readonly former: string; readonly present: string }[] {
  return Object.entries(FORMER_NAMES)
    .map(([present, former]) => ({ former, present }))
    .filter(({ former }) => env[former]);
}

/**
 * The settings for one process. Throws an AggregateError of ConfigErrors, one for each problem:
 * which variable, what was expected, what was given (never a secret's text).
 */
export function loadConfig(env: Environment, processName: ProcessName): Config {
  const { settings, problems } = read(env);
  if (problems.length === 0) problems.push(...contradictions(settings, processName));
  problems.push(...unknown(env));
  if (problems.length > 0) {
    throw new AggregateError(
      problems,
      ['The configuration is wrong.', ...problems.map((one) => one.message)].join('\n  '),
    );
  }
  return withDefaults(settings);
}

/**
 * Maximum number of requests a minute in production: of a user, and of refused ones of an address.
 */
const PRODUCTION_REQUESTS = 600;

/** The settings whose default depends on others. */
function withDefaults(settings: Settings): Config {
  const publicUrl = settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`;
  const isDevelopment = settings.NODE_ENV === 'development';
  const requests = isDevelopment ? 0 : PRODUCTION_REQUESTS;
  const internal = settings.INTERNAL_SECRET ?? randomBytes(32);
  return {
    ...settings,
    ...subgraphUrls(settings),
    PUBLIC_URL: publicUrl,
    EVENT_URL: settings.EVENT_URL ?? `${publicUrl}/?user={user}&event={id}`,
    SAMPLE_DATA: settings.SAMPLE_DATA ?? settings.DATABASE_URL === undefined,
    MAX_USER_REQUESTS: settings.MAX_USER_REQUESTS ?? requests,
    MAX_REFUSED_REQUESTS: settings.MAX_REFUSED_REQUESTS ?? requests,
    INTROSPECTION: settings.INTROSPECTION ?? isDevelopment,
    GRAPHIQL: settings.GRAPHIQL ?? isDevelopment,
    INTERNAL_SECRET: internal,
    tracedShare: tracedShare(settings),
    secrets: secretsFrom(settings, internal),
  };
}

function tracedShare({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share }: Settings): number {
  if (sampler.endsWith('ratio')) return share;
  return sampler.endsWith('off') ? 0 : 1;
}

/** The secrets between the parts: those of a pair, or those for all pairs. */
function secretsFrom(settings: Settings, internal: Uint8Array): Secrets {
  const { INTERNAL_SECRET_ACCEPTED: accepted, INTERNAL_SECRETS: pairs } = settings;
  const { SUBSCRIPTION_SECRET: subscription = internal, SUBSCRIPTION_SECRET_ACCEPTED: former } = settings;
  const forAll = accepted === undefined ? [internal] : [internal, accepted];
  const ofAddresses = former === undefined ? [subscription] : [subscription, former];
  return {
    internal: (caller, audience) => pairs?.get(`${caller}:${audience}`) ?? forAll,
    subscription: () => ofAddresses,
    connections: () => settings,
  };
}

/** Each part is on this machine unless its address says otherwise. */
function subgraphUrls(settings: Settings) {
  const sources = EVENT_KINDS.map((kind) => [
    `${kind}_URL`,
    settings[`${kind}_URL`] ?? local(settings[`${kind}_PORT`]),
  ]);
  return {
    CALENDAR_URL: settings.CALENDAR_URL ?? local(settings.CALENDAR_PORT),
    ...(Object.fromEntries(sources) as SourceUrls),
  };
}

/** Whether a host to listen on is loopback. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function read(env: Environment): { settings: Settings; problems: ConfigError[] } {
  const given = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => [
      name,
      env[name] || env[FORMER_NAMES[name] ?? ''] || (setting.default ?? undefined),
    ]),
  );
  const shape = Object.fromEntries(Object.entries(SETTINGS).map(([name, { type }]) => [name, type.optional()]));
  const result = z.object(shape).safeParse(given);
  const problems = (result.error?.issues ?? []).map(({ path: [name], message }) => {
    return new ConfigError(String(name), message, shown(String(name), given[String(name)] ?? ''));
  });
  // The shape is made from SETTINGS, like the type; Object.fromEntries loses it.
  return { settings: (result.data ?? {}) as Settings, problems };
}

/** The given value as far as it may be shown: no secrets, no passwords in URLs. */
function shown(name: string, given: string): string {
  const isSecret = /SECRET|SASL$|^(?:DATABASE|CDC_DATABASE|REDIS)_URL$/.test(name);
  return isSecret ? `${given.length} characters` : given.replace(/\/\/.*@/, '//***@');
}

/** Contradictions between settings. */
function contradictions(settings: Settings, processName: ProcessName): ConfigError[] {
  return [
    ...missingForSignIn(settings, processName),
    ...missingSecret(settings, processName),
    ...missingForFreshness(settings, processName),
    ...deadlines(settings),
    ...lifetimes(settings),
    ...sourceAnswers(settings),
    ...missingPublicUrl(settings, processName),
    ...inClear(settings),
    ...passwordInClear(settings),
    ...sampleData(settings, processName),
  ];
}

/** Each deadline leaves room for the one inside it. */
function deadlines({ GATEWAY_TIMEOUT, CALENDAR_TIMEOUT, SOURCE_TIMEOUT }: Settings): ConfigError[] {
  const calendar = `CALENDAR_TIMEOUT (${CALENDAR_TIMEOUT}ms)`;
  const problems: ConfigError[] = [];
  if (GATEWAY_TIMEOUT <= CALENDAR_TIMEOUT) {
    problems.push(new ConfigError('GATEWAY_TIMEOUT', `more than ${calendar}`, `${GATEWAY_TIMEOUT}ms`));
  }
  if (SOURCE_TIMEOUT > CALENDAR_TIMEOUT) {
    problems.push(new ConfigError('SOURCE_TIMEOUT', `at most ${calendar}`, `${SOURCE_TIMEOUT}ms`));
  }
  return problems;
}

/** No lifetime is longer than another one that must include it. */
function lifetimes(settings: Settings): ConfigError[] {
  const { FRESHNESS, SLICE_TTL, SLICE_TTL_LIVE, STALE_WHILE_REVALIDATE, STALE_IF_ERROR } = settings;
  const problems: ConfigError[] = [];
  if (FRESHNESS !== 'none' && SLICE_TTL_LIVE < SLICE_TTL) {
    problems.push(new ConfigError('SLICE_TTL_LIVE', `at least SLICE_TTL (${SLICE_TTL}ms)`, `${SLICE_TTL_LIVE}ms`));
  }
  if (STALE_IF_ERROR < STALE_WHILE_REVALIDATE) {
    const least = `at least STALE_WHILE_REVALIDATE (${STALE_WHILE_REVALIDATE}ms)`;
    problems.push(new ConfigError('STALE_IF_ERROR', least, `${STALE_IF_ERROR}ms`));
  }
  return problems;
}

/** Bytes of a slice without items in an answer. */
const EMPTY_SLICE = 256;

/** A full batch of empty slices fits into an answer; larger ones are asked for in parts. */
function sourceAnswers({ SOURCE_BATCH, MAX_SOURCE_ANSWER }: Settings): ConfigError[] {
  const least = SOURCE_BATCH * EMPTY_SLICE;
  if (MAX_SOURCE_ANSWER >= least) return [];
  const expected = `at least ${EMPTY_SLICE}B for each key of SOURCE_BATCH (${SOURCE_BATCH}): ${least}B`;
  return [new ConfigError('MAX_SOURCE_ANSWER', expected, `${MAX_SOURCE_ANSWER}B`)];
}

/** In production the default, localhost, would be in every subscription URL and event link. */
function missingPublicUrl({ NODE_ENV, PUBLIC_URL }: Settings, processName: ProcessName): ConfigError[] {
  if (NODE_ENV !== 'production' || PUBLIC_URL !== undefined) return [];
  if (!['all', 'gateway', 'calendar'].includes(processName)) return [];
  return [missing('PUBLIC_URL', 'the https address of the gateway for users, with NODE_ENV=production')];
}

/** Sample data has no place beside that of users; the embedded database is filled with it. */
function sampleData({ NODE_ENV, SAMPLE_DATA, DATABASE_URL }: Settings, processName: ProcessName): ConfigError[] {
  if (NODE_ENV !== 'production' || ['gateway', 'calendar'].includes(processName)) return [];
  if (SAMPLE_DATA === true) return [new ConfigError('SAMPLE_DATA', 'false, with NODE_ENV=production', 'true')];
  if (SAMPLE_DATA === false || DATABASE_URL !== undefined) return [];
  return [missing('DATABASE_URL', 'PostgreSQL, with NODE_ENV=production: the embedded database has sample data')];
}

/** A subscription URL is a secret: in production it travels encrypted, or stays on the machine. */
function inClear({ NODE_ENV, PUBLIC_URL }: Settings): ConfigError[] {
  if (NODE_ENV !== 'production' || PUBLIC_URL === undefined || PUBLIC_URL.startsWith('https:')) return [];
  if (isLoopback(new URL(PUBLIC_URL).hostname)) return [];
  return [new ConfigError('PUBLIC_URL', 'an https address, with NODE_ENV=production', PUBLIC_URL)];
}

/** PLAIN sends the password itself; SCRAM proves that it is known. */
function passwordInClear({ NODE_ENV, KAFKA_SASL, KAFKA_TLS }: Settings): ConfigError[] {
  if (NODE_ENV !== 'production' || KAFKA_SASL?.mechanism !== 'PLAIN' || KAFKA_TLS) return [];
  return [new ConfigError('KAFKA_TLS', 'true, with KAFKA_SASL=PLAIN and NODE_ENV=production', 'false')];
}

/**
 * Variables that look like settings: without this a misspelt setting would silently be its default.
 */
function unknown(env: Environment): ConfigError[] {
  const settings = Object.keys(SETTINGS);
  const names = Object.keys(env).filter((name) => env[name] && !Object.values(FORMER_NAMES).includes(name));
  return unknownVariables(names, settings).map(
    ({ name, nearest }) => new ConfigError(name, `the name of a setting, perhaps ${nearest}`, name),
  );
}

function missingForSignIn(settings: Settings, processName: ProcessName): ConfigError[] {
  const { NODE_ENV, HOST, JWKS_URL, JWT_ISSUER, JWT_AUDIENCE } = settings;
  if (processName !== 'all' && processName !== 'gateway') return [];
  if (JWKS_URL === undefined) {
    if (NODE_ENV === 'production') return [missing('JWKS_URL', 'an address, with NODE_ENV=production')];
    return isLoopback(HOST) ? [] : [missing('JWKS_URL', `an address, with HOST=${HOST}`)];
  }
  const problems: ConfigError[] = [];
  if (JWT_ISSUER === undefined) problems.push(missing('JWT_ISSUER', 'a value, with JWKS_URL'));
  if (JWT_AUDIENCE === undefined) problems.push(missing('JWT_AUDIENCE', 'a value, with JWKS_URL'));
  return problems;
}

/** Who calls whom. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  gateway: ['calendar', ...EVENT_KINDS.map(serviceOf)],
  calendar: EVENT_KINDS.map(serviceOf),
  lecture: ['attendance', 'assignment'],
};

/** The pairs of a process, as in INTERNAL_SECRETS. */
function pairsOf(processName: ProcessName): readonly string[] {
  const pairs = Object.entries(CALLS).flatMap(([caller, called]) => called.map((one) => `${caller}:${one}`));
  return pairs.filter((pair) => processName === 'all' || pair.split(':').includes(processName));
}

function missingSecret(settings: Settings, processName: ProcessName): ConfigError[] {
  const { NODE_ENV, INTERNAL_SECRET, INTERNAL_SECRETS, SUBSCRIPTION_SECRET } = settings;
  const isProduction = NODE_ENV === 'production';
  if (processName === 'migrate') return [];
  if (INTERNAL_SECRET !== undefined || (processName === 'all' && !isProduction)) return [];
  if (INTERNAL_SECRETS === undefined) {
    const why = isProduction ? 'with NODE_ENV=production' : `to start ${processName} alone`;
    return [missing('INTERNAL_SECRET', `at least 32 bytes, the same for every process, ${why}`)];
  }
  const missingPairs = pairsOf(processName).filter((pair) => !INTERNAL_SECRETS.has(pair));
  const problems: ConfigError[] = [];
  if (missingPairs.length > 0) {
    const given = [...INTERNAL_SECRETS.keys()].join(', ');
    problems.push(new ConfigError('INTERNAL_SECRETS', `secrets for ${missingPairs.join(', ')}, too`, given));
  }
  const hasAddresses = processName === 'all' || processName === 'calendar';
  if (hasAddresses && SUBSCRIPTION_SECRET === undefined) {
    problems.push(missing('SUBSCRIPTION_SECRET', 'at least 32 bytes, without INTERNAL_SECRET'));
  }
  return problems;
}

function missingForFreshness(settings: Settings, processName: ProcessName): ConfigError[] {
  const { FRESHNESS, REDIS_URL, CDC_DATABASE_URL, KAFKA_BROKERS } = settings;
  if (FRESHNESS === 'redis' && REDIS_URL === undefined && !['gateway', 'migrate'].includes(processName)) {
    return [missing('REDIS_URL', 'an address, with FRESHNESS=redis')];
  }
  if (FRESHNESS === 'kafka' && KAFKA_BROKERS === undefined && !['gateway', 'migrate'].includes(processName)) {
    return [missing('KAFKA_BROKERS', 'host:port of one or more brokers, with FRESHNESS=kafka')];
  }
  const hasFeeds = processName === 'all' || processName === 'calendar';
  if (FRESHNESS === 'cdc' && CDC_DATABASE_URL === undefined && hasFeeds) {
    return [missing('CDC_DATABASE_URL', 'an address, with FRESHNESS=cdc')];
  }
  return [];
}

function missing(name: string, expected: string): ConfigError {
  return new ConfigError(name, expected, 'nothing');
}

function local(port: number): string {
  return `http://localhost:${port}/graphql`;
}
