// A calendar with the CDC feed: an edit shows, and failures cost freshness only.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type CdcFixture, startCdcFixture } from '../../calendar/freshness/cdc-fixture.ts';
import { describeWith } from '../../harness/child-server.ts';
import { eventually } from '../../harness/eventually.ts';
import { POSTGRES } from '../../harness/postgres-server.ts';
import { type Courses, courses, type Fixture, openFixture } from './fixture.ts';

const COURSES = 5;
/**
 * A value read so soon after an invalidation (milliseconds) is held for a second only
 * (src/calendar/cache/README.md).
 */
const HOLD_OFF_MS = 2_000;

describeWith(POSTGRES, 'a calendar with a CDC feed', () => {
  let server: CdcFixture;
  let data: Courses;
  let fixture: Fixture;

  beforeAll(async () => {
    server = await startCdcFixture();
  }, 60_000);
  afterEach(() => fixture.close());
  afterAll(() => server.close());

  const open = async () => {
    data = courses(COURSES);
    fixture = await openFixture(data, server.feed());
    await eventually('a feed that speaks', () => fixture.feed.healthy);
    await sleep(HOLD_OFF_MS);
    await readAll();
  };
  const readAll = () => Promise.all(data.items.map((_, course) => fixture.read(course)));
  const showsAll = (version: number) =>
    eventually(`version ${version}`, async () =>
      (await readAll()).every((seen) => seen.version === version && seen.status === 'FRESH'),
    );

  test('a change shows, and loads the slices of its audience once', async () => {
    await open();
    const before = fixture.loads();
    data.write(3, 1);
    await server.write({ audience: 'ern:lms:course/3', from: '2026-03-10T00:00:00Z', to: '2026-03-10T01:30:00Z' });
    await eventually('version 1', async () => (await fixture.read(3)).version === 1);
    await readAll();
    expect(fixture.loads().map((loads, course) => loads - (before[course] ?? 0))).toEqual([0, 0, 0, 1, 0]);
  }, 30_000);

  test('a lost replication slot is a gap: everything is loaded again within 5 s', async () => {
    await open();
    const before = fixture.loads();
    for (let course = 0; course < COURSES; course += 1) data.write(course, 1);
    const lost = performance.now();
    await server.lose();
    await eventually('a gap', () => fixture.feed.gaps === 1);
    expect(performance.now() - lost).toBeLessThan(5_000);
    await sleep(HOLD_OFF_MS);
    await showsAll(1);
    await readAll();
    expect(fixture.loads().map((loads, course) => loads - (before[course] ?? 0))).toEqual([1, 1, 1, 1, 1]);
  }, 30_000);

  test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ['stopped', () => server.stop(), () => server.start()],
    ['frozen', async () => server.freeze(), async () => server.thaw()],
  ])(
    'a PostgreSQL that is %s is noticed within ten seconds, reads are answered, and missed changes show',
    async (_, away, back) => {
      await open();
      const before = fixture.loads();
      await away();
      const begin = performance.now();
      try {
        await eventually('a feed that is silent', () => !fixture.feed.healthy);
        expect(performance.now() - begin).toBeLessThan(10_000);
        for (const { status } of await readAll()) expect(status).toBe('FRESH');
        expect(fixture.loads()).toEqual(before);
        for (let course = 0; course < COURSES; course += 1) data.write(course, 1);
      } finally {
        await back();
      }
      await showsAll(1);
      expect(fixture.feed.gaps).toBe(1);
    },
    40_000,
  );
});
