// When items and overrides were last moved, for the revisions of slices (`revisionOf` in
// schedule.ts). Only a move that may have been over a month's end counts: slices are months, and no
// other move can put an item into a slice or out of one. In which time zone the months are is not
// known here, so moves near a month's end count as well.

/** No time zone is further from UTC. */
const FURTHEST_ZONE = `interval '1 day'`;

/** For version 4 of the tables: every move counts. */
export function moves(schema: string): string {
  const ofTable = (table: string, owner: string) => `
    ALTER TABLE ${schema}.${table} ADD COLUMN IF NOT EXISTS moved_at timestamptz;
    CREATE INDEX IF NOT EXISTS ${table}_moves ON ${schema}.${table} (${owner}) WHERE moved_at IS NOT NULL;
    ${trigger(schema, table, IS_MOVED)}`;
  return `
    CREATE OR REPLACE FUNCTION ${schema}.moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.moved_at := clock_timestamp();
      RETURN NEW;
    END $$;
    ${ofTable('item', 'course')}
    ${ofTable('override', 'user_id')}`;
}

/**
 * For version 12 of the tables: a move does not count if the start stays in its month, and the end
 * too, in every time zone. An override is listed by its item's dates as well.
 */
export function movesBetweenMonths(schema: string): string {
  const isWithinMonth = (...columns: string[]) =>
    `${schema}.within_month(${columns.flatMap((column) => [`OLD.${column}`, `NEW.${column}`]).join(', ')})`;
  const isBetween = (starts: string[], ends: string[]) =>
    `${IS_MOVED} AND NOT (${isWithinMonth(...starts)} AND ${isWithinMonth(...ends)})`;
  return `
    CREATE OR REPLACE FUNCTION ${schema}.within_month(VARIADIC instants timestamptz[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
      SELECT date_trunc('month', (min(instant) - ${FURTHEST_ZONE}) AT TIME ZONE 'UTC')
           = date_trunc('month', (max(instant) + ${FURTHEST_ZONE}) AT TIME ZONE 'UTC') FROM unnest(instants) instant
    $$;
    ${trigger(schema, 'item', isBetween(['starts_at'], ['ends_at']))}
    ${trigger(schema, 'override', isBetween(['starts_at', 'item_starts_at'], ['ends_at', 'item_ends_at']))}`;
}

const IS_MOVED = '(OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at)';

function trigger(schema: string, table: string, condition: string): string {
  return `
    CREATE OR REPLACE TRIGGER moves BEFORE UPDATE ON ${schema}.${table} FOR EACH ROW
      WHEN (${condition}) EXECUTE FUNCTION ${schema}.moves();`;
}
