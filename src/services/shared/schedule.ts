// The read side of a service: audiences, slices and items, with one statement for all queries of a
// type in a request, or a few side by side for more than SLICES_AT_ONCE slices. A schedule consists
// of the course's items, and for a user's own audience of the overrides in the user's courses.
import DataLoader from 'dataloader';
import type { Database } from '../storage/database.ts';
import { courseValue, instant, overlaps } from '../storage/sql.ts';
import { notFound } from './access.ts';
import { type AudienceSlice, type ItemRows, packed, plain, type SliceRow, toItems, toSlice } from './item-rows.ts';
import { userOf } from './names.ts';
import { parseInstant } from './scalars.ts';

/** A field that a service adds to its GraphQL item type, as SQL for both kinds of rows. */
export interface ItemField {
  readonly name: string;
  /** SQL over the item `i`. */
  readonly ofItem: string;
  /** SQL over the override `o`; see {@link ofItsItem}. */
  readonly ofOverride: string;
}

/** The schedule of a service. */
export interface ScheduleDefinition {
  readonly schema: string;
  readonly tenant: string;
  readonly fields: readonly ItemField[];
  /**
   * How a user's own items tell what the user did: the field, and SQL over `o` for "nothing". Items
   * that ended before the user was enrolled are NOT_REQUIRED unless something was done.
   */
  readonly completion?: { readonly field: string; readonly isMissing: string };
  /** The end that an override gives its item, as SQL over `o`. Default: its own date. */
  readonly overrideEnd?: string;
  /** A SELECT of the public entities named in `$1::text[]`, with the ERN in a column `key`. */
  readonly entities: string;
}

/**
 * More slices are read by several statements, each on a connection of its own, so that a large
 * batch uses several processors of the database.
 */
const SLICES_AT_ONCE = 125;

/** The key of a slice; instants as the caller sent them. */
export interface SliceKey {
  readonly audience: string;
  readonly from: string;
  readonly to: string;
}

/** The key of an item in one audience. */
export interface ItemKey {
  readonly ern: string;
  readonly audience: string;
}

/** The audiences of a user, and those of them that the user teaches. */
export interface MemberAudiences {
  readonly all: string[];
  readonly taught: string[];
}

/**
 * The loaders of one request. `Item` and `Entity` are the service's own types: what its `fields`
 * and `entities` select.
 */
export interface Schedule<Item extends object, Entity extends object> {
  readonly audiences: DataLoader<string, MemberAudiences>;
  readonly slices: DataLoader<SliceKey, AudienceSlice<Item>, string>;
  readonly items: DataLoader<ItemKey, Item | null, string>;
  readonly entities: DataLoader<string, Entity | null>;
  /** Whether a user attends or teaches a course. */
  readonly members: DataLoader<Member, boolean, string>;
}

/** A user and a course. */
export interface Member {
  readonly user: string;
  readonly course: string;
}

/** Creates the loaders. Call it once for each request, because they cache what they read. */
export function createSchedule<Item extends object, Entity extends object>(
  database: Database,
  definition: ScheduleDefinition,
): Schedule<Item, Entity> {
  const ownUsers = (keys: readonly { audience: string }[]) =>
    keys.map((key) => userOf(key.audience, definition.tenant));
  return {
    audiences: byKey(database, audiencesSql(definition), (row: MemberAudiences) => row, { all: [], taught: [] }),
    entities: byKey<Entity, Entity | null>(database, definition.entities, (row) => row, null),
    members: membersOf(database, definition),
    slices: new DataLoader(
      async (keys) => {
        const columns = [
          keys.map((key) => key.audience),
          ownUsers(keys),
          keys.map((key) => parseInstant(key.from)),
          keys.map((key) => parseInstant(key.to)),
        ];
        const slots = intoSlots(keys, await database.query<SliceRow>(slicesOf(definition), columns));
        return keys.map(({ audience }, n) => toSlice<Item>(slots[n]?.[0], audience));
      },
      { maxBatchSize: SLICES_AT_ONCE, cacheKeyFn: ({ audience, from, to }) => `${audience}|${from}|${to}` },
    ),
    items: new DataLoader(
      async (keys) => {
        const columns = [keys.map((key) => key.audience), ownUsers(keys), keys.map((key) => key.ern)];
        const slots = intoSlots(keys, await database.query<ItemRows>(itemsOf(definition), columns));
        return keys.map(({ audience }, n) => toItems<Item>(slots[n]?.[0], audience)[0] ?? null);
      },
      { cacheKeyFn: ({ ern, audience }) => `${ern}|${audience}` },
    ),
  };
}

