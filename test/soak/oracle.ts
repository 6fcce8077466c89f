// Every student's calendar as the tables of the three services say it, computed naively.
import type pg from 'pg';
import type { EventKind } from '../../src/calendar/model/event.ts';
import { type Expected, expected } from '../harness/oracle.ts';
import { type ItemRow, ownErn, type Rows } from '../harness/rows.ts';

const SCHEMAS: Readonly<Partial<Record<EventKind, string>>> = {
  LECTURE: 'lecture',
  ATTENDANCE: 'attendance',
  ASSIGNMENT: 'assignment',
};

/** The tables' rows. Who attends which course is what the lecture service says. */
export async function rowsOf(database: pg.Client): Promise<Rows> {
  const items: ItemRow[] = [];
  for (const [kind, schema] of Object.entries(SCHEMAS) as [EventKind, string][]) {
    const of = (row: TableRow): ItemRow => ({ ...row, kind, room: null, updatedAt: '' });
    items.push(...(await database.query<TableRow>(itemsSql(schema))).rows.map(of));
    const own = (await database.query<TableRow>(overridesSql(schema))).rows;
    items.push(...own.map((row) => of({ ...row, audience: ownErn(row.audience) })));
  }
  const enrollments: Record<string, string[]> = {};
  const members = await database.query<{ user_id: string; course: string }>(
    'SELECT user_id, course FROM lecture.enrollment WHERE enrolled',
  );
  for (const { user_id, course } of members.rows) enrollments[user_id] = [...(enrollments[user_id] ?? []), course];
  return { enrollments, teaches: {}, observes: {}, items };
}

/** A student's events. */
export function expectedEvents(rows: Rows, user: string, window: { from: string; to: string }): Expected[] {
  const courses = new Set([...(rows.enrollments[user] ?? []).map(String), ownErn(user)]);
  return expected({ ...rows, items: rows.items.filter(({ audience }) => courses.has(audience)) }, user, window);
}

type TableRow = Pick<ItemRow, 'ern' | 'audience' | 'title' | 'startsAt' | 'endsAt' | 'course' | 'hidden'>;

const text = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

function itemsSql(schema: string): string {
  return `SELECT ern, course AS audience, title, ${text('starts_at')} AS "startsAt", ${text('ends_at')} AS "endsAt",
    null AS course, false AS hidden FROM ${schema}.item`;
}

/** An extension that ends before the course's own date changes nothing. */
function overridesSql(schema: string): string {
  const end = schema === 'assignment' ? 'CASE WHEN o.ends_at > i.ends_at THEN o.ends_at END' : 'o.ends_at';
  return `SELECT o.ern, o.user_id AS audience, null AS title, ${text('o.starts_at')} AS "startsAt", ${text(end)} AS "endsAt",
    null AS course, o.hidden FROM ${schema}.override o JOIN ${schema}.item i USING (ern)
    JOIN ${schema}.enrollment m ON m.user_id = o.user_id AND m.course = i.course AND m.enrolled`;
}
