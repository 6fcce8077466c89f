// Schools by rules: courses, their items, and students' own items. Their sources answer in JSON
// like services, so that what a calendar does with it is what it would do with theirs. Pure.
import { userAudience } from '../../src/calendar/model/ern.ts';
import type { EventKind } from '../../src/calendar/model/event.ts';
import { SOURCE_ADAPTERS } from '../../src/calendar/sources/kinds.ts';

/** A school: who is in which courses, and how much there is in one month. */
export interface School {
  /** The numbers of a student's courses. */
  coursesOf(student: number): readonly number[];
  /** A month's items of a course. */
  itemsOf(kind: EventKind, course: number): number;
}

const COURSES = 2_000;
/** As dense as the sample data: 2,000 courses; each student has six, and 78 own items a month. */
export const USUAL_SCHOOL: School = {
  coursesOf: (student) => Array.from({ length: 6 }, (_, index) => (student * 7 + index * 331) % COURSES),
  itemsOf: (kind) => (kind === 'ASSIGNMENT' ? 4 : 10),
};

/** The number of a student of {@link SHAPED_SCHOOL} with so many events in so many courses. */
export const studentOf = (events: number, courses: number): number => events * 100 + courses;

/** A school in which a student's number says how many events and courses the student has. */
export const SHAPED_SCHOOL: School = {
  coursesOf: (student) => Array.from({ length: student % 100 }, (_, index) => student * 100 + index),
  itemsOf(kind, course) {
    const student = Math.floor(course / 100);
    const all = Math.floor(student / 100) / (student % 100);
    const [lectures, checks] = [Math.ceil(all / 2), Math.floor(all / 3)];
    if (kind === 'LECTURE') return lectures;
    return kind === 'ATTENDANCE' ? checks : all - lectures - checks;
  },
};

/** What an item is called in names, and of how many items of four a student has an own one. */
const ITEMS: Readonly<Record<string, { readonly type: string; readonly own: number }>> = {
  LECTURE: { type: 'lecture', own: 0 },
  ATTENDANCE: { type: 'check', own: 4 },
  ASSIGNMENT: { type: 'assignment', own: 3 },
};
/** Of forty students one is absent, one excused, two late. */
const OUTCOMES = ['ABSENT', 'EXCUSED', 'LATE', 'LATE'];

type Entity = Readonly<Record<string, unknown>>;

/** A query as the calendar sends it. */
export interface Representation {
  readonly __typename: string;
  readonly id?: string;
  readonly audience?: string;
  readonly from?: string;
  readonly to?: string;
}

/** A source's answer to one query of `_entities`. */
export function entityOf(school: School, kind: EventKind, { __typename, ...key }: Representation): Entity {
  const { id = '', audience = '', from = '', to = '' } = key;
  if (__typename === 'User') {
    const { audiences: all, taught } = SOURCE_ADAPTERS[kind];
    const own = kind === 'LECTURE' ? [] : [userAudience('lms', id)];
    const audiences = [...school.coursesOf(numberOf(id)).map(courseErn), ...own];
    return { __typename, id, [all]: audiences, [taught]: [], teaches: [], observes: [] };
  }
  const itemsIn = audience.includes(':user/') ? ownItems : courseItems;
  const revision = '1772409600.123456//1772409600.123456';
  return { __typename, audience, from, to, revision, items: itemsIn(school, kind, audience, Date.parse(from)) };
}

function courseItems(school: School, kind: EventKind, audience: string, from: number): readonly Entity[] {
  const { type = '' } = ITEMS[kind] ?? {};
  const course = numberOf(audience);
  return Array.from({ length: school.itemsOf(kind, course) }, (_, index) => {
    const startsAt = startOf(course, index, from);
    return {
      ern: `${audience}/${type}/${course * 10 + index}`,
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
        lecture: `${audience}/lecture/${course * 10 + index}`,
      }),
    };
  });
}

/** In the order of the services: by start, so that courses take turns. */
function ownItems(school: School, kind: EventKind, audience: string, from: number): readonly Entity[] {
  const { type = '', own = 0 } = ITEMS[kind] ?? {};
  const student = numberOf(audience);
  const all = school.coursesOf(student).flatMap((course) =>
    Array.from({ length: Math.floor((school.itemsOf(kind, course) * own) / 4) }, (_, index) => ({
      course,
      index,
      startsAt: startOf(course, index, from),
    })),
  );
  return all
    .toSorted((a, b) => a.startsAt - b.startsAt)
    .map(({ course, index, startsAt }) => {
      const number = course * 10 + index;
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

const MINUTES = 27 * 24 * 60;
const courseErn = (course: number): string => `ern:lms:course/${course}`;
const numberOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
/** Three days between two of a course, which has its hour; within the month. */
const startOf = (course: number, index: number, from: number): number =>
  from + ((index * 4_321 + (9 + (course % 8)) * 60) % MINUTES) * 60_000;
const iso = (at: number): string => new Date(at).toISOString();
