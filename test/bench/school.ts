// A school by rules: courses, their items, and students' own items as dense as in the sample data:
// 76 a month for each student, of six courses. Its sources answer in JSON, which is checked like
// any answer, so that what caches hold of it is what they would hold of services.
import { Invalidations } from '../../src/calendar/cache/invalidations.ts';
import { type Ask, createCaches } from '../../src/calendar/caches.ts';
import { userAudience } from '../../src/calendar/model/ern.ts';
import { EVENT_KINDS, type EventKind } from '../../src/calendar/model/event.ts';
import { sliceInvalidationKey } from '../../src/calendar/model/invalidation-key.ts';
import { Zone } from '../../src/calendar/model/zone.ts';
import { type CalendarReading, readCalendar } from '../../src/calendar/read/read-calendar.ts';
import { monthAround } from '../../src/calendar/read/window.ts';
import { Recorder } from '../../src/calendar/revalidation/recorder.ts';
import { parseResults, type ResultOf, type SourceQuery } from '../../src/calendar/sources/entities.ts';
import { SOURCE_ADAPTERS } from '../../src/calendar/sources/kinds.ts';
import { manualClock } from '../harness/clock.ts';

const COURSES = 2_000;
const COURSES_OF_STUDENT = 6;
/** A month's items of a course, and of how many a student has an own one. */
const ITEMS: Readonly<Record<string, { readonly type: string; readonly items: number; readonly own: number }>> = {
  LECTURE: { type: 'lecture', items: 10, own: 0 },
  ATTENDANCE: { type: 'check', items: 10, own: 10 },
  ASSIGNMENT: { type: 'assignment', items: 4, own: 3 },
};
/** Of forty students one is absent, one excused, two late. */
const OUTCOMES = ['ABSENT', 'EXCUSED', 'LATE', 'LATE'];
const MONTH = '2026-03';
const ZONE = Zone.named('Asia/Seoul') as Zone;

type Entity = Readonly<Record<string, unknown>>;

/** The calendar's caches over this school, and a student's month, read as for a request. */
export async function createSchool({ cacheBytes, liveTtlMs }: { cacheBytes: number; liveTtlMs: number }) {
  const clock = manualClock();
  // A time as of a process that has been running: not a whole number.
  await clock.advance(1_234.5);
  clock.set(Date.UTC(2026, 2, 2));
  const month = monthAround(clock.now(), ZONE);
  const ownAudience = (userId: string) => userAudience('lms', userId);
  const ask = async (kind: EventKind, query: SourceQuery) => {
    const body = JSON.stringify({ data: { _entities: [entityOf(kind, query)] } });
    return parseResults(SOURCE_ADAPTERS[kind], [query], body)[0] as ResultOf[SourceQuery['ask']];
  };
  const invalidations = new Invalidations({ now: () => clock.elapsed() });
  const hasLiveFeed = () => true;
  const caches = createCaches({
    ask: ask as Ask,
    invalidations,
    clock,
    cacheBytes,
    liveTtlMs,
    ownAudience,
    hasLiveFeed,
  });
  const through = { ...caches, homeZone: ZONE, ownAudience };
  return {
    caches,
    clock,
    /** Something of this student's own was written this month. */
    edit(student: number): void {
      invalidations.record(sliceInvalidationKey('ATTENDANCE', ownAudience(`student-${student}`), MONTH));
    },
    /** Reads of slices and audiences so far, and loads by reason. */
    counts() {
      const all = [caches.slices.counts, caches.audiences.counts];
      const reads = all.flatMap(({ reads: byState }) => Object.values(byState)).reduce((sum, count) => sum + count, 0);
      const loads = { miss: 0, expired: 0, invalidated: 0, asked: 0 };
      for (const { reason, count } of all.flatMap(({ loads: given }) => given)) loads[reason] += count;
      return { reads, loads };
    },
    /** A student's month, with the validator of its answer. */
    read(student: number): Promise<CalendarReading> {
      const recorder = new Recorder();
      const readOptions = { onRead: recorder.read };
      const query = { userId: `student-${student}`, kinds: EVENT_KINDS, sight: 'ALL' as const, keep: () => true };
      return readCalendar(through, { ...query, window: month, readOptions });
    },
  };
}

function entityOf(kind: EventKind, query: SourceQuery): Entity {
  const { audiences: all, taught, sliceType } = SOURCE_ADAPTERS[kind];
  if (query.ask !== 'slice') {
    const id = 'userId' in query ? query.userId : '';
    const own = kind === 'LECTURE' ? [] : [userAudience('lms', id)];
    const audiences = [...coursesOf(numberOf(id)).map(courseErn), ...own];
    return { __typename: 'User', id, [all]: audiences, [taught]: [], teaches: [], observes: [] };
  }
  const { audience, month } = query;
  const [from, to] = [iso(month.from), iso(month.to)];
  const [, type = ''] = /^ern:lms:(\w+)\//.exec(audience) ?? [];
  const items = type === 'user' ? ownItems(kind, audience, month.from) : courseItems(kind, audience, month.from);
  return { __typename: sliceType, audience, from, to, revision: '1772409600.123456//1772409600.123456', items };
}

function courseItems(kind: EventKind, audience: string, from: number): readonly Entity[] {
  const { type = '', items = 0 } = ITEMS[kind] ?? {};
  const course = numberOf(audience);
  return Array.from({ length: items }, (_, index) => {
    const startsAt = startOf(course, index, from);
    return {
      ern: `${audience}/${type}/${course * items + index}`,
      audience,
      title: `자료구조 ${course} ${1 + (index >> 1)}주차`,
      course: { ern: audience, title: `자료구조 ${course}`, color: '#1969c8' },
      room: `공학관 ${200 + (course % 100)}호`,
      startsAt: iso(startsAt),
      endsAt: iso(startsAt + 3_000_000),
      updatedAt: iso(from),
      hidden: false,
      ...(kind === 'ATTENDANCE' && {
        lateAt: iso(startsAt + 600_000),
        lecture: `${audience}/lecture/${course * items + index}`,
      }),
    };
  });
}

/** In the order of the services: by start, so that courses take turns. */
function ownItems(kind: EventKind, audience: string, from: number): readonly Entity[] {
  const { type = '', items = 0, own = 0 } = ITEMS[kind] ?? {};
  const student = numberOf(audience);
  const all = coursesOf(student).flatMap((course) =>
    Array.from({ length: own }, (_, index) => ({ course, index, startsAt: startOf(course, index, from) })),
  );
  return all
    .toSorted((a, b) => a.startsAt - b.startsAt)
    .map(({ course, index, startsAt }) => {
      const number = course * items + index;
      const done = OUTCOMES[(student * 7 + number * 11) % 40];
      return {
        ern: `${courseErn(course)}/${type}/${number}`,
        audience,
        updatedAt: iso(startsAt + ((student * 7_919 + number * 104_729) % 1_200_000)),
        hidden: false,
        ...(kind === 'ATTENDANCE' ? { outcome: done ?? 'PRESENT' } : { submission: 'SUBMITTED' }),
      };
    });
}

const coursesOf = (student: number): readonly number[] =>
  Array.from({ length: COURSES_OF_STUDENT }, (_, index) => (student * 7 + index * 331) % COURSES);
const courseErn = (course: number): string => `ern:lms:course/${course}`;
const numberOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
const startOf = (course: number, index: number, from: number): number =>
  from + (index * 72 + 9 + (course % 8)) * 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();
