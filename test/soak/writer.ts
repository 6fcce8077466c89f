// Writes at a constant rate, each about something of its own, and what was acknowledged: later the
// database must have it.
import type pg from 'pg';
import type { Query } from '../harness/client.ts';
import { type Paced, paced } from './paced.ts';

const PER_SECOND = 10;
const HOUR_MS = 3_600_000;
/** After every due date of the sample data. */
const LATE = Date.now() + 120 * 24 * HOUR_MS;
const COURSES = 40;
const STUDENTS = 200;
/** Who attends course 1 in the sample data: its block is 0 (src/services/sample-data/term.ts). */
const OF_COURSE_1 = Array.from({ length: STUDENTS }, (_, n) => n + 1).filter(
  (student) => Math.floor(student / 8) % 5 === 0 && student % 8 !== 0 && (student + 3) % 8 !== 0,
);
/** Lectures and assignments of course 1 that it has for certain: one in each week. */
const WEEKS = 16;

/** A write that was acknowledged, and the statement that finds it. */
interface Acknowledged {
  readonly sql: string;
  readonly params: readonly unknown[];
}

interface Attempt {
  readonly user: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of the answer's `made`. */
  readonly found: (made: Made) => Acknowledged;
}

interface Made {
  readonly ern?: string;
}

/** What became of the writes. */
export interface Written {
  readonly acknowledged: readonly Acknowledged[];
  /** How many were answered with which error; `none` for no answer. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Begins to write through these gateways in turn. */
export function startWriting(gateways: readonly Query[], random: () => number): Written & Paced {
  const acknowledged: Acknowledged[] = [];
  const refused = new Map<string, number>();
  const count = (code: string) => refused.set(code, (refused.get(code) ?? 0) + 1);
  const write = async (n: number) => {
    const { user, document, variables, found } = attempt(n, random);
    try {
      const query = gateways[n % gateways.length] as Query;
      const { body } = await query<{ made: Made | null }>(user, document, variables);
      if (body.errors !== undefined) return void count(body.errors[0]?.extensions.code ?? 'unknown');
      acknowledged.push(found(body.data.made ?? {}));
    } catch {
      count('none');
    }
  };
  return { acknowledged, refused, ...paced(PER_SECOND, write) };
}

/** How many acknowledged writes the database does not have. */
export async function lostWrites(database: pg.Client, { acknowledged }: Written): Promise<number> {
  let lost = 0;
  for (const { sql, params } of acknowledged) {
    if ((await database.query(sql, [...params])).rowCount === 0) lost += 1;
  }
  return lost;
}

/** Every write is about something that no other write changes. */
function attempt(n: number, random: () => number): Attempt {
  const course = `ern:lms:course/${1 + Math.floor(random() * COURSES)}`;
  const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + Math.floor((random() - 0.5) * 1_000) * HOUR_MS;
  const at = (ms: number) => new Date(ms).toISOString();
  const input = { course, title: `write ${n}`, startsAt: at(start), endsAt: at(start + HOUR_MS) };
  const inTable =
    (table: string) =>
    ({ ern }: Made): Acknowledged => ({
      sql: `SELECT FROM ${table} WHERE ern = $1 AND title = $2`,
      params: [ern, input.title],
    });
  const create = (mutation: string, type: string, table: string): Attempt => ({
    user: 'admin-1',
    document: `mutation ($input: ${type}!) { made: ${mutation}(input: $input) { ern } }`,
    variables: { input },
    found: inTable(table),
  });
  const kinds = [
    () => create('createLecture', 'CreateLectureInput', 'lecture.item'),
    () => create('openAttendanceCheck', 'OpenAttendanceCheckInput', 'attendance.item'),
    () => create('createAssignment', 'CreateAssignmentInput', 'assignment.item'),
    () => extend(n, at(LATE)),
    () => hide(n),
    () => enroll(n),
  ];
  return (kinds[n % kinds.length] as () => Attempt)();
}

/** An item and a student, in turn: each pair once before any comes again. */
function ofCourse1(type: string, n: number): [string, string] {
  const turn = Math.floor(n / 6);
  const student = OF_COURSE_1[Math.floor(turn / WEEKS) % OF_COURSE_1.length];
  return [`ern:lms:course/1/${type}/${1 + (turn % WEEKS)}`, `student-${student}`];
}

function extend(n: number, endsAt: string): Attempt {
  const [ern, user] = ofCourse1('assignment', n);
  return {
    user: 'admin-1',
    document: `mutation ($ern: ERN!, $user: ID!, $endsAt: DateTime!) {
      made: grantExtension(ern: $ern, user: $user, endsAt: $endsAt) { endsAt } }`,
    variables: { ern, user, endsAt },
    found: () => ({
      sql: 'SELECT FROM assignment.override WHERE ern = $1 AND user_id = $2 AND ends_at IS NOT NULL',
      params: [ern, user],
    }),
  };
}

function hide(n: number): Attempt {
  const [ern, user] = ofCourse1('lecture', n);
  return {
    user: 'admin-1',
    document: `mutation ($ern: ERN!, $user: ID!) {
      made: setLectureHidden(ern: $ern, user: $user, hidden: true) { ern } }`,
    variables: { ern, user },
    found: () => ({
      sql: 'SELECT FROM lecture.override WHERE ern = $1 AND user_id = $2 AND hidden',
      params: [ern, user],
    }),
  };
}

function enroll(n: number): Attempt {
  const [course, user] = [`ern:lms:course/${1 + (n % COURSES)}`, `student-${1 + (Math.floor(n / 6) % STUDENTS)}`];
  return {
    user: 'admin-1',
    document: 'mutation ($course: ERN!, $user: ID!) { made: enroll(course: $course, user: $user) { enrolled } }',
    variables: { course, user },
    found: () => ({
      sql: 'SELECT FROM assignment.enrollment WHERE course = $1 AND user_id = $2 AND enrolled',
      params: [course, user],
    }),
  };
}