function membersOf(database: Database, { schema }: ScheduleDefinition): DataLoader<Member, boolean, string> {
  const sql = `
    SELECT slot::int FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (user_id, course, slot)
    WHERE EXISTS (SELECT FROM ${schema}.enrollment m WHERE m.user_id = asked.user_id AND m.course = asked.course AND m.enrolled)
       OR EXISTS (SELECT FROM ${schema}.staff s WHERE s.user_id = asked.user_id AND s.course = asked.course)`;
  return new DataLoader(
    async (keys) => {
      const columns = [keys.map(({ user }) => user), keys.map(({ course }) => course)];
      return intoSlots(keys, await database.query<Slotted>(sql, columns)).map((rows) => rows.length > 0);
    },
    { cacheKeyFn: ({ user, course }) => `${user} ${course}` },
  );
}

/**
 * A loader over one statement that takes the keys as `$1::text[]`, further values after them, and
 * returns the key of each row in its column `key`.
 */
export function byKey<Row extends object, Value>(
  database: Database,
  sql: string,
  value: (row: Row) => Value,
  none: Value,
  values: readonly string[] = [],
): DataLoader<string, Value> {
  return new DataLoader(async (keys) => {
    const rows = await database.query<Row & { key: string }>(sql, [keys, ...values]);
    const found = new Map(rows.map((row) => [row.key, value(row)]));
    return keys.map((key) => found.get(key) ?? none);
  });
}

/** Each row has the number, from 1, of the key that it belongs to. */
interface Slotted {
  readonly slot: number;
}

function intoSlots<Row extends Slotted>(keys: readonly unknown[], rows: readonly Row[]): Row[][] {
  const slots: Row[][] = keys.map(() => []);
  for (const row of rows) slots[row.slot - 1]?.push(row);
  return slots;
}

function audiencesSql({ schema, completion }: ScheduleDefinition): string {
  return `
    SELECT user_id AS key, array_agg(DISTINCT audience COLLATE "C" ORDER BY audience COLLATE "C") AS "all",
      coalesce(array_agg(audience ORDER BY audience COLLATE "C") FILTER (WHERE is_taught), '{}') AS taught FROM (
      SELECT user_id, course, false FROM ${schema}.enrollment WHERE enrolled AND user_id = ANY($1::text[])
      UNION SELECT user_id, course, true FROM ${schema}.staff WHERE user_id = ANY($1::text[])
      UNION SELECT user_id, ${schema}.user_audience(user_id), false FROM unnest($1::text[]) AS asked (user_id)
        WHERE EXISTS (SELECT FROM ${schema}.override o WHERE o.user_id = asked.user_id)
      ${completion === undefined ? '' : `UNION SELECT user_id, ${schema}.user_audience(user_id), false FROM ${schema}.enrollment WHERE enrolled AND since IS NOT NULL AND user_id = ANY($1::text[])`}
    ) AS seen (user_id, audience, is_taught) GROUP BY user_id`;
}

/**
 * Dates are found by index: an item that overlaps [since, until) starts before its end and at most
 * the longest item's length before its start. An override has its item's dates; those with dates of
 * their own have another index.
 */
