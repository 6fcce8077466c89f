// The tables that every service has in its SQL schema: courses, staff, enrollments, items, and
// overrides (a user's own values). Services add columns to items and overrides.
import type { SubgraphName } from '../../schema.ts';
import {
  notifyListenersOnly,
  outboxTables,
  outboxTriggers,
  truncateTriggers,
  type UserTable,
} from '../outbox/triggers.ts';
import { seedCourses, type Term } from '../sample-data/term.ts';
import type { Statements } from '../storage/database.ts';
import type { Migration } from '../storage/migrations.ts';
import { copiedColumns, copiesIndex, copyItems } from './item-copies.ts';
import { moves, movesBetweenMonths } from './moves.ts';
import { ITEM_SECONDS } from './schedule.ts';

/** What a service adds to the common tables. */
export interface ServiceTables {
  /** SQL schema, and the service's name. */
  readonly schema: Exclude<SubgraphName, 'calendar'>;
  /** Further columns of `item`. */
  readonly itemColumns: readonly string[];
  /** Further columns of `override`. */
  readonly overrideColumns: readonly string[];
  /** Further tables, as SQL; empty if there are none. */
  readonly more: string;
  /** The second version of the further tables, as SQL. Default nothing. */
  readonly second?: string;
  /** The sixth and the seventh version of the service's own part, as SQL. Default nothing. */
  readonly sixth?: string;
  readonly seventh?: string;
  /** The further tables that a user's visibility depends on. */
  readonly userTables: readonly UserTable[];
  /** Inserts items and overrides of the sample data. */
  readonly seed: (tx: Statements, term: Term) => Promise<void>;
}

/**
 * Creates missing tables, inserts sample data if `term` is given and there is no course yet, then
 * creates references and triggers: sample data is valid and causes no changes, and checking it row
 * by row would double the time to start. Run it in a transaction.
 */
export async function prepareTables(
  tx: Statements,
  tables: ServiceTables,
  tenant: string,
  term: Term | null,
): Promise<void> {
  const { schema } = tables;
  await tx.script(tableDefinitions(tables) + outboxTables(schema, tenant));
  if (term !== null && (await isEmpty(tx, schema))) {
    await seedCourses(tx, schema, term);
    await tables.seed(tx, term);
    await tx.query(`SELECT setval('${schema}.item_number', greatest((SELECT count(*) FROM ${schema}.item), 1))`);
  }
  await tx.script(references(schema) + outboxTriggers(schema, tables.userTables));
}

/** The versions of a service's tables; the first one has the sample data if `term` is given. */
export function migrationsOf(tables: ServiceTables, tenant: string, term: Term | null): readonly Migration[] {
  const { schema, second = '', sixth = '', seventh = '' } = tables;
  return [
    (tx) => prepareTables(tx, tables, tenant, term),
    (tx) => tx.script(notifyListenersOnly(schema) + second),
    (tx) => tx.script(audit(schema)),
    // The fourth: when items were moved; and who wrote the service's further tables.
    (tx) => tx.script(moves(schema) + tables.userTables.map(({ table }) => signed(schema, table)).join('')),
    (tx) => tx.script(truncateTriggers(schema, tables.userTables)),
    (tx) => tx.script(sixth),
    (tx) => tx.script(seventh),
    (tx) => tx.script(copiedColumns(schema)),
    (tx) => tx.script(copyItems(schema)),
    (tx) => tx.script(copiesIndex(schema)),
    (tx) => tx.script(sliceIndexes(schema)),
    (tx) => tx.script(movesBetweenMonths(schema)),
  ];
}

/**
 * The third version: who wrote a row and when. The transaction says who (see `within`); rows of
 * sample data and of scripts have nobody.
 */
function audit(schema: string): string {
  const tables = ['item', 'override', 'enrollment', 'staff', 'staff_revision'];
  return `
    CREATE OR REPLACE FUNCTION ${schema}.sign() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.written_by := nullif(current_setting('calendar.writer', true), '');
      NEW.written_at := clock_timestamp();
      RETURN NEW;
    END $$;
    ${tables.map((table) => signed(schema, table)).join('')}`;
}

function signed(schema: string, table: string): string {
  return `
    ALTER TABLE ${schema}.${table} ADD COLUMN IF NOT EXISTS written_by text, ADD COLUMN IF NOT EXISTS written_at timestamptz;
    CREATE OR REPLACE TRIGGER sign BEFORE INSERT OR UPDATE ON ${schema}.${table}
      FOR EACH ROW EXECUTE FUNCTION ${schema}.sign();`;
}

