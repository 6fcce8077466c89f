// The schema of a mocked source: the real SDL, answered by naive loops over rows, without batching
// or SQL.
import { createHash } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import type { EventKind } from '../../src/calendar/model/event.ts';
import { readSchema } from '../../src/schema.ts';
import { courseErn, type ItemRow, ownErn, type Rows } from './rows.ts';

/** The three services that are mocked. */
export type SourceName = 'lecture' | 'attendance' | 'assignment';

interface Span {
  readonly audience: string;
  readonly from: string;
  readonly to: string;
}

const TYPES = {
  lecture: { kind: 'LECTURE', entity: 'Lecture', prefix: 'Lecture' },
  attendance: { kind: 'ATTENDANCE', entity: 'AttendanceCheck', prefix: 'Attendance' },
  assignment: { kind: 'ASSIGNMENT', entity: 'Assignment', prefix: 'Assignment' },
} as const;

const SCHEMAS = new Map<SourceName, GraphQLSchema>();

/**
 * The schema of one mocked service. Its rows are the context of each execution; it is made once for
 * all graphs of a file.
 */
export function mockSchema(name: SourceName): GraphQLSchema {
  const schema = SCHEMAS.get(name) ?? makeSchema(name);
  SCHEMAS.set(name, schema);
  return schema;
}

function makeSchema(name: SourceName): GraphQLSchema {
  const { kind, entity, prefix } = TYPES[name];
  const itemsOf = (rows: Rows) => rows.items.filter((row) => row.kind === kind);
  const user: Record<string, (user: { id: string }, args: object, rows: Rows) => unknown> = {
    [`${name}Audiences`]: ({ id }, _, rows) => audiencesOf(rows, kind, id),
    [`${name}Taught`]: ({ id }, _, rows) => (rows.teaches[id] ?? []).map(courseErn),
  };
  if (name === 'lecture') {
    user.teaches = ({ id }, _, rows) => (rows.teaches[id] ?? []).map(courseErn);
    user.observes = ({ id }, _, rows) => rows.observes[id] ?? [];
  }
  return buildSubgraphSchema({
    typeDefs: parse(readSchema(name)),
    resolvers: {
      User: { ...user, __resolveReference: ({ id }: { id: string }) => ({ id }) },
      [`${prefix}Slice`]: {
        __resolveReference: (span: Span, rows: Rows) => ({
          ...span,
          revision: revisionOf(itemsOf(rows), span.audience),
          items: sliceOf(itemsOf(rows), span),
        }),
      },
      [`${prefix}Item`]: {
        __resolveReference: ({ ern, audience }: ItemRow, rows: Rows) =>
          itemsOf(rows).find((row) => row.ern === ern && row.audience === audience) ?? null,
      },
      ...(name === 'lecture' ? { Course: { __resolveReference: courseOf } } : {}),
      [entity]: { __resolveReference: ({ ern }: ItemRow, rows: Rows) => entityOf(itemsOf(rows), ern) },
    },
  });
}

/** Courses attended and taught, and the own audience if it has items. */
export function audiencesOf(rows: Rows, kind: EventKind, user: string): string[] {
  const courses = [...(rows.enrollments[user] ?? []), ...(rows.teaches[user] ?? [])].map(courseErn);
  const hasOwn = rows.items.some((row) => row.kind === kind && row.audience === ownErn(user));
  return hasOwn ? [...courses, ownErn(user)] : courses;
}

/** An own item is listed when its own dates or the course's overlap the span. */
function sliceOf(items: readonly ItemRow[], { audience, from, to }: Span): ItemRow[] {
  const isOwn = audience.includes(':user/');
  return items.filter((row) => {
    if (row.audience !== audience) return false;
    const base = isOwn ? items.find((other) => other.ern === row.ern && other.audience !== audience) : undefined;
    return meets({ ...base, ...given(row) }, from, to) || (base !== undefined && meets(base, from, to));
  });
}

/** The dates of the whole audience. */
function revisionOf(items: readonly ItemRow[], audience: string): string {
  const dates = items.filter((row) => row.audience === audience).map((row) => [row.ern, row.startsAt, row.endsAt]);
  return createHash('sha256').update(JSON.stringify(dates)).digest('base64');
}

function given(row: ItemRow): Partial<ItemRow> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function meets(row: Partial<ItemRow>, from: string, to: string): boolean {
  const [start, end] = [Date.parse(String(row.startsAt)), Date.parse(String(row.endsAt))];
  // A row whose dates are nonsense is listed everywhere: whether it is refused is for the reader to
  // show.
  if (Number.isNaN(start) || Number.isNaN(end) || end < start) return true;
  return start < Date.parse(to) && (end > Date.parse(from) || (start === end && start >= Date.parse(from)));
}

/** A course as the lecture service has it; null unless it has a lecture of the course. */
function courseOf({ ern }: { ern: string }, rows: Rows): object | null {
  const item = rows.items.find((row) => row.kind === 'LECTURE' && row.course?.ern === ern);
  if (item === undefined) return null;
  const attending = Object.values(rows.enrollments).filter((courses) => courses.map(courseErn).includes(ern));
  return { ...item.course, teacher: null, enrollmentCount: attending.length };
}

/** What is behind an event: the course's row, with what only the entity has. */
function entityOf(items: readonly ItemRow[], ern: string): object | null {
  const row = items.find((item) => item.ern === ern);
  return row === undefined ? null : { ...row, description: `about ${row.title}`, method: 'CODE', points: 100 };
}
