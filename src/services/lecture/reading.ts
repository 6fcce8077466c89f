// The read side of the lecture service: the data loaders of one request.
import type DataLoader from 'dataloader';
import type { Clock } from '../../clock.ts';
import { byKey, createSchedule, type Schedule } from '../shared/schedule.ts';
import type { Database } from '../storage/database.ts';
import { courseValue, instant } from '../storage/sql.ts';
import type { Course, Lecture, LectureItem } from './schema-types.generated.ts';

/** The context of the resolvers, in addition to the caller. */
export interface LectureLoaders {
  /** Within the caller's deadline. */
  readonly database: Database;
  /**
   * A lecture's course has title and color; `courses` loads its other fields when they are asked
   * for.
   */
  readonly schedule: Schedule<LectureItem, Lecture>;
  readonly courses: DataLoader<string, Course | null>;
  /** ERNs of the courses attended or taught, by title; by user id. */
  readonly coursesOf: DataLoader<string, string[]>;
  /** ERNs of the courses taught, by user id. */
  readonly teaches: DataLoader<string, string[]>;
  /** Ids of the students observed now, by user id. */
  readonly observes: DataLoader<string, string[]>;
}

/** Creates the loaders of one request. */
export function lectureLoaders(database: Database, tenant: string, clock: Pick<Clock, 'now'>): LectureLoaders {
  const list = (sql: string, ...values: readonly string[]) =>
    byKey(database, sql, (row: { list: string[] }) => row.list, [], values);
  return {
    database,
    schedule: createSchedule(database, { schema: 'lecture', tenant, fields: [], entities: LECTURES }),
    courses: byKey<Course, Course | null>(database, COURSES, (row) => row, null),
    coursesOf: list(
      `SELECT m.user_id AS key, array_agg(c.ern ORDER BY c.title, c.ern COLLATE "C") AS list
       FROM (SELECT user_id, course FROM lecture.enrollment WHERE user_id = ANY($1::text[]) AND enrolled
             UNION SELECT user_id, course FROM lecture.staff WHERE user_id = ANY($1::text[])) m
       JOIN lecture.course c ON c.ern = m.course GROUP BY m.user_id`,
    ),
    teaches: list(
      `SELECT user_id AS key, array_agg(course ORDER BY course COLLATE "C") AS list
       FROM lecture.staff WHERE user_id = ANY($1::text[]) GROUP BY user_id`,
    ),
    observes: list(
      `SELECT observer AS key, array_agg(student ORDER BY student COLLATE "C") AS list
       FROM lecture.observer WHERE observer = ANY($1::text[])
         AND coalesce(since <= $2::timestamptz, true) AND coalesce(until > $2::timestamptz, true) GROUP BY observer`,
      new Date(clock.now()).toISOString(),
    ),
  };
}

const LECTURES = `
  SELECT i.ern AS key, i.ern, i.title, ${courseValue('c')} AS course, ${instant('i.starts_at')} AS "startsAt",
         ${instant('i.ends_at')} AS "endsAt", i.room, coalesce(i.lecturer, c.teacher) AS lecturer, i.description,
         ${instant('i.updated_at')} AS "updatedAt"
  FROM lecture.item i JOIN lecture.course c ON c.ern = i.course WHERE i.ern = ANY($1::text[])`;

const COURSES = `
  SELECT c.ern AS key, c.ern, c.title, c.color, c.teacher,
         (SELECT count(*)::int FROM lecture.enrollment e WHERE e.course = c.ern AND e.enrolled) AS "enrollmentCount"
  FROM lecture.course c WHERE c.ern = ANY($1::text[])`;
