// Settings: how they are read, that all problems are reported at once, and that their documentation
// is true.
import { describe, expect, test } from '@jest/globals';
import {
  type Environment,
  formerNamesIn,
  ignoredNames,
  isLoopback,
  loadConfig,
  type ProcessName,
  withSecretFiles,
} from '../src/config.ts';
import { envExample } from './readme/written-tables.ts';

const SECRET = 'a secret of thirty-two bytes, or more';
const PRODUCTION = {
  NODE_ENV: 'production',
  INTERNAL_SECRET: SECRET,
  JWKS_URL: 'https://id.example/jwks',
  JWT_ISSUER: 'https://id.example',
  JWT_AUDIENCE: 'calendar',
  PUBLIC_URL: 'https://calendar.example',
  DATABASE_URL: 'postgres://db/calendar',
};

describe('settings', () => {
  test('without settings everything starts in development with a random secret', () => {
    const config = loadConfig({}, 'all');
    expect(config).toMatchObject({
      PORT: 4000,
      LECTURE_URL: 'http://localhost:4101/graphql',
      SLICE_TTL: 30_000,
      SLICE_TTL_LIVE: 600_000,
      SLICE_CACHE_BYTES: 256 * 1024 * 1024,
      RESPONSE_CACHE_BYTES: 64 * 1024 * 1024,
      SAMPLE_DATA: true,
      INTROSPECTION: true,
      GRAPHIQL: true,
    });
    expect(config.INTERNAL_SECRET).toHaveLength(32);
    expect(loadConfig({}, 'all').INTERNAL_SECRET).not.toEqual(config.INTERNAL_SECRET);
  });

  test('an empty text counts as absent', () => {
    expect(loadConfig({ PORT: '', JWKS_URL: '' }, 'all').PORT).toBe(4000);
  });

  test('default URLs follow the ports', () => {
    expect(loadConfig({ PORT: '80', LECTURE_PORT: '81' }, 'all')).toMatchObject({
      LECTURE_URL: 'http://localhost:81/graphql',
      PUBLIC_URL: 'http://localhost:80',
      EVENT_URL: 'http://localhost:80/?user={user}&event={id}',
    });
    const { EVENT_URL } = loadConfig({ PUBLIC_URL: 'https://lms.example' }, 'all');
    expect(EVENT_URL).toBe('https://lms.example/?user={user}&event={id}');
  });

  test.each([
    ['SLICE_TTL', '500ms', 500],
    ['SLICE_TTL', '30s', 30_000],
    ['SLICE_TTL', '10m', 600_000],
    ['SLICE_TTL_LIVE', '24h', 86_400_000],
    ['TRUSTED_PROXIES', '10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
    ['MAX_USER_REQUESTS', '0', 0],
    ['MAX_BODY', '512B', 512],
    ['MAX_BODY', '64KiB', 65_536],
    ['MAX_BODY', '1GiB', 2 ** 30],
    ['SAMPLE_DATA', 'false', false],
    ['LECTURE_URL', 'https://lecture.example/graphql', 'https://lecture.example/graphql'],
  ] as const)('%s=%s is %s', (name, given, value) => {
    expect(loadConfig({ [name]: given }, 'all')[name]).toEqual(value);
  });

  test.each([
    ['PORT', '65536', 'PORT: expected a whole number from 0 to 65535, given "65536"'],
    ['PORT', '4e3', 'PORT: expected a whole number from 0 to 65535, given "4e3"'],
    ['SOURCE_TIMEOUT', '500', 'SOURCE_TIMEOUT: expected a duration such as 500ms, 30s, 10m or 24h, given "500"'],
    [
      'TRUSTED_PROXIES',
      '10.0.0.0/33',
      'TRUSTED_PROXIES: expected addresses and networks such as 10.0.0.0/8, with commas',
    ],
    ['TRUSTED_PROXIES', '10.0.0.1,proxy', 'TRUSTED_PROXIES: expected addresses and networks such as 10.0.0.0/8'],
    ['MAX_BODY', '64MB', 'MAX_BODY: expected a size such as 512B, 64KiB, 64MiB or 1GiB, given "64MB"'],
    ['MAX_BODY', '1constructor', 'MAX_BODY: expected a size such as'],
    ['HOME_ZONE', 'Asia/Atlantis', 'HOME_ZONE: expected an IANA time zone such as Asia/Seoul, given "Asia/Atlantis"'],
    ['LECTURE_URL', 'http://169.254.169.254/', 'LECTURE_URL: expected an http(s) address without credentials'],
    ['LECTURE_URL', 'file:///etc/passwd', 'LECTURE_URL: expected an http(s) address'],
    ['EVENT_URL', 'http://localhost/', 'EVENT_URL: expected an http(s) address with {ern} or {id} in it once'],
    ['EVENT_URL', 'https://{ern}.example/', 'EVENT_URL: expected an http(s) address with {ern} or {id} in it once'],
    ['EVENT_URL', 'https://x.example/{ern}/{id}', 'EVENT_URL: expected an http(s) address with {ern} or {id} in it'],
    ['NODE_ENV', 'staging', 'NODE_ENV: expected development or production, given "staging"'],
    ['GRAPHIQL', 'yes', 'GRAPHIQL: expected true or false, given "yes"'],
  ])('%s=%s is refused with what was expected', (name, given, message) => {
    expect(() => loadConfig({ [name]: given }, 'all')).toThrow(message);
  });

  test.each([
    ['POLL_INTERVAL', '597h', 'POLL_INTERVAL: expected a duration of at most 596h, given "597h"'],
    ['SOURCE_TIMEOUT', '2147483648ms', 'SOURCE_TIMEOUT: expected a duration of at most 596h, given "2147483648ms"'],
    ['SLICE_TTL', '999999999h', 'SLICE_TTL: expected a duration of at most 596h, given "999999999h"'],
    ['JWT_MAX_LIFETIME', '0s', 'JWT_MAX_LIFETIME: expected a duration of at least 1ms, given "0s"'],
    ['POLL_INTERVAL', '0ms', 'POLL_INTERVAL: expected a duration of at least 1ms, given "0ms"'],
    ['SLICE_CACHE_BYTES', '0B', 'SLICE_CACHE_BYTES: expected a size from 1B to 1024GiB, given "0B"'],
    ['MAX_BODY', '999999999GiB', 'MAX_BODY: expected a size from 1B to 1024GiB, given "999999999GiB"'],
    ['SOURCE_BATCH', '1001', 'SOURCE_BATCH: expected a whole number from 1 to 1000, given "1001"'],
    ['GATEWAY_TIMEOUT', '800ms', 'GATEWAY_TIMEOUT: expected more than CALENDAR_TIMEOUT (800ms), given "800ms"'],
    ['CALENDAR_TIMEOUT', '2s', 'GATEWAY_TIMEOUT: expected more than CALENDAR_TIMEOUT (2000ms), given "1000ms"'],
    ['SOURCE_TIMEOUT', '801ms', 'SOURCE_TIMEOUT: expected at most CALENDAR_TIMEOUT (800ms), given "801ms"'],
    ['SLICE_TTL', '11m', 'SLICE_TTL_LIVE: expected at least SLICE_TTL (660000ms), given "600000ms"'],
    ['SLICE_TTL_LIVE', '29s', 'SLICE_TTL_LIVE: expected at least SLICE_TTL (30000ms), given "29000ms"'],
    ['STALE_IF_ERROR', '0s', 'STALE_IF_ERROR: expected at least STALE_WHILE_REVALIDATE (60000ms), given "0ms"'],
    [
      'MAX_SOURCE_ANSWER',
      '64KiB',
      'MAX_SOURCE_ANSWER: expected at least 256B for each key of SOURCE_BATCH (500): 128000B, given "65536B"',
    ],
  ])('%s=%s, with which a process would start and then misbehave, is refused', (name, given, message) => {
    expect(problems({ [name]: given }, 'all')).toEqual([message]);
  });

  test('without a change feed SLICE_TTL may be longer than SLICE_TTL_LIVE, which is not used', () => {
    expect(problems({ FRESHNESS: 'none', SLICE_TTL: '1h' }, 'all')).toEqual([]);
  });

  test('copies may be served for no time after their TTL', () => {
    expect(loadConfig({ STALE_WHILE_REVALIDATE: '0s', STALE_IF_ERROR: '0s' }, 'all').STALE_IF_ERROR).toBe(0);
  });

  test.each([
    ['SLICE_TLL', 'SLICE_TTL'],
    ['SLICE_CACHE_SIZE', 'SLICE_CACHE_BYTES'],
    ['CALENDER_TIMEOUT', 'CALENDAR_TIMEOUT'],
    ['slice_ttl', 'SLICE_TTL'],
    ['MAX_TOKEN', 'MAX_TOKENS'],
    ['FRESHNES', 'FRESHNESS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['NODE_EVN', 'NODE_ENV'],
    ['INTERNAL_SECRTE', 'INTERNAL_SECRET'],
  ])('%s is refused: it looks like a setting, perhaps %s, and is none', (name, nearest) => {
    expect(problems({ [name]: 'hunter2' }, 'all')).toEqual([
      `${name}: expected the name of a setting, perhaps ${nearest}, given "${name}"`,
    ]);
  });

  test('variables of shells, CI, Kubernetes and other programs are no settings', () => {
    const names =
      'PATH HOME HOSTNAME PWD TERM LANG _ CI SHELL USER LOGNAME NODE_OPTIONS NODE_EXTRA_CA_CERTS npm_config_cache no_proxy ' +
      'REQUEST_METHOD TRUSTED_HOSTS USER_AGENT REDIS_PASSWORD DATABASE_POOL PUBLIC_KEY SOURCE_DATE_EPOCH GATEWAY_INTERFACE CALENDAR_SERVICE_HOST ' +
      'CALENDAR_SERVICE_PORT_HTTP LECTURE_PORT_4101_TCP_ADDR KUBERNETES_SERVICE_HOST APOLLO_TELEMETRY_DISABLED';
    const env = Object.fromEntries(names.split(' ').map((name) => [name, 'x']));
    expect(problems({ ...env, SLICE_TLL: '' }, 'all')).toEqual([]);
  });

  test('all problems are reported at once', () => {
    expect(problems({ PORT: 'x', SLICE_TTL: '-1s', LOG_LEVEL: 'loud' }, 'all')).toEqual([
      'PORT: expected a whole number from 0 to 65535, given "x"',
      'SLICE_TTL: expected a duration such as 500ms, 30s, 10m or 24h, given "-1s"',
      'LOG_LEVEL: expected trace or debug or info or warn or error or fatal or silent, given "loud"',
    ]);
  });

  test('a secret is never part of a message', () => {
    const [secret, database] = problems(
      { INTERNAL_SECRET: 'hunter2', DATABASE_URL: 'postgres//u:hunter2@x' },
      'all',
    ).reverse();
    expect(secret).toBe('INTERNAL_SECRET: expected at least 32 bytes, given "7 characters"');
    expect(database).toBe('DATABASE_URL: expected a postgres:// address, given "21 characters"');
    expect(problems({ LECTURE_URL: 'http://u:hunter2@x/' }, 'all').join()).not.toContain('hunter2');
  });

  test('requests are limited in production, and in development only where it is set', () => {
    const limits = { MAX_USER_REQUESTS: 600, MAX_REFUSED_REQUESTS: 600 };
    expect(loadConfig(PRODUCTION, 'gateway')).toMatchObject(limits);
    expect(loadConfig({}, 'all')).toMatchObject({ MAX_USER_REQUESTS: 0, MAX_REFUSED_REQUESTS: 0 });
    expect(loadConfig({ MAX_USER_REQUESTS: '5' }, 'all').MAX_USER_REQUESTS).toBe(5);
  });

  test('production starts with keys, without playground and introspection', () => {
    expect(loadConfig(PRODUCTION, 'all')).toMatchObject({ INTROSPECTION: false, GRAPHIQL: false });
  });

  test('production sends subscription URLs, which are secrets, over https, except on loopback', () => {
    const start = (PUBLIC_URL: string) => loadConfig({ ...PRODUCTION, PUBLIC_URL }, 'gateway').PUBLIC_URL;
    expect(start('https://lms.example')).toBe('https://lms.example');
    expect(start('http://localhost:4000')).toBe('http://localhost:4000');
    expect(() => start('http://lms.example')).toThrow(
      'PUBLIC_URL: expected an https address, with NODE_ENV=production',
    );
    expect(loadConfig({ PUBLIC_URL: 'http://lms.example' }, 'all').PUBLIC_URL).toBe('http://lms.example');
  });

  test('production without keys reports each missing one', () => {
    expect(problems({ NODE_ENV: 'production' }, 'gateway')).toEqual([
      'JWKS_URL: expected an address, with NODE_ENV=production, given "nothing"',
      'INTERNAL_SECRET: expected at least 32 bytes, the same for every process, with NODE_ENV=production, given "nothing"',
      'PUBLIC_URL: expected the https address of the gateway for users, with NODE_ENV=production, given "nothing"',
    ]);
  });

  test('production without PUBLIC_URL does not start, where links and subscription URLs are made', () => {
    const of = (processName: Parameters<typeof problems>[1]) =>
      problems({ ...PRODUCTION, PUBLIC_URL: '' }, processName);
    const missing =
      'PUBLIC_URL: expected the https address of the gateway for users, with NODE_ENV=production, given "nothing"';
    expect([of('all'), of('gateway'), of('calendar')]).toEqual([[missing], [missing], [missing]]);
    expect([of('lecture'), of('migrate')]).toEqual([[], []]);
  });

  test('production with sample data does not start', () => {
    const explicit = { ...PRODUCTION, SAMPLE_DATA: 'true' };
    const embedded = { ...PRODUCTION, DATABASE_URL: '' };
    expect(problems(explicit, 'lecture')).toEqual([
      'SAMPLE_DATA: expected false, with NODE_ENV=production, given "true"',
    ]);
    expect(problems(embedded, 'all')).toEqual([
      'DATABASE_URL: expected PostgreSQL, with NODE_ENV=production: the embedded database has sample data, given "nothing"',
    ]);
    expect(problems({ ...embedded, SAMPLE_DATA: 'false' }, 'all')).toEqual([]);
    expect([problems(embedded, 'gateway'), problems(embedded, 'calendar')]).toEqual([[], []]);
  });

  test('names in .env that are no settings are known, so that they can be named', () => {
    const text =
      '# PORT=1\nTIMEOUT=5s\nexport PORT=4000\nFEED_SECRET=x\nREDIS_URL_FILE=/x\nNODE_OPTIONS=--x\nLANGUAGE=ko';
    expect(ignoredNames(text).toSorted()).toEqual(['LANGUAGE', 'TIMEOUT']);
  });

  test('a single part needs the shared secret', () => {
    expect(problems({}, 'calendar')).toEqual([
      'INTERNAL_SECRET: expected at least 32 bytes, the same for every process, to start calendar alone, given "nothing"',
    ]);
  });

  describe('secrets for each pair of parts', () => {
    const KEY = 'k'.repeat(32);
    const entries = (pairs: readonly string[]) => pairs.map((pair, index) => `${pair}=${KEY}${index}`).join('\n');
    const CALENDAR = ['gateway:calendar', 'calendar:lecture', 'calendar:attendance', 'calendar:assignment'];
    const secretsOf = (env: Environment, caller: string, called: string) =>
      loadConfig(env, 'calendar')
        .secrets.internal(caller, called)
        .map((one) => new TextDecoder().decode(one));

    test('replace the secret for all, and the first of two signs', () => {
      const env = { INTERNAL_SECRETS: `${entries(CALENDAR)} gateway:calendar=${KEY}new`, SUBSCRIPTION_SECRET: SECRET };
      expect(secretsOf(env, 'gateway', 'calendar')).toEqual([`${KEY}0`, `${KEY}new`]);
      expect(secretsOf(env, 'calendar', 'attendance')).toEqual([`${KEY}2`]);
    });

    test('need not be given for every pair beside a secret for all, which can be replaced, too', () => {
      const shared = { INTERNAL_SECRET: SECRET, INTERNAL_SECRET_ACCEPTED: KEY };
      const env = { ...shared, INTERNAL_SECRETS: entries(['gateway:calendar']) };
      expect(secretsOf(env, 'gateway', 'calendar')).toEqual([`${KEY}0`]);
      expect(secretsOf(env, 'calendar', 'lecture')).toEqual([SECRET, KEY]);
    });

    test('are all needed without one, and the key of subscription addresses with them', () => {
      expect(problems({ INTERNAL_SECRETS: entries(['gateway:calendar', 'calendar:lecture']) }, 'calendar')).toEqual([
        'INTERNAL_SECRETS: expected secrets for calendar:attendance, calendar:assignment, too, given "gateway:calendar, calendar:lecture"',
        'SUBSCRIPTION_SECRET: expected at least 32 bytes, without INTERNAL_SECRET, given "nothing"',
      ]);
      const [problem = ''] = problems({ INTERNAL_SECRETS: entries(['gateway:lecture']) }, 'lecture');
      expect(problem).toContain('calendar:lecture, lecture:attendance, lecture:assignment, too');
    });

    test.each([
      ['a short one', 'gateway:calendar=hunter2'],
      ['three for a pair', entries(['a:b', 'a:b', 'a:b'])],
      ['a pair that is none', `gateway=${KEY}`],
    ])('are refused without showing them: %s', (_, given) => {
      const [problem = ''] = problems({ INTERNAL_SECRETS: given }, 'calendar');
      expect(problem).toMatch(/^INTERNAL_SECRETS: expected entries such as .*, given "\d+ characters"$/);
    });
  });

  test('a feed needs its URL in each process that writes or reads it', () => {
    const own = { INTERNAL_SECRET: SECRET };
    const redis = ['REDIS_URL: expected an address, with FRESHNESS=redis, given "nothing"'];
    expect(problems({ ...own, FRESHNESS: 'redis' }, 'calendar')).toEqual(redis);
    expect(problems({ ...own, FRESHNESS: 'redis' }, 'lecture')).toEqual(redis);
    expect(problems({ ...own, FRESHNESS: 'redis' }, 'gateway')).toEqual([]);
    expect(problems({ ...own, FRESHNESS: 'cdc' }, 'calendar')).toEqual([
      'CDC_DATABASE_URL: expected an address, with FRESHNESS=cdc, given "nothing"',
    ]);
    expect(problems({ ...own, FRESHNESS: 'cdc' }, 'lecture')).toEqual([]);
    const kafka = ['KAFKA_BROKERS: expected host:port of one or more brokers, with FRESHNESS=kafka, given "nothing"'];
    expect(problems({ ...own, FRESHNESS: 'kafka' }, 'calendar')).toEqual(kafka);
    expect(problems({ ...own, FRESHNESS: 'kafka' }, 'lecture')).toEqual(kafka);
    expect(problems({ ...own, FRESHNESS: 'kafka' }, 'gateway')).toEqual([]);
  });

  test('Kafka has brokers, a topic for each kind, and a way to sign in', () => {
    const given = {
      KAFKA_BROKERS: 'kafka-1:9092, 10.0.0.1:9093,[::1]:9094',
      KAFKA_TOPICS: 'ASSIGNMENT=a,LECTURE=l.x, ATTENDANCE=t_1',
      KAFKA_SASL: 'SCRAM-SHA-512:calendar:a:b',
    };
    expect(loadConfig(given, 'all')).toMatchObject({
      KAFKA_BROKERS: ['kafka-1:9092', '10.0.0.1:9093', '[::1]:9094'],
      KAFKA_TOPICS: { LECTURE: 'l.x', ATTENDANCE: 't_1', ASSIGNMENT: 'a' },
      KAFKA_RELAY: true,
      KAFKA_SASL: { mechanism: 'SCRAM-SHA-512', username: 'calendar', password: 'a:b' },
    });
  });

  test.each([
    ['KAFKA_BROKERS', 'kafka'],
    ['KAFKA_BROKERS', 'http://kafka:9092'],
    ['KAFKA_BROKERS', 'kafka:65536'],
    ['KAFKA_BROKERS', 'kafka:9092,'],
    ['KAFKA_TOPICS', 'LECTURE=a,ATTENDANCE=b'],
    ['KAFKA_TOPICS', 'LECTURE=a,ATTENDANCE=b,EXAM=c'],
    ['KAFKA_TOPICS', 'LECTURE=a,ATTENDANCE=b,ASSIGNMENT=b'],
    ['KAFKA_TOPICS', 'LECTURE=a b,ATTENDANCE=b,ASSIGNMENT=c'],
    ['KAFKA_TOPICS', 'LECTURE=a,LECTURE=d,ATTENDANCE=b,ASSIGNMENT=c'],
    ['KAFKA_SASL', 'GSSAPI:calendar:hunter2'],
    ['KAFKA_SASL', 'PLAIN:calendar'],
  ])('%s=%s is refused', (name, given) => {
    const [problem = '', ...others] = problems({ [name]: given }, 'all');
    expect(others).toEqual([]);
    expect(problem).toMatch(new RegExp(`^${name}: expected .+, given `));
    expect(problem).not.toContain('hunter2');
  });

  test('production sends no password in clear to Kafka', () => {
    const start = (more: object) => problems({ ...PRODUCTION, ...more }, 'calendar');
    expect(start({ KAFKA_SASL: 'PLAIN:u:p' })).toEqual([
      'KAFKA_TLS: expected true, with KAFKA_SASL=PLAIN and NODE_ENV=production, given "false"',
    ]);
    expect(start({ KAFKA_SASL: 'PLAIN:u:p', KAFKA_TLS: 'true' })).toEqual([]);
    expect(start({ KAFKA_SASL: 'SCRAM-SHA-256:u:p' })).toEqual([]);
  });

  test('a host that is not loopback needs JWKS_URL, because demo users exist only on loopback', () => {
    expect(problems({ HOST: '0.0.0.0' }, 'all')).toEqual([
      'JWKS_URL: expected an address, with HOST=0.0.0.0, given "nothing"',
    ]);
    expect(['localhost', '127.0.0.1', '::1', '127.8.8.8'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', ''].some(isLoopback)).toBe(false);
  });

  test('a setting under its former name is still read, and reported; the present name wins', () => {
    const former = { FEED_SECRET: 'f'.repeat(32) };
    expect(loadConfig(former, 'all').SUBSCRIPTION_SECRET).toEqual(Buffer.from('f'.repeat(32)));
    expect(formerNamesIn(former)).toEqual([{ former: 'FEED_SECRET', present: 'SUBSCRIPTION_SECRET' }]);
    const both = { ...former, SUBSCRIPTION_SECRET: 's'.repeat(32) };
    expect(loadConfig(both, 'all').SUBSCRIPTION_SECRET).toEqual(Buffer.from('s'.repeat(32)));
    expect(formerNamesIn({ SUBSCRIPTION_SECRET: 's'.repeat(32) })).toEqual([]);
  });

  test('.env.example lists every setting with its default and meaning', () => {
    const { given, expected } = envExample();
    expect(given).toBe(expected);
  });
});

function problems(env: Record<string, string>, processName: ProcessName): string[] {
  try {
    loadConfig(env, processName);
    return [];
  } catch (error) {
    return error instanceof AggregateError ? error.errors.map((one: Error) => one.message) : [String(error)];
  }
}

describe('a secret in a file', () => {
  const files: Record<string, string> = { '/run/secrets/internal': `${SECRET}\n` };
  const read = (file: string) => {
    const text = files[file];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  };

  test('is read without the line end, and its variable is no unknown setting', () => {
    const env = withSecretFiles({ INTERNAL_SECRET_FILE: '/run/secrets/internal' }, read);
    expect(new TextDecoder().decode(loadConfig(env, 'calendar').INTERNAL_SECRET)).toBe(SECRET);
  });

  test.each([
    [{ INTERNAL_SECRET_FILE: '/nowhere' }, 'INTERNAL_SECRET_FILE: expected a file that can be read, given "/nowhere"'],
    [
      { INTERNAL_SECRET_FILE: '/run/secrets/internal', INTERNAL_SECRET: SECRET },
      'INTERNAL_SECRET_FILE: expected nothing, because INTERNAL_SECRET is set, given "/run/secrets/internal"',
    ],
  ])('%j is refused by name', (env, message) => {
    expect(() => withSecretFiles(env, read)).toThrow(message);
  });
});
