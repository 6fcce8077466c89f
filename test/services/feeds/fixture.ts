// A calendar with a feed over sources in memory whose data shows its age: every lecture's title is
// the version of its course when it was read.

import type { Lifetimes } from '../../../src/calendar/cache/fresh-cache.ts';
import type { ChangeFeed } from '../../../src/calendar/freshness/feed.ts';
import type { FeedState } from '../../../src/calendar/freshness/invalidator.ts';
import { systemClock } from '../../../src/clock.ts';
import { MARCH, MINE, type Mine } from '../../harness/documents.ts';
import { startGraph } from '../../harness/graph.ts';

import { courseErn, type ItemRow, lecture } from '../../harness/rows.ts';

/** What all replicas read: as many courses as said, each with one lecture in March 2026. */
export interface Courses {
  readonly count: number;
  readonly items: ItemRow[];
  /** Writes a new version of a course, without a word to anybody. */
  write(course: number, version: number): void;
  version(course: number): number;
}

export function courses(count: number): Courses {
  const items = Array.from({ length: count }, (_, course) =>
    lecture({ course, at: '2026-03-10T09:00+09:00', title: '0' }),
  );
  return {
    count,
    items,
    write(course, version) {
      const item = items[course];
      if (item !== undefined) item.title = String(version);
    },
    version: (course) => Number(items[course]?.title),
  };
}

/** One replica of the calendar. Student n attends course n. */
export interface Fixture {
  /** What student n sees of course n. Throws when there is an error in the answer. */
  read(course: number): Promise<{ readonly version: number; readonly status: string; readonly reason: string | null }>;
  /** How often each course's slice was read from the source, by course. */
  loads(): readonly number[];
  readonly feed: FeedState;
  close(): Promise<void>;
}

/** Starts a replica; `fresh`: milliseconds that values are fresh while nobody is heard. */
export async function openFixture(of: Courses, feed: ChangeFeed, fresh = 30_000): Promise<Fixture> {
  const lifetimes: Partial<Lifetimes> = { fresh: () => fresh, staleWhileRevalidate: 0 };
  const enrollments = Object.fromEntries(of.items.map((_, course) => [`student-${course}`, [course]]));
  const graph = await startGraph({
    sources: 'mock',
    clock: systemClock,
    gateway: false,
    lifetimes,
    feeds: [feed],
    rows: { enrollments, items: of.items },
  });
  return {
    async read(course) {
      const variables = { ...MARCH, filter: { kinds: ['LECTURE'] } };
      const { body, text } = await graph.query<Mine>(`student-${course}`, MINE, variables);
      if (body.errors !== undefined) throw new Error(text);
      const { events, sources } = body.data.viewer.calendar;
      return {
        version: Number(events[0]?.title ?? Number.NaN),
        status: sources[0]?.status ?? '',
        reason: sources[0]?.reason ?? null,
      };
    },
    loads() {
      const asked = graph.calls.lecture.flatMap((call) => call.representations.map(({ audience }) => audience));
      return of.items.map((_, course) => asked.filter((audience) => audience === courseErn(course)).length);
    },
    get feed() {
      const [state] = graph.calendar.feeds;
      if (state === undefined) throw new Error('no feed');
      return state;
    },
    close: () => graph.close(),
  };
}
