// Failures of a feed cost freshness only, and answers say so.

import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { feedAt, fieldsOf, KEY, type RedisFixture, startRedisFixture } from '../../calendar/freshness/redis-fixture.ts';
import { describeLongWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { REDIS } from '../../harness/redis-server.ts';
import { layWire, type Wire } from '../../harness/wire.ts';
import { type Courses, courses, type Fixture, openFixture } from './fixture.ts';

const COURSES = 20;
/**
 * Loads that invalidations of one key may cause at once; then one a second
 * (src/calendar/cache/README.md).
 */
const BURST = 3;
/**
 * A value read so soon after an invalidation (milliseconds) is held for a second only
 * (src/calendar/cache/README.md).
 */
const HOLD_OFF_MS = 2_000;

const of = (course: number) => ({
  audience: `ern:lms:course/${course}`,
  from: '2026-03-10T00:00:00Z',
  to: '2026-03-10T01:30:00Z',
});
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describeLongWith(REDIS, 'a calendar with a Redis feed', () => {
  let server: RedisFixture;
  let data: Courses;
  const fixtures: Fixture[] = [];

  beforeAll(async () => {
    server = await startRedisFixture();
  });
  beforeEach(async () => {
    data = courses(COURSES);
    await server.revive();
  });
  afterEach(() => Promise.all(fixtures.splice(0).map((fixture) => fixture.close())));
  afterAll(() => server.close());

  const open = async (url = server.url, fresh?: number) => {
    const fixture = await openFixture(data, feedAt(url), fresh);
    fixtures.push(fixture);
    return fixture;
  };
  const waitForLiveFeed = (fixture: Fixture) => eventually('a feed that speaks', () => fixture.feed.healthy);
  const silent = (fixture: Fixture) => eventually('a feed that is silent', () => !fixture.feed.healthy);
  const readAll = (fixture: Fixture) => Promise.all(data.items.map((_, course) => fixture.read(course)));
  /** Everything read, and long enough after the feed's first word to be fresh for long. */
  const warm = async (fixture: Fixture) => {
    await waitForLiveFeed(fixture);
    await sleep(HOLD_OFF_MS);
    await readAll(fixture);
  };
  /** Writes a version and tells of it. */
  const edit = async (course: number, version: number) => {
    data.write(course, version);
    await server.write(of(course));
  };
  const shows = (fixture: Fixture, course: number, version: number) =>
    eventually(`version ${version}`, async () => {
      const seen = await fixture.read(course);
      return seen.version === version && seen.status === 'FRESH';
    });

  test('a change shows, and loads the slices of its audience once', async () => {
    const fixture = await open();
    await warm(fixture);
    const before = fixture.loads();
    await edit(3, 1);
    await shows(fixture, 3, 1);
    await sleep(100);
    await readAll(fixture);
    expect(fixture.loads().map((loads, course) => loads - (before[course] ?? 0))).toEqual(
      data.items.map((_, course) => (course === 3 ? 1 : 0)),
    );
  }, 30_000);

  test('slices have the long TTL with a live feed and the short one without', async () => {
    const fixture = await open(server.url, 500);
    await warm(fixture);
    await sleep(1_000);
    const before = sum(fixture.loads());
    await readAll(fixture);
    expect(sum(fixture.loads())).toBe(before);
    await server.stop();
    try {
      await silent(fixture);
      data.write(0, 1);
      await shows(fixture, 0, 1);
    } finally {
      await server.start();
    }
  }, 30_000);

  test('without Redis at the start the calendar answers with the short TTL and shows the feed’s state', async () => {
    await server.stop();
    try {
      const begin = performance.now();
      const fixture = await open(server.url, 500);
      expect((await fixture.read(0)).status).toBe('FRESH');
      expect(performance.now() - begin).toBeLessThan(3_000);
      expect(fixture.feed).toMatchObject({ name: 'redis', healthy: false, caughtUpAt: { LECTURE: null } });
      data.write(0, 1);
      await shows(fixture, 0, 1);
    } finally {
      await server.start();
    }
    await waitForLiveFeed(fixtures[0] as Fixture);
  }, 30_000);

  test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ['stopped', () => server.stop(), () => server.start()],
    ['frozen', async () => server.freeze(), async () => server.thaw()],
  ])(
    'a Redis that is %s is noticed within ten seconds, and no read waits for it',
    async (_, away, back) => {
      const fixture = await open();
      await warm(fixture);
      const before = sum(fixture.loads());
      await away();
      const begin = performance.now();
      const waits: number[] = [];
      try {
        await eventually('a feed that is silent', async () => {
          const asked = performance.now();
          const seen = await fixture.read(0);
          waits.push(performance.now() - asked);
          return seen.status === 'FRESH' && !fixture.feed.healthy;
        });
        expect(performance.now() - begin).toBeLessThan(10_000);
        // None of them waited for a Redis: its shortest time-out is longer than this.
        expect(Math.max(...waits)).toBeLessThan(1_000);
        expect(sum(fixture.loads())).toBe(before);
      } finally {
        await back();
      }
      await waitForLiveFeed(fixture);
      await edit(0, 1);
      await shows(fixture, 0, 1);
    },
    40_000,
  );

  test('a dead connection is replaced within ten seconds', async () => {
    const wire: Wire = await layWire(server.url);
    try {
      const fixture = await open(wire.url);
      await waitForLiveFeed(fixture);
      wire.deaden();
      const begin = performance.now();
      await server.write(of(0));
      await eventually('the change', () => fixture.feed.changes === 1);
      expect(performance.now() - begin).toBeLessThan(10_000);
      expect(fixture.feed.gaps).toBe(0);
    } finally {
      await wire.close();
    }
  }, 40_000);

  test.each([20_000, 100_000])(
    'after an outage with %i changes all of them show',
    async (many) => {
      const wire: Wire = await layWire(server.url);
      try {
        const fixture = await open(wire.url);
        await warm(fixture);
        wire.cut();
        await silent(fixture);
        for (let batch = 0; batch < many / 1_000; batch += 1) {
          await server.write(...Array.from({ length: 1_000 }, (_, index) => of(index % COURSES)));
        }
        for (let course = 0; course < COURSES; course += 1) data.write(course, 1);
        const delay = monitorEventLoopDelay({ resolution: 5 });
        delay.enable();
        wire.mend();
        await waitForLiveFeed(fixture);
        const begin = performance.now();
        await Promise.all(data.items.map((_, course) => shows(fixture, course, 1)));
        delay.disable();
        report('caught up', { caughtUpMs: performance.now() - begin, loopP99Ms: delay.percentile(99) / 1e6 });
        expect(fixture.feed.gaps).toBe(many > 30_000 ? 1 : 0);
      } finally {
        await wire.close();
      }
    },
    60_000,
  );

  test.each<[string, () => Promise<unknown>]>([
    ['trimmed past the cursor', () => server.lose()],
    [
      'flushed and restarted with other ids',
      async () => {
        await server.redis.flushall();
        await server.redis.xadd(KEY, '1-1', ...fieldsOf(of(0)));
        await server.revive();
      },
    ],
  ])(
    'a stream that was %s is noticed, and everything is loaded again within 5 s',
    async (_, lose) => {
      const fixture = await open();
      await server.write(of(0));
      await warm(fixture);
      const before = fixture.loads();
      // Changed, and nobody will ever tell.
      for (let course = 0; course < COURSES; course += 1) data.write(course, 1);
      const lost = performance.now();
      await lose();
      await eventually('a gap', () => fixture.feed.gaps === 1);
      expect(performance.now() - lost).toBeLessThan(5_000);
      await sleep(HOLD_OFF_MS);
      for (let round = 0; round < 3; round += 1) {
        for (const { version, status } of await readAll(fixture)) expect([version, status]).toEqual([1, 'FRESH']);
      }
      expect(fixture.loads().map((loads, course) => loads - (before[course] ?? 0))).toEqual(data.items.map(() => 1));
      expect(fixture.feed.healthy).toBe(true);
    },
    30_000,
  );

  test('changes reported ten times in any order cause at most one load a second', async () => {
    const fixture = await open();
    await warm(fixture);
    const before = fixture.loads();
    for (let course = 0; course < COURSES; course += 1) data.write(course, 1);
    const begin = performance.now();
    const said = data.items.map((_, course) => of(course));
    for (let time = 0; time < 10; time += 1) {
      await server.write(...(time % 2 === 0 ? said : said.toReversed()));
      for (const { status } of await readAll(fixture)) expect(status).not.toBe('UNAVAILABLE');
    }
    await Promise.all(data.items.map((_, course) => shows(fixture, course, 1)));
    const seconds = (performance.now() - begin) / 1_000;
    for (const [course, loads] of fixture.loads().entries()) {
      expect(loads - (before[course] ?? 0)).toBeLessThanOrEqual(BURST + Math.ceil(seconds));
    }
  }, 30_000);

  test('a flood of 50,000 changes a second fails no request and causes at most one load a second for each key', async () => {
    const fixture = await open();
    await warm(fixture);
    const before = fixture.loads();
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const begin = performance.now();
    const flood = pour(server.url, 150_000);
    let [reads, isOver] = [0, false];
    void flood.then(() => {
      isOver = true;
    });
    while (!isOver) {
      for (const { status } of await readAll(fixture)) expect(status).not.toBe('UNAVAILABLE');
      reads += COURSES;
      await sleep(10);
    }
    delay.disable();
    await flood;
    for (let course = 0; course < COURSES; course += 1) data.write(course, 1);
    await server.write(...data.items.map((_, course) => of(course)));
    await Promise.all(data.items.map((_, course) => shows(fixture, course, 1)));
    const seconds = (performance.now() - begin) / 1_000;
    const loads = fixture.loads().map((count, course) => count - (before[course] ?? 0));
    report('flood', { seconds, reads, most: Math.max(...loads), loopP99Ms: delay.percentile(99) / 1e6 });
    expect(Math.max(...loads)).toBeLessThanOrEqual(BURST + Math.ceil(seconds));
    // As much of it as was read: a reader too far behind takes everything for changed.
    expect(fixture.feed.malformed).toBeGreaterThan(0);
  }, 60_000);

  test('two replicas with their own cursors show the same', async () => {
    const [one, other] = [await open(), await open()];
    await Promise.all([warm(one), warm(other)]);
    await edit(0, 1);
    await Promise.all([shows(one, 0, 1), shows(other, 0, 1)]);
    await fixtures.shift()?.close();
    await edit(0, 2);
    await shows(other, 0, 2);
    expect(other.feed).toMatchObject({ changes: 2, gaps: 0 });
  }, 30_000);
});

/**
 * Writes so many entries at 50,000 a second, by a connection that does nothing else; one in a
 * hundred is malformed.
 */
async function pour(url: string, count: number): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).resume();
  const command = (index: number) => {
    const fields = index % 100 === 99 ? ['kind', 'LECTURE', 'audience', 'no ern'] : fieldsOf(of(index % COURSES));
    const words = ['XADD', KEY, 'MAXLEN', '~', '200000', '*', ...fields];
    return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
  };
  // The same thousand again and again: making them must not be what is measured.
  const thousand = Buffer.from(Array.from({ length: 1_000 }, (_, index) => command(index)).join(''));
  const begin = performance.now();
  for (let sent = 0; sent < count; sent += 1_000) {
    socket.write(thousand);
    await sleep(Math.max(1, begin + (sent + 1_000) / 50 - performance.now()));
  }
  socket.end();
}

/** Prints what was measured: a busy machine is not a failure. */
function report(fault: string, measured: Readonly<Record<string, number>>): void {
  const numbers = Object.entries(measured).map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`);
  process.stdout.write(`${fault}: ${numbers.join(', ')}\n`);
}