function slicesOf(definition: ScheduleDefinition): string {
  const { schema, fields, overrideEnd = OWN_END } = definition;
  const meets = (start: string, end: string) => overlaps(start, end, 'asked.since', 'asked.until');
  const inTime = (start: string, end: string) =>
    `${start} >= asked.since - (SELECT length FROM longest) AND ${meets(start, end)}`;
  const ofItem = inTime('i.starts_at', 'i.ends_at');
  const [itemStart, itemEnd] = ['o.item_starts_at', 'o.item_ends_at'];
  const rows = `
    SELECT ${itemColumns(fields)} ${fromItems(schema, ofItem)}
    UNION ALL
    SELECT ${overrideColumns(definition)} ${fromOverrides(schema, inTime(itemStart, itemEnd), IS_ATTENDED)}
    UNION ALL
    SELECT ${overrideColumns(definition)} ${fromOverrides(schema, HAS_OWN_DATES, isAttended(schema))}
    WHERE ${meets(`coalesce(o.starts_at, ${itemStart})`, `coalesce(${overrideEnd}, ${itemEnd})`)} AND NOT ${meets(itemStart, itemEnd)}
    ${earlierItems(definition, ofItem)}`;
  return `
    WITH asked AS (
      SELECT audience, user_id, since, until, slot::int, joined
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
        WITH ORDINALITY AS a (audience, user_id, since, until, slot), ${joinedLate(schema)}
    ), ${attended(schema)}, longest AS (
      SELECT coalesce(max(${ITEM_SECONDS}), 0) * interval '1 second' AS length FROM ${schema}.item
    ) SELECT asked.slot, ${revisionOf(schema)} AS revision, packed.* FROM asked CROSS JOIN LATERAL (${packed(fields, rows)}) packed`;
}

const HAS_DATES = '(o.starts_at IS NOT NULL OR o.ends_at IS NOT NULL)';
/** In time by its own dates; as in the index `override_own_dates`. */
const HAS_OWN_DATES = `${HAS_DATES}
  AND greatest(o.ends_at, o.item_ends_at) >= asked.since AND coalesce(o.starts_at, o.item_starts_at) < asked.until`;

/** The length of an item in seconds, as SQL; as in the index `item_length`. */
export const ITEM_SECONDS = 'extract(epoch FROM ends_at - starts_at)';

function itemsOf(definition: ScheduleDefinition): string {
  const { schema, fields } = definition;
  const rows = `
    SELECT ${itemColumns(fields)} ${fromItems(schema, 'i.ern = asked.ern')}
    UNION ALL
    SELECT ${overrideColumns(definition)} ${fromOverrides(schema, 'o.ern = asked.ern', isAttended(schema))}
    ${earlierItems(definition, 'i.ern = asked.ern')}`;
  return `
    WITH asked AS (
      SELECT audience, user_id, ern, slot::int, joined
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS a (audience, user_id, ern, slot), ${joinedLate(schema)}
    ) SELECT asked.slot, packed.* FROM asked CROSS JOIN LATERAL (${packed(fields, rows)}) packed`;
}

/**
 * Rows of a table by index, once for each row so far. OFFSET 0 keeps the planner from joining whole
 * tables, which it prefers when it takes the number of slices for larger than it is.
 */
function rowsOf(schema: string, table: string, alias: string, condition: string): string {
  return `LATERAL (SELECT * FROM ${schema}.${table} ${alias} WHERE ${condition} OFFSET 0) ${alias}`;
}

function fromItems(schema: string, condition: string): string {
  return `FROM ${rowsOf(schema, 'course', 'c', 'c.ern = asked.audience')},
    ${rowsOf(schema, 'item', 'i', `i.course = asked.audience AND ${condition}`)}`;
}

const COURSES = 'm.user_id = asked.user_id AND m.enrolled';

/** The courses that the user of `a` joined late, with the time, as one value. */
function joinedLate(schema: string): string {
  return `LATERAL (
    SELECT jsonb_object_agg(m.course, m.since) AS joined
    FROM ${schema}.enrollment m WHERE m.user_id = a.user_id AND m.enrolled AND m.since IS NOT NULL) late`;
}

/** A common table of the courses of the users of `asked`. */
function attended(schema: string): string {
  return `attended AS MATERIALIZED (SELECT asked.slot, m.course FROM asked, ${rowsOf(schema, 'enrollment', 'm', COURSES)})`;
}

/** Overrides survive a withdrawal, but are shown only while the user is enrolled. */
function fromOverrides(schema: string, condition: string, enrolled: string): string {
  return `FROM ${rowsOf(schema, 'override', 'o', `o.user_id = asked.user_id AND ${condition} AND ${enrolled}`)}`;
}

/**
 * For many overrides. IS TRUE keeps the planner from making a join of the condition: it looks each
 * override up in one hash table.
 */
const IS_ATTENDED = '((asked.slot, o.course) IN (SELECT slot, course FROM attended)) IS TRUE';

