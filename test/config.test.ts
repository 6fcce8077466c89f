// Settings: how they are read, that all problems are reported at once, and that their documentation
// is true.
import { describe, expect, test } from '@jest/globals';
import { formerNamesIn, isLoopback, loadConfig, type ProcessName } from '../src/config.ts';
import { envExample } from './readme/settings-table.ts';

const SECRET = 'a secret of thirty-two bytes, or more';
const PRODUCTION = {
  NODE_ENV: 'production',
  INTERNAL_SECRET: SECRET,
  JWKS_URL: 'https://id.example/jwks',
  JWT_ISSUER: 'https://id.example',
  JWT_AUDIENCE: 'calendar',
};

describe('settings', () => {
  test('without settings everything starts in development with a random secret', () => {
    const config = loadConfig({}, 'all');
    expect(config).toMatchObject({
      PORT: 4000,
      LECTURE_URL: 'http://localhost:4101/graphql',
      SLICE_TTL: 30_000,
      SLICE_TTL_LIVE: 600_000,
      SLICE_CACHE_BYTES: 64 * 1024 * 1024,
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
      EVENT_URL: 'http://localhost:80/?event={ern}',
    });
    expect(loadConfig({ PUBLIC_URL: 'https://lms.example' }, 'all').EVENT_URL).toBe('https://lms.example/?event={ern}');
  });

  test.each([
    ['SOURCE_TIMEOUT', '500ms', 500],
    ['SOURCE_TIMEOUT', '30s', 30_000],
    ['SOURCE_TIMEOUT', '10m', 600_000],
    ['SOURCE_TIMEOUT', '24h', 86_400_000],
    ['MAX_BODY', '512B', 512],
    ['MAX_BODY', '64KiB', 65_536],
    ['MAX_BODY', '1GiB', 2 ** 30],
    ['SAMPLE_DATA', 'false', false],
    ['LECTURE_URL', 'https://lecture.example/graphql', 'https://lecture.example/graphql'],
  ] as const)('%s=%s is %s', (name, given, value) => {
    expect(loadConfig({ [name]: given }, 'all')[name]).toBe(value);
  });

  test.each([
    ['PORT', '65536', 'PORT: expected a whole number from 0 to 65535, given "65536"'],
    ['PORT', '4e3', 'PORT: expected a whole number from 0 to 65535, given "4e3"'],
    ['SOURCE_TIMEOUT', '500', 'SOURCE_TIMEOUT: expected a duration such as 500ms, 30s, 10m or 24h, given "500"'],
    ['MAX_BODY', '64MB', 'MAX_BODY: expected a size such as 512B, 64KiB, 64MiB or 1GiB, given "64MB"'],
    ['MAX_BODY', '1constructor', 'MAX_BODY: expected a size such as'],
    ['HOME_ZONE', 'Asia/Atlantis', 'HOME_ZONE: expected an IANA time zone such as Asia/Seoul, given "Asia/Atlantis"'],
    ['LECTURE_URL', 'http://169.254.169.254/', 'LECTURE_URL: expected an http(s) address without credentials'],
    ['LECTURE_URL', 'file:///etc/passwd', 'LECTURE_URL: expected an http(s) address'],
    ['EVENT_URL', 'http://localhost/', 'EVENT_URL: expected an http(s) address with {ern} in it'],
    ['NODE_ENV', 'staging', 'NODE_ENV: expected development or production, given "staging"'],
    ['GRAPHIQL', 'yes', 'GRAPHIQL: expected true or false, given "yes"'],
  ])('%s=%s is refused with what was expected', (name, given, message) => {
    expect(() => loadConfig({ [name]: given }, 'all')).toThrow(message);
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

  test('production starts with keys, without playground and introspection', () => {
    expect(loadConfig(PRODUCTION, 'all')).toMatchObject({ INTROSPECTION: false, GRAPHIQL: false });
  });

  test('production without keys reports each missing one', () => {
    expect(problems({ NODE_ENV: 'production' }, 'gateway')).toEqual([
      'JWKS_URL: expected an address, with NODE_ENV=production, given "nothing"',
      'INTERNAL_SECRET: expected at least 32 bytes, the same for every process, with NODE_ENV=production, given "nothing"',
    ]);
  });

  test('a single part needs the shared secret', () => {
    expect(problems({}, 'calendar')).toEqual([
      'INTERNAL_SECRET: expected at least 32 bytes, the same for every process, to start calendar alone, given "nothing"',
    ]);
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
