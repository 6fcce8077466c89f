// The outbox: changes, written by triggers in the transaction of the write, so that no write can
// miss it. A row names an audience and a span; without a span: everything of the audience.
import type { Database, Statements } from '../storage/database.ts';

/** A table whose rows each belong to one user, named by the column `user`. */
export interface UserTable {
  readonly table: string;
  readonly user: string;
}

/** Older cursors may have lost changes. It is longer than any feed should be away. */
const RETENTION = "interval '1 hour'";

/** The NOTIFY channel of new outbox rows. */
export const outboxChannel = (schema: string): string => `${schema}_outbox`;

/**
 * The tables of the outbox. `epoch` distinguishes this log from others whose numbers start the
 * same.
 */
export function outboxTables(schema: string, tenant: string): string {
  return `
    CREATE TABLE IF NOT EXISTS ${schema}.outbox (
      id bigint GENERATED ALWAYS AS IDENTITY,
      ern text NOT NULL,
      audience text NOT NULL,
      starts_at timestamptz,
      ends_at timestamptz,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      PRIMARY KEY (txid, id)
    );
    CREATE TABLE IF NOT EXISTS ${schema}.outbox_state (
      epoch text NOT NULL,
      trimmed xid8 NOT NULL,
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
    );
    INSERT INTO ${schema}.outbox_state VALUES (left(gen_random_uuid()::text, 8), '0') ON CONFLICT DO NOTHING;
    -- Said when the transaction commits, once however many rows it wrote, to who listens (the relay).
    CREATE OR REPLACE FUNCTION ${schema}.outbox_said() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_notify('${outboxChannel(schema)}', '');
      RETURN null;
    END $$;
    CREATE OR REPLACE TRIGGER said AFTER INSERT ON ${schema}.outbox
      FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.outbox_said();
    CREATE OR REPLACE FUNCTION ${schema}.user_audience(user_id text) RETURNS text
      LANGUAGE sql IMMUTABLE AS $$ SELECT 'ern:${tenant}:user/' || CASE
        WHEN user_id ~ '^[A-Za-z0-9._~@-]+$' THEN user_id
        ELSE (SELECT string_agg(CASE WHEN c ~ '[A-Za-z0-9._~@-]' THEN c
                ELSE regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\\1', 'g') END, '' ORDER BY n)
              FROM regexp_split_to_table(user_id, '') WITH ORDINALITY AS characters (c, n)) END $$;`;
}

/**
 * The second version: NOTIFY, which every write would pay for, only while somebody said that they
 * listen.
 */
export function notifyListenersOnly(schema: string): string {
  return `
    ALTER TABLE ${schema}.outbox_state ADD COLUMN IF NOT EXISTS listened_until timestamptz;
    CREATE OR REPLACE FUNCTION ${schema}.outbox_said() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM ${schema}.outbox_state WHERE listened_until > clock_timestamp()) THEN
        PERFORM pg_notify('${outboxChannel(schema)}', '');
      END IF;
      RETURN null;
    END $$;`;
}

/**
 * The fifth version: TRUNCATE, which fires no row triggers, says beforehand that everything of all
 * courses and users changes.
 */
export function truncateTriggers(schema: string, userTables: readonly UserTable[]): string {
  const tables = ['course', 'staff', 'enrollment', 'item', 'override', ...userTables.map(({ table }) => table)];
  const users = [
    ...['staff', 'enrollment', 'override'].map((table) => `SELECT user_id FROM ${schema}.${table}`),
    ...userTables.map(({ table, user }) => `SELECT ${user} FROM ${schema}.${table}`),
  ];
  return `
    CREATE OR REPLACE FUNCTION ${schema}.table_goes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.outbox (ern, audience)
      SELECT ern, ern FROM ${schema}.course
      UNION SELECT own, own FROM (${users.join(' UNION ')}) AS known (user_id), ${schema}.user_audience(user_id) AS own;
      RETURN null;
    END $$;
    ${tables
      .map(
        (table) => `
    CREATE OR REPLACE TRIGGER goes_whole BEFORE TRUNCATE ON ${schema}.${table}
      FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.table_goes();`,
      )
      .join('')}`;
}

/** Says that somebody listens to the channel, for the next `ms`. */
export async function sayListening(db: Database, schema: string, ms: number): Promise<void> {
  const sql = `UPDATE ${schema}.outbox_state SET listened_until = clock_timestamp() + $1::float8 * interval '1 ms'`;
  await db.transaction((tx) => tx.query(sql, [ms]));
}

/**
 * Deletes changes older than an hour and records that. Rows of the time of a running transaction
 * stay: cursors given since then reach back to its start and would all expire.
 */
export async function trimOutbox(db: Statements, schema: string): Promise<void> {
  await db.query(
    `WITH gone AS (
       DELETE FROM ${schema}.outbox
       WHERE at < now() - ${RETENTION} AND txid < pg_snapshot_xmin(pg_current_snapshot()) RETURNING txid
     )
     UPDATE ${schema}.outbox_state SET trimmed = greatest(
       CASE WHEN trimmed < pg_snapshot_xmax(pg_current_snapshot()) THEN trimmed END,
       (SELECT txid FROM gone ORDER BY txid DESC LIMIT 1))
     WHERE EXISTS (SELECT FROM gone)`,
  );
}

