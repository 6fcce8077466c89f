// Promise: the caches of the calendar hold as many bytes as they say, within a tenth of what the
// heap holds, and no more than the setting; users that nobody knows evict nothing.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Invalidations } from '../../../src/calendar/cache/invalidations.ts';
import { type Ask, createCaches } from '../../../src/calendar/caches.ts';
import { userAudience } from '../../../src/calendar/model/ern.ts';
import { createSchool } from '../../bench/school-calendar.ts';
import { manualClock } from '../../harness/clock.ts';

const FILL = fileURLToPath(new URL('fill.ts', import.meta.url));

interface Measured {
  readonly way: string;
  /** Bytes. */
  readonly said: number;
  readonly held: number;
  readonly limit: number;
}

test('what the caches say that they hold is within a tenth of what the heap holds, and within the limit', async () => {
  // In one thread what V8 compiles meanwhile, and when, does not depend on how busy the machine is.
  const options = ['--expose-gc', '--single-threaded', '--import', 'tsx'];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, FILL]);
  const measured = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);
  expect(measured.map(({ way }) => way)).toContain('everything');
  const wrong = measured.filter(({ said, held, limit }) => {
    return said > limit || Math.abs(said / held - 1) > 0.1;
  });
  expect(wrong).toEqual([]);
}, 120_000);

test('a month of 50,000 students of 2,000 courses is counted as at most 256 MiB', async () => {
  const school = await createSchool({ cacheBytes: 2 ** 30, liveTtlMs: 600_000 });
  const bytes = () => Object.values(school.caches).reduce((sum, { size }) => sum + size.bytes, 0);
  const read = async (first: number) => {
    const before = bytes();
    for (let student = first; student < first + 50; student += 1) await school.read(student);
    return bytes() - before;
  };
  // Students whose numbers differ by 2,000 have the same courses: the second ones add their own.
  const [withCourses, own] = [await read(0), await read(2_000)];
  const courses = school.caches.slices.size.entries - 2 * 2 * 50;
  const all = (own / 50) * 50_000 + ((withCourses - own) / courses) * 3 * 2_000;
  expect(Math.round(all / 2 ** 20)).toBeLessThanOrEqual(256);
});

describe('made-up users', () => {
  /** Caches that hold the lists of 500 users, of a source that knows `student-…` only. */
  async function filled() {
    const clock = manualClock();
    const isKnown = (userId: string) => userId.startsWith('student-');
    const caches = createCaches({
      ask: (async (_, query) => {
        const all = 'userId' in query && isKnown(query.userId) ? ['ern:lms:course/1'] : [];
        return { all, taught: [], teaches: all, observes: [] };
      }) as Ask,
      invalidations: new Invalidations({ now: () => clock.elapsed() }),
      clock,
      cacheBytes: 5 * 2 ** 20,
      ownAudience: (userId) => userAudience('lms', userId),
      hasLiveFeed: () => false,
    });
    const read = async (userId: string) => {
      await caches.audiences.read({ kind: 'LECTURE', userId });
      await caches.foreignAudiences.read({ kind: 'LECTURE', userId });
      await caches.memberships.read(userId);
      await caches.relations.read(userId);
    };
    const students = Array.from({ length: 500 }, (_, index) => `student-${index}`);
    for (const student of students) await read(student);
    return { caches, read, students };
  }

  test('evict none of the users that are known, and take a bounded number of bytes, however many there are', async () => {
    const { caches, read, students } = await filled();
    const bytes = () => Object.values(caches).reduce((sum, { size }) => sum + size.bytes, 0);
    const before = bytes();
    for (let index = 0; index < 5_000; index += 1) await read(`made-up-${index}`);
    const added = bytes() - before;
    expect(added).toBeLessThan(4 * 1_000 * 1_000);
    for (let index = 5_000; index < 6_000; index += 1) await read(`made-up-${index}`);
    expect(bytes() - before).toBe(added);
    for (const userId of students) {
      expect(caches.audiences.peek({ kind: 'LECTURE', userId })?.state).toBe('FRESH');
      expect(caches.foreignAudiences.peek({ kind: 'LECTURE', userId })?.state).toBe('FRESH');
      expect(caches.memberships.peek(userId)?.state).toBe('FRESH');
      expect(caches.relations.peek(userId)?.state).toBe('FRESH');
    }
  });

  test('are loaded once while they are among the last ones', async () => {
    const { caches, read } = await filled();
    await read('made-up');
    const { loads } = caches.memberships.counts;
    await read('made-up');
    expect(caches.memberships.counts.loads).toEqual(loads);
  });
});
