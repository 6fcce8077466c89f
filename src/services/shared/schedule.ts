// The reading side of a service: audiences, slices and items by the kind, one statement for all of
// a request's questions of a kind. A schedule is the course's items, and for a user's own audience
// the overrides of the courses the user attends.
import DataLoader from 'dataloader';
import type { Database } from '../storage/database.ts';
import { courseValue, instant, overlaps } from '../storage/sql.ts';
import { notFound } from './access.ts';
import { userOf } from './names.ts';
import { parseInstant } from './scalars.ts';

/**
 * What a service's items have beyond what all have: a field of its GraphQL item type, as SQL for
 * either kind of row.
 */
export interface ItemField {
  readonly name: string;
  /** Over `i`, the item. */
  readonly ofItem: string;
  /** Over `o`, the override, and `i`, the item it is of. */
  readonly ofOverride: string;
}

/** What a service's schedule consists of. */
export interface ScheduleDefinition {
  readonly schema: string;
  readonly tenant: string;
  readonly fields: readonly ItemField[];
  /**
   * A SELECT of the public entities named in `$1::text[]`, with the name again in a column `key`.
   */
  readonly entities: string;
}

/** One slice asked for; instants as the caller wrote them. */
export interface SliceKey {
  readonly audience: string;
  readonly from: string;
  readonly to: string;
}

/** One item asked for, as one audience has it. */
export interface ItemKey {
  readonly ern: string;
  readonly audience: string;
}

/**
 * The loaders of one request. `Item` and `Entity` are the service's own types: what its `fields`
 * and `entities` select.
 */
export interface Schedule<Item extends object, Entity extends object> {
  readonly audiences: DataLoader<string, string[]>;
  readonly slices: DataLoader<SliceKey, Item[], string>;
  readonly items: DataLoader<ItemKey, Item | null, string>;
  readonly entities: DataLoader<string, Entity | null>;
}

/** Makes the loaders; call it once per request, because they remember what they read. */
export function createSchedule<Item extends object, Entity extends object>(
  database: Database,
  definition: ScheduleDefinition,
): Schedule<Item, Entity> {
  const ownUsers = (keys: readonly { audience: string }[]) =>
    keys.map((key) => userOf(key.audience, definition.tenant));
  return {
    audiences: byKey(database, audiencesOf(definition.schema), (row: { audiences: string[] }) => row.audiences, []),
    entities: byKey<Entity, Entity | null>(database, definition.entities, (row) => row, null),
    slices: new DataLoader(
      async (keys) => {
        const columns = [
          keys.map((key) => key.audience),
          ownUsers(keys),
          keys.map((key) => parseInstant(key.from)),
          keys.map((key) => parseInstant(key.to)),
        ];
        return intoSlots(keys, await database.query<Item & Slotted>(slicesOf(definition), columns));
      },
      { cacheKeyFn: ({ audience, from, to }) => `${audience}|${from}|${to}` },
    ),
    items: new DataLoader(
      async (keys) => {
        const columns = [keys.map((key) => key.audience), ownUsers(keys), keys.map((key) => key.ern)];
        const slots = intoSlots(keys, await database.query<Item & Slotted>(itemsOf(definition), columns));
        return slots.map(([item]) => item ?? null);
      },
      { cacheKeyFn: ({ ern, audience }) => `${ern}|${audience}` },
    ),
  };
}

/**
 * A loader over one statement that takes the keys as `$1::text[]` and says in its column `key`
 * whose a row is.
 */
export function byKey<Row extends object, Value>(
  database: Database,
  sql: string,
  value: (row: Row) => Value,
  none: Value,
): DataLoader<string, Value> {
  return new DataLoader(async (keys) => {
    const rows = await database.query<Row & { key: string }>(sql, [keys]);
    const found = new Map(rows.map((row) => [row.key, value(row)]));
    return keys.map((key) => found.get(key) ?? none);
  });
}

/** Rows say by number, from 1, which of the keys they answer. */
interface Slotted {
  readonly slot: number;
}

function intoSlots<Row extends Slotted>(keys: readonly unknown[], rows: readonly Row[]): Row[][] {
  const slots: Row[][] = keys.map(() => []);
  for (const row of rows) slots[row.slot - 1]?.push(row);
  return slots;
}

