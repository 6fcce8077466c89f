// An override repeats the course and the dates of its item: never others than the item has.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { copyItems } from '../../../src/services/shared/item-copies.ts';
import type { Services } from '../harness.ts';

const ITEM = 'ern:lms:course/1/assignment/1';
/** Overrides whose copies differ from their items. */
const DIFFERENT = `SELECT o.ern, o.user_id FROM assignment.override o JOIN assignment.item i ON i.ern = o.ern
  WHERE (o.course, o.item_starts_at, o.item_ends_at) IS DISTINCT FROM (i.course, i.starts_at, i.ends_at)`;

/** Registers the suite; `services` is asked when the tests run. */
export function describeItemCopies(services: () => Services): void {
  describe('the dates of an item in the overrides of it', () => {
    const run = (sql: string) => services().database.script(sql);
    const read = (sql: string) => services().database.query<Record<string, unknown>>(sql);
    const override = () =>
      read('SELECT updated_at::text AS updated, written_by AS by, hidden FROM assignment.override');
    const changes = async () => (await read('SELECT ern, audience FROM assignment.outbox ORDER BY audience')).length;

    beforeEach(async () => {
      await services().reset();
      await run(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
          VALUES ('${ITEM}', 'ern:lms:course/1', 'A', '2026-03-01T00:00Z', '2026-03-04T00:00Z');
        INSERT INTO assignment.override (ern, user_id, hidden) VALUES ('${ITEM}', 'student-1', true);`);
    });

    test('are those of the item when it is inserted, moved, or given to another course', async () => {
      expect(await read(DIFFERENT)).toEqual([]);
      await run(`UPDATE assignment.item SET starts_at = '2026-05-01T00:00Z', ends_at = '2026-05-02T00:00Z'`);
      expect(await read(DIFFERENT)).toEqual([]);
      await run(`UPDATE assignment.item SET course = 'ern:lms:course/2'`);
      expect(await read(DIFFERENT)).toEqual([]);
      expect(await read('SELECT course FROM assignment.override')).toEqual([{ course: 'ern:lms:course/2' }]);
    });

    test('change without a writer, without another `updatedAt`, and without a second change in the outbox', async () => {
      const before = await override();
      const told = await changes();
      await run(`UPDATE assignment.item SET ends_at = '2026-03-05T00:00Z'`);
      expect(await override()).toEqual(before);
      expect(await changes()).toBe(told + 2);
    });

    test('are told with the rest when the override itself is given to another item', async () => {
      await run(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
        VALUES ('${ITEM}2', 'ern:lms:course/2', 'B', '2026-06-01T00:00Z', '2026-06-04T00:00Z')`);
      const told = await changes();
      await run(`UPDATE assignment.override SET ern = '${ITEM}2'`);
      expect(await read(DIFFERENT)).toEqual([]);
      expect(await changes()).toBeGreaterThan(told);
    });

    test('are filled in for overrides of an earlier version', async () => {
      await run(`ALTER TABLE assignment.override DROP CONSTRAINT copied;
        UPDATE assignment.override SET course = null, item_starts_at = null, item_ends_at = null`);
      expect(await read(DIFFERENT)).toHaveLength(1);
      const before = await override();
      await run(copyItems('assignment'));
      expect(await read(DIFFERENT)).toEqual([]);
      expect(await override()).toEqual(before);
      await run(`ALTER TABLE assignment.override ADD CONSTRAINT copied CHECK (course IS NOT NULL) NOT VALID`);
    });
  });
}

/** On PostgreSQL, where two transactions run side by side. */
export function describeSimultaneousMove(services: () => Services): void {
  test('an override that is inserted while its item is moved has the dates after the move', async () => {
    const { database } = services();
    await services().reset();
    await database.script(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
      VALUES ('${ITEM}', 'ern:lms:course/1', 'A', '2026-03-01T00:00Z', '2026-03-04T00:00Z')`);
    let inserting: Promise<void> | undefined;
    await database.transaction(async (tx) => {
      await tx.query(`UPDATE assignment.item SET ends_at = '2026-03-09T00:00Z'`);
      inserting = database.script(`INSERT INTO assignment.override (ern, user_id) VALUES ('${ITEM}', 'student-1')`);
      const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO assignment.override%'`;
      while ((await database.query(waits)).length === 0);
    });
    await inserting;
    expect(await database.query(DIFFERENT)).toEqual([]);
    expect(await database.query('SELECT FROM assignment.override')).toHaveLength(1);
  });
}