/** The triggers. OLD is null in an insert, NEW in a delete; least and greatest ignore nulls. */
export function outboxTriggers(schema: string, userTables: readonly UserTable[]): string {
  const memberships = [{ table: 'staff', user: 'user_id' }, { table: 'enrollment', user: 'user_id' }, ...userTables];
  return `
    ${itemFunctions(schema)}
    ${audienceFunctions(schema)}

    CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON ${schema}.item FOR EACH ROW EXECUTE FUNCTION ${schema}.touch();
    CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON ${schema}.override FOR EACH ROW EXECUTE FUNCTION ${schema}.touch();
    CREATE OR REPLACE TRIGGER goes BEFORE DELETE ON ${schema}.item FOR EACH ROW EXECUTE FUNCTION ${schema}.item_goes();
    CREATE OR REPLACE TRIGGER first BEFORE INSERT ON ${schema}.override
      FOR EACH ROW EXECUTE FUNCTION ${schema}.own_audience_changed();
    CREATE OR REPLACE TRIGGER last AFTER DELETE ON ${schema}.override
      FOR EACH ROW EXECUTE FUNCTION ${schema}.own_audience_changed();
    ${changed(schema, 'item', 'item_changed()')}
    ${changed(schema, 'override', 'override_changed()')}
    ${changed(schema, 'course', 'course_changed()')}
    ${memberships.map(({ table, user }) => changed(schema, table, `membership_changed('${user}')`)).join('\n')}`;
}

/** Triggers of items and overrides. */
function itemFunctions(schema: string): string {
  return `
    CREATE OR REPLACE FUNCTION ${schema}.touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.updated_at := clock_timestamp();
      RETURN NEW;
    END $$;

    -- Before the item is deleted, so that the trigger on its overrides still finds its dates.
    CREATE OR REPLACE FUNCTION ${schema}.item_goes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM ${schema}.override WHERE ern = OLD.ern;
      RETURN OLD;
    END $$;

    -- Also for users with an override: their slice lists the item by the course's dates as well.
    CREATE OR REPLACE FUNCTION ${schema}.item_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.outbox (ern, audience, starts_at, ends_at)
      SELECT changed.ern, changed.audience,
             least(OLD.starts_at, NEW.starts_at, changed.starts_at), greatest(OLD.ends_at, NEW.ends_at, changed.ends_at)
      FROM (SELECT OLD.ern, OLD.course, null::timestamptz, null::timestamptz
            UNION SELECT NEW.ern, NEW.course, null, null
            UNION SELECT ern, ${schema}.user_audience(user_id), starts_at, ends_at
            FROM ${schema}.override WHERE ern IN (OLD.ern, NEW.ern)
           ) AS changed (ern, audience, starts_at, ends_at)
      WHERE changed.ern IS NOT NULL;
      RETURN null;
    END $$;

    CREATE OR REPLACE FUNCTION ${schema}.override_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.outbox (ern, audience, starts_at, ends_at)
      SELECT changed.ern, ${schema}.user_audience(changed.user_id),
             least(OLD.starts_at, NEW.starts_at, i.starts_at), greatest(OLD.ends_at, NEW.ends_at, i.ends_at)
      FROM (SELECT OLD.ern, OLD.user_id UNION SELECT NEW.ern, NEW.user_id) AS changed (ern, user_id)
      JOIN ${schema}.item i ON i.ern = changed.ern;
      RETURN null;
    END $$;`;
}

/** Triggers of what changes a user's list of audiences, or a course for all its users. */
function audienceFunctions(schema: string): string {
  return `
    -- The first override of a user and the deletion of the last one change the user's list of
    -- audiences. Before an insert, where the first of several rows sees none; after a delete, where
    -- the last one sees none.
    CREATE OR REPLACE FUNCTION ${schema}.own_audience_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      own text := ${schema}.user_audience(coalesce(NEW.user_id, OLD.user_id));
    BEGIN
      IF NOT EXISTS (SELECT FROM ${schema}.override WHERE user_id = coalesce(NEW.user_id, OLD.user_id)) THEN
        INSERT INTO ${schema}.outbox (ern, audience) VALUES (own, own);
      END IF;
      RETURN NEW;
    END $$;

    CREATE OR REPLACE FUNCTION ${schema}.course_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.outbox (ern, audience)
      SELECT ern, ern FROM (SELECT OLD.ern UNION SELECT NEW.ern) AS changed (ern) WHERE ern IS NOT NULL;
      RETURN null;
    END $$;

    -- The argument is the column that names the user.
    CREATE OR REPLACE FUNCTION ${schema}.membership_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.outbox (ern, audience)
      SELECT own, own FROM (
        SELECT ${schema}.user_audience(to_jsonb(OLD) ->> TG_ARGV[0]) UNION
        SELECT ${schema}.user_audience(to_jsonb(NEW) ->> TG_ARGV[0])
      ) AS changed (own) WHERE own IS NOT NULL;
      RETURN null;
    END $$;`;
}

function changed(schema: string, table: string, call: string): string {
  return `CREATE OR REPLACE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON ${schema}.${table}
    FOR EACH ROW EXECUTE FUNCTION ${schema}.${call};`;
}