function audiencesOf(schema: string): string {
  return `
    SELECT user_id AS key, array_agg(audience ORDER BY audience COLLATE "C") AS audiences FROM (
      SELECT user_id, course FROM ${schema}.enrollment WHERE enrolled AND user_id = ANY($1::text[])
      UNION SELECT user_id, course FROM ${schema}.staff WHERE user_id = ANY($1::text[])
      UNION SELECT user_id, ${schema}.user_audience(user_id) FROM ${schema}.override WHERE user_id = ANY($1::text[])
    ) AS seen (user_id, audience) GROUP BY user_id`;
}

function slicesOf({ schema, fields }: ScheduleDefinition): string {
  const meets = (start: string, end: string) => overlaps(start, end, 'asked.since', 'asked.until');
  return `
    WITH asked AS (
      SELECT audience, user_id, since, until, slot::int
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
        WITH ORDINALITY AS a (audience, user_id, since, until, slot)
    )
    SELECT ${itemColumns(fields)} ${fromItems(schema)} AND ${meets('i.starts_at', 'i.ends_at')}
    UNION ALL
    SELECT ${overrideColumns(fields)} ${fromOverrides(schema)}
    WHERE ${meets('i.starts_at', 'i.ends_at')}
       OR ${meets('coalesce(o.starts_at, i.starts_at)', 'coalesce(o.ends_at, i.ends_at)')}
    ORDER BY 1, "startsAt", ern`;
}

function itemsOf({ schema, fields }: ScheduleDefinition): string {
  return `
    WITH asked AS (
      SELECT audience, user_id, ern, slot::int
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS a (audience, user_id, ern, slot)
    )
    SELECT ${itemColumns(fields)} ${fromItems(schema)} AND i.ern = asked.ern
    UNION ALL
    SELECT ${overrideColumns(fields)} ${fromOverrides(schema)} AND o.ern = asked.ern`;
}

function fromItems(schema: string): string {
  return `FROM asked JOIN ${schema}.course c ON c.ern = asked.audience JOIN ${schema}.item i ON i.course = asked.audience`;
}

/** Overrides outlive a withdrawal, but are shown only while the user attends the course. */
function fromOverrides(schema: string): string {
  return `FROM asked JOIN ${schema}.override o ON o.user_id = asked.user_id JOIN ${schema}.item i ON i.ern = o.ern
    JOIN ${schema}.enrollment m ON m.course = i.course AND m.user_id = o.user_id AND m.enrolled`;
}

function itemColumns(fields: readonly ItemField[]): string {
  return `asked.slot, i.ern, asked.audience, i.title, ${instant('i.starts_at')} AS "startsAt", ${instant('i.ends_at')} AS "endsAt",
    ${courseValue('c')} AS course, i.room, ${instant('i.updated_at')} AS "updatedAt", false AS hidden,
    null::text AS "originalStartsAt", null::text AS "originalEndsAt", null::text AS "overrideReason"
    ${fields.map(({ name, ofItem }) => `, ${ofItem} AS "${name}"`).join('')}`;
}

function overrideColumns(fields: readonly ItemField[]): string {
  const ifMoved = (expression: string) =>
    `CASE WHEN o.starts_at <> i.starts_at OR o.ends_at <> i.ends_at THEN ${expression} END`;
  return `asked.slot, i.ern, asked.audience, null, ${instant('o.starts_at')}, ${instant('o.ends_at')},
    null, null, ${instant('o.updated_at')}, o.hidden,
    ${ifMoved(instant('i.starts_at'))}, ${ifMoved(instant('i.ends_at'))}, ${ifMoved('o.reason')}
    ${fields.map(({ ofOverride }) => `, ${ofOverride}`).join('')}`;
}

/** The entity as it is after a write; NOT_FOUND when somebody took it away meanwhile. */
export async function readBack<Item extends object, Entity extends object>(
  schedule: Schedule<Item, Entity>,
  what: string,
  ern: string,
): Promise<Entity> {
  const entity = await schedule.entities.clear(ern).load(ern);
  if (entity === null) throw notFound(what, ern);
  return entity;
}