/** The same for a few. */
function isAttended(schema: string): string {
  return `EXISTS (SELECT FROM ${schema}.enrollment m WHERE ${COURSES} AND m.course = o.course OFFSET 0)`;
}

/**
 * SQL over an override `o` and its item `i`, null unless the condition on both holds. It looks the
 * item up: for the few overrides with dates of their own.
 */
export function ofItsItem(schema: string, expression: string, condition = 'true'): string {
  return `(SELECT ${expression} FROM ${schema}.item i WHERE i.ern = o.ern AND ${condition})`;
}

function itemColumns(fields: readonly ItemField[]): string {
  return `i.ern, ${plain('i.updated_at')} AS "updatedAt",
    json_build_object('title', i.title, 'startsAt', ${instant('i.starts_at')}, 'endsAt', ${instant('i.ends_at')},
      'course', ${courseValue('c')}, 'room', i.room) AS more
    ${fields.map(({ name, ofItem }) => `, ${ofItem} AS "${name}"`).join('')}`;
}

const OWN_END = 'o.ends_at';

/** Items that ended before the user was enrolled and that the user has no override of. */
function earlierItems({ schema, fields, completion }: ScheduleDefinition, condition: string): string {
  if (completion === undefined) return '';
  const columns = fields.map(({ name }) => (name === completion.field ? `, 'NOT_REQUIRED'` : ', null'));
  return `
    UNION ALL
    SELECT i.ern, ${plain('i.updated_at')}, null ${columns.join('')}
    FROM jsonb_each_text(asked.joined) AS m (course, since),
      ${rowsOf(schema, 'item', 'i', `i.course = m.course AND i.ends_at <= m.since::timestamptz AND ${condition}`)}
    WHERE NOT EXISTS (SELECT FROM ${schema}.override o WHERE o.user_id = asked.user_id AND o.ern = i.ern OFFSET 0)`;
}

/**
 * The revision of a slice: sums of when something was last moved (moves.ts), so that the order of
 * commits does not matter. A user's own slices follow the items of the user's courses too.
 */
function revisionOf(schema: string): string {
  const sumOf = (alias: string) => `(SELECT sum(extract(epoch FROM ${alias}.moved_at)) FROM`;
  const moved = (alias: string) => `${alias}.moved_at IS NOT NULL`;
  return `concat_ws('/',
    ${sumOf('i')} ${schema}.item i WHERE i.course = asked.audience AND ${moved('i')}),
    ${sumOf('o')} ${schema}.override o WHERE o.user_id = asked.user_id AND ${moved('o')}),
    ${sumOf('i')} ${rowsOf(schema, 'enrollment', 'm', COURSES)}, ${rowsOf(schema, 'item', 'i', `i.course = m.course AND ${moved('i')}`)}))`;
}

function overrideColumns({ fields, completion, overrideEnd = OWN_END }: ScheduleDefinition): string {
  const ownField = ({ name, ofOverride }: ItemField) =>
    name === completion?.field
      ? `CASE WHEN ${completion.isMissing} AND greatest(${overrideEnd}, o.item_ends_at) <= (asked.joined ->> o.course)::timestamptz THEN 'NOT_REQUIRED' ELSE ${ofOverride} END`
      : ofOverride;
  const ifMoved = (expression: string) =>
    `CASE WHEN o.starts_at <> o.item_starts_at OR ${overrideEnd} <> o.item_ends_at THEN ${expression} END`;
  return `o.ern, ${plain('o.updated_at')},
    CASE WHEN o.hidden OR ${HAS_DATES} THEN json_build_object('hidden', o.hidden, 'startsAt', ${instant('o.starts_at')},
      'endsAt', ${instant(overrideEnd)}, 'originalStartsAt', ${ifMoved(instant('o.item_starts_at'))},
      'originalEndsAt', ${ifMoved(instant('o.item_ends_at'))}, 'overrideReason', ${ifMoved('o.reason')}) END
    ${fields.map((field) => `, ${ownField(field)}`).join('')}`;
}

/** The entity after a write; NOT_FOUND if it has been deleted since. */
export async function readBack<Item extends object, Entity extends object>(
  schedule: Schedule<Item, Entity>,
  what: string,
  ern: string,
): Promise<Entity> {
  const entity = await schedule.entities.clear(ern).load(ern);
  if (entity === null) throw notFound(what, ern);
  return entity;
}