/**
 * The eleventh version: a student's courses, and the overrides in time by their own dates, are in
 * indexes. Writers of both tables wait while they are built.
 */
function sliceIndexes(schema: string): string {
  return `
    CREATE INDEX IF NOT EXISTS enrollment_courses ON ${schema}.enrollment (user_id) INCLUDE (course, since) WHERE enrolled;
    CREATE INDEX IF NOT EXISTS override_own_dates ON ${schema}.override
      (user_id, greatest(ends_at, item_ends_at), coalesce(starts_at, item_starts_at))
      WHERE starts_at IS NOT NULL OR ends_at IS NOT NULL;
    DROP INDEX IF EXISTS ${schema}.override_dates;`;
}

async function isEmpty(tx: Statements, schema: string): Promise<boolean> {
  return (await tx.query(`SELECT FROM ${schema}.course LIMIT 1`)).length === 0;
}

function tableDefinitions(tables: ServiceTables): string {
  return `
    SET LOCAL client_min_messages = warning;
    ${courseTables(tables.schema)}
    ${itemTables(tables)}
    ${tables.more}`;
}

/** Courses, and who teaches and takes them. */
function courseTables(schema: string): string {
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.course (
      ern text PRIMARY KEY,
      title text NOT NULL,
      color text NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$'),
      teacher text
    );
    CREATE TABLE IF NOT EXISTS ${schema}.staff (
      course text NOT NULL,
      user_id text NOT NULL,
      PRIMARY KEY (user_id, course)
    );
    CREATE TABLE IF NOT EXISTS ${schema}.enrollment (
      course text NOT NULL,
      user_id text NOT NULL,
      enrolled boolean NOT NULL,
      revision int NOT NULL,
      since timestamptz,
      PRIMARY KEY (user_id, course)
    );
    ${addColumn(schema, 'enrollment', 'since', 'timestamptz')}
    CREATE TABLE IF NOT EXISTS ${schema}.staff_revision (
      course text NOT NULL,
      user_id text NOT NULL,
      revision int NOT NULL,
      PRIMARY KEY (user_id, course)
    );
    CREATE INDEX IF NOT EXISTS enrollment_course ON ${schema}.enrollment (course);`;
}

function itemTables({ schema, itemColumns, overrideColumns }: ServiceTables): string {
  return `
    CREATE SEQUENCE IF NOT EXISTS ${schema}.item_number;
    CREATE TABLE IF NOT EXISTS ${schema}.item (
      ern text PRIMARY KEY,
      course text NOT NULL,
      title text NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      room text,
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ${itemColumns.map((column) => `${column},`).join('\n')}
      CHECK (ends_at >= starts_at)
    );
    CREATE INDEX IF NOT EXISTS item_dates ON ${schema}.item (course, starts_at, ends_at);
    CREATE INDEX IF NOT EXISTS item_length ON ${schema}.item ((${ITEM_SECONDS}));
    CREATE TABLE IF NOT EXISTS ${schema}.override (
      ern text NOT NULL,
      user_id text NOT NULL,
      starts_at timestamptz,
      ends_at timestamptz,
      reason text,
      hidden boolean NOT NULL DEFAULT false,
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ${overrideColumns.map((column) => `${column},`).join('\n')}
      PRIMARY KEY (user_id, ern)
    );
    CREATE INDEX IF NOT EXISTS override_item ON ${schema}.override (ern);
    CREATE INDEX IF NOT EXISTS override_dates ON ${schema}.override (user_id)
      WHERE starts_at IS NOT NULL OR ends_at IS NOT NULL;`;
}

/** A column that earlier versions did not have. Takes a lock only when it is missing. */
function addColumn(schema: string, table: string, column: string, type: string): string {
  return `
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '${schema}.${table}'::regclass AND attname = '${column}') THEN
        ALTER TABLE ${schema}.${table} ADD COLUMN ${column} ${type};
      END IF;
    END $$;`;
}

/** Either all of them exist or none. */
function references(schema: string): string {
  return `
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'of_item' AND connamespace = '${schema}'::regnamespace) THEN
        ALTER TABLE ${schema}.staff ADD CONSTRAINT of_course FOREIGN KEY (course) REFERENCES ${schema}.course;
        ALTER TABLE ${schema}.enrollment ADD CONSTRAINT of_course FOREIGN KEY (course) REFERENCES ${schema}.course;
        ALTER TABLE ${schema}.item ADD CONSTRAINT of_course FOREIGN KEY (course) REFERENCES ${schema}.course;
        ALTER TABLE ${schema}.override ADD CONSTRAINT of_item FOREIGN KEY (ern) REFERENCES ${schema}.item;
      END IF;
    END $$;`;
}
