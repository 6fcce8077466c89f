// The calendar's caches over a school, read in this process on a clock that is moved by hand.
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
import { entityOf, type School, USUAL_SCHOOL } from './school.ts';

const ZONE = Zone.named('Asia/Seoul') as Zone;
const MONTH = '2026-03';

/** How much is held, for how long, and of which school. */
export interface SchoolOptions {
  readonly cacheBytes: number;
  readonly liveTtlMs: number;
  readonly school?: School;
}

/** What {@link createSchool} gives. */
export type SchoolCalendar = Awaited<ReturnType<typeof createSchool>>;

/** The calendar's caches over this school, and a student's month, read as for a request. */
export async function createSchool({ cacheBytes, liveTtlMs, school = USUAL_SCHOOL }: SchoolOptions) {
  const clock = manualClock();
  // A time as of a process that has been running: not a whole number.
  await clock.advance(1_234.5);
  clock.set(Date.UTC(2026, 2, 2));
  const month = monthAround(clock.now(), ZONE);
  const ownAudience = (userId: string) => userAudience('lms', userId);
  const ask = async (kind: EventKind, query: SourceQuery) => {
    const body = JSON.stringify({ data: { _entities: [entityOf(school, kind, representationOf(kind, query))] } });
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

/** The query as a source hears it. */
function representationOf(kind: EventKind, query: SourceQuery) {
  if (query.ask !== 'slice') return { __typename: 'User', id: 'userId' in query ? query.userId : '' };
  const { audience, month } = query;
  const { sliceType: __typename } = SOURCE_ADAPTERS[kind];
  return { __typename, audience, from: new Date(month.from).toISOString(), to: new Date(month.to).toISOString() };
}
