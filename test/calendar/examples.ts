// Complete example values for tests of the calendar, changed in the fields a test is about.
import type { Course, Item, ScheduleEvent } from '../../src/calendar/model/event.ts';
import { eventId } from '../../src/calendar/model/event-id.ts';
import { completeSlice, type Slice } from '../../src/calendar/model/slice.ts';

/** The course of everything here unless said. */
export const COURSE: Course = { ern: 'ern:lms:course/42', title: '자료구조', color: '#336699' };

/** The user of everything here unless said, and their own audience. */
export const USER = 'student-7';
export const OWN = `ern:lms:user/${USER}`;

/** An item of the course, [1000, 2000) milliseconds. */
export function item(given: Partial<Item> = {}): Item {
  return {
    ern: `${COURSE.ern}/lecture/1`,
    audience: COURSE.ern,
    title: '연결 리스트',
    course: COURSE,
    startsAt: 1_000,
    endsAt: 2_000,
    location: null,
    updatedAt: 0,
    hidden: false,
    lateLimit: null,
    lecture: null,
    done: null,
    allDay: null,
    original: null,
    overrideReason: null,
    ...given,
  };
}

/** An item of the user's own audience that changes nothing of the course's but what is given. */
export function correction(given: Partial<Item> = {}): Item {
  return item({ audience: OWN, title: null, course: null, startsAt: null, endsAt: null, ...given });
}

/** A slice of these items, nothing left out. */
export function slice(...items: readonly Item[]): Slice {
  return completeSlice(items);
}

/** The item of the course as the user has it. */
export function event(given: Partial<ScheduleEvent> = {}): ScheduleEvent {
  const { ern, title, startsAt, endsAt, location, updatedAt, lateLimit, lecture, done } = {
    ...item(),
    title: '연결 리스트',
    startsAt: 1_000,
    endsAt: 2_000,
    ...given,
  };
  const kind = given.kind ?? 'LECTURE';
  const id = eventId({ kind, userId: USER, ern });
  return {
    id,
    ern,
    audience: COURSE.ern,
    kind,
    title,
    course: COURSE,
    startsAt,
    endsAt,
    location,
    updatedAt,
    lateLimit,
    lecture,
    done,
    allDay: false,
    dateOverride: null,
    ...given,
  };
}
