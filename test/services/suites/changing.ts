// The outbox after every kind of write, and the cursor that reads it.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { trimOutbox } from '../../../src/services/outbox/triggers.ts';
import { eventually } from '../../harness/eventually.ts';
import { CALENDAR, type Services } from '../harness.ts';

const C1 = 'ern:lms:course/1';
const C2 = 'ern:lms:course/2';
const A1 = `${C1}/assignment/1`;
const S1 = 'ern:lms:user/student-1';

interface Page {
  readonly cursor: string;
  readonly changes: readonly { ern: string; audience: string; from: string | null; to: string | null; at: string }[];
}

/** Registers the suite; `services` is asked when the tests run. */
export function describeChanging(services: () => Services): void {
  describe('the outbox', () => {
    const run = (sql: string) => services().database.script(sql);
    const changes = async (since?: string) =>
      (
        await services().ask<{ page: Page }>(
          'assignment',
          CALENDAR,
          'query ($since: String) { page: assignmentChanges(since: $since) { cursor changes { ern audience from to at } } }',
          { since },
        )
      ).page;
    /** What is said of a write: audience and dates, as `MM-DD`. */
    const said = async (sql: string) => {
      const { cursor } = await changes();
      await run(sql);
      const { changes: after } = await changes(cursor);
      return after
        .map(({ ern, audience, from, to }) => [ern, audience, from?.slice(5, 10) ?? null, to?.slice(5, 10) ?? null])
        .sort((a, b) => (String(a) < String(b) ? -1 : 1));
    };
    const addItem = `INSERT INTO assignment.item (ern, course, title, starts_at, ends_at) VALUES ('${A1}', '${C1}', '과제', '2026-03-02Z', '2026-03-09Z')`;
    const addOverride = `INSERT INTO assignment.override (ern, user_id, ends_at) VALUES ('${A1}', 'student-1', '2026-04-05Z')`;

    beforeEach(() => services().reset());

    test('reports created, moved and deleted items with their course, and both spans of a move', async () => {
      expect(await said(addItem)).toEqual([[A1, C1, '03-02', '03-09']]);
      expect(await said(`UPDATE assignment.item SET starts_at = '2026-04-02Z', ends_at = '2026-04-09Z'`)).toEqual([
        [A1, C1, '03-02', '04-09'],
      ]);
      expect(await said(`UPDATE assignment.item SET title = '다른 과제'`)).toEqual([[A1, C1, '04-02', '04-09']]);
      expect(await said(`UPDATE assignment.item SET course = '${C2}'`)).toEqual([
        [A1, C1, '04-02', '04-09'],
        [A1, C2, '04-02', '04-09'],
      ]);
      expect(await said(`DELETE FROM assignment.item`)).toEqual([[A1, C2, '04-02', '04-09']]);
    });

    test('reports every course and user before a table is truncated', async () => {
      await run(addItem);
      const names = new Set((await said('TRUNCATE assignment.item CASCADE')).map(([, audience]) => audience));
      for (const audience of [C1, C2, S1, 'ern:lms:user/student-2', 'ern:lms:user/teacher-1']) {
        expect(names).toContain(audience);
      }
    });

    test('reports an override with its user, its own dates and the course’s', async () => {
      await run(
        `${addItem}; INSERT INTO assignment.item (ern, course, title, starts_at, ends_at) VALUES ('${C1}/assignment/2', '${C1}', '과제', '2026-05-02Z', '2026-05-09Z')`,
      );
      await run(`INSERT INTO assignment.override (ern, user_id) VALUES ('${C1}/assignment/2', 'student-1')`);
      expect(await said(addOverride)).toEqual([[A1, S1, '03-02', '04-05']]);
      expect(await said(`UPDATE assignment.override SET ends_at = '2026-02-01Z' WHERE ern = '${A1}'`)).toEqual([
        [A1, S1, '03-02', '04-05'],
      ]);
      expect(
        await said(`UPDATE assignment.override SET submission = 'LATE', ends_at = null WHERE ern = '${A1}'`),
      ).toEqual([[A1, S1, '03-02', '03-09']]);
      expect(await said(`DELETE FROM assignment.override WHERE ern = '${A1}'`)).toEqual([[A1, S1, '03-02', '03-09']]);
    });

    test('reports a moved or deleted item to the users with an override', async () => {
      await run(
        `${addItem}; ${addOverride}; INSERT INTO assignment.override (ern, user_id) VALUES ('${A1}', 'student-2')`,
      );
      expect(await said(`UPDATE assignment.item SET starts_at = '2026-02-02Z'`)).toEqual([
        [A1, C1, '02-02', '03-09'],
        [A1, S1, '02-02', '04-05'],
        [A1, 'ern:lms:user/student-2', '02-02', '03-09'],
      ]);
      const gone = await said('DELETE FROM assignment.item');
      expect(gone).toContainEqual([A1, S1, '02-02', '04-05']);
      expect(gone).toContainEqual([A1, C1, '02-02', '03-09']);
    });

    test('reports the first and the last override of a user as a change of the audiences', async () => {
      await run(
        `${addItem}; INSERT INTO assignment.item (ern, course, title, starts_at, ends_at) VALUES ('${C1}/assignment/2', '${C1}', '과제', '2026-05-02Z', '2026-05-09Z')`,
      );
      const all = [S1, S1, null, null];
      const both = `INSERT INTO assignment.override (ern, user_id) SELECT ern, 'student-1' FROM assignment.item ON CONFLICT (user_id, ern) DO UPDATE SET hidden = true`;
      expect(await said(both)).toContainEqual(all);
      expect(await said(both)).not.toContainEqual(all);
      expect(await said(`DELETE FROM assignment.override WHERE ern = '${A1}'`)).not.toContainEqual(all);
      expect(await said(`DELETE FROM assignment.override`)).toContainEqual(all);
      await run(both);
      expect(await said(`DELETE FROM assignment.override`)).toContainEqual(all);
    });

    test('reports memberships and courses as a change of everything of an audience', async () => {
      expect(await said(`UPDATE assignment.course SET title = '자료구조론' WHERE ern = '${C1}'`)).toEqual([
        [C1, C1, null, null],
      ]);
      expect(await said(`UPDATE assignment.enrollment SET enrolled = false WHERE user_id = 'student-2'`)).toEqual([
        ['ern:lms:user/student-2', 'ern:lms:user/student-2', null, null],
      ]);
      expect(await said(`DELETE FROM assignment.staff WHERE user_id = 'teacher-1'`)).toEqual([
        ['ern:lms:user/teacher-1', 'ern:lms:user/teacher-1', null, null],
      ]);
      await run(`INSERT INTO lecture.observer VALUES ('observer-1', 'student-1')`);
      expect(await services().database.query('SELECT audience, starts_at FROM lecture.outbox')).toEqual([
        { audience: 'ern:lms:user/observer-1', starts_at: null },
      ]);
    });

    test('reports nothing that was rolled back', async () => {
      const { cursor } = await changes();
      const failed = services().database.transaction(async (tx) => {
        await tx.script(addItem);
        throw new Error('no');
      });
      await expect(failed).rejects.toThrow('no');
      expect((await changes(cursor)).changes).toEqual([]);
    });

    test('reports a write once, and the write sets updated_at', async () => {
      const { cursor } = await changes();
      await run(addItem);
      const first = await changes(cursor);
      expect(first.changes).toHaveLength(1);
      expect(Date.now() - Date.parse(first.changes[0]?.at ?? '')).toBeLessThan(60_000);
      expect((await changes(first.cursor)).changes).toEqual([]);
      const updated = () =>
        services().database.query<{ at: string }>('SELECT updated_at::text AS at FROM assignment.item');
      const [before] = await updated();
      await run(`UPDATE assignment.item SET title = '다른 과제'`);
      expect(await updated()).not.toEqual([before]);
    });

    test('is read in pages without a missing or repeated change', async () => {
      const { cursor } = await changes();
      await run(`INSERT INTO assignment.item (ern, course, title, starts_at, ends_at)
        SELECT '${C1}/assignment/' || n, '${C1}', '과제', '2026-03-02Z', '2026-03-09Z' FROM generate_series(1, 2300) n`);
      const pages = [await changes(cursor)];
      for (let page = pages[0]; page?.changes.length; page = pages.at(-1)) pages.push(await changes(page.cursor));
      expect(pages.map((page) => page.changes.length)).toEqual([1000, 1000, 300, 0]);
      expect(new Set(pages.flatMap((page) => page.changes.map((change) => change.ern))).size).toBe(2300);
    });

    test('refuses a cursor that may have lost changes, and accepts an idle one', async () => {
      const { cursor } = await changes();
      await run(addItem);
      const after = (await changes(cursor)).cursor;
      await run(`UPDATE assignment.outbox SET at = at - interval '61 minutes'`);
      await trimOutbox(services().database, 'assignment');
      const expired = /^CONFLICT: since: expected a cursor this service gave within the last hour/;
      const ask = (since: string) =>
        services().refusal(
          'assignment',
          CALENDAR,
          'query ($since: String) { assignmentChanges(since: $since) { cursor } }',
          { since },
        );
      expect(await ask(cursor)).toMatch(expired);
      expect((await changes(after)).changes).toEqual([]);
      const [epoch, rest] = [after.slice(0, 8), after.slice(8)];
      for (const bad of [
        '',
        'x',
        `${epoch}.1`,
        `${epoch === '00000000' ? '11111111' : '00000000'}${rest}`,
        `${epoch}.99999999999999999999.1`,
      ]) {
        expect(await ask(bad)).toMatch(expired);
      }
    });

    test('is trimmed every minute', async () => {
      await run(addItem);
      await run(`UPDATE assignment.outbox SET at = at - interval '61 minutes'`);
      await services().clock.advance(60_000);
      await eventually('an empty log', async () => {
        return (await services().database.query('SELECT FROM assignment.outbox')).length === 0;
      });
    });
  });
}

/** Registers what takes two connections at once to see. */
export function describeLateCommit(services: () => Services): void {
  const add = (id: number) => `INSERT INTO lecture.item (ern, course, title, starts_at, ends_at)
    VALUES ('${C1}/lecture/${id}', '${C1}', '강의', '2026-03-02Z', '2026-03-02Z')`;
  const page = async (since?: string) => {
    const document = 'query ($since: String) { page: lectureChanges(since: $since) { cursor changes { ern } } }';
    return (await services().ask<{ page: Page }>('lecture', CALENDAR, document, { since })).page;
  };
  const ernsOf = (...pages: readonly Page[]) => pages.flatMap(({ changes }) => changes.map(({ ern }) => ern));

  test('skips no transaction that began first and commits last', async () => {
    await services().reset();
    const start = await page();
    let early: Page = start;
    await services().database.transaction(async (late) => {
      await late.script(add(1));
      await services().database.script(add(2));
      early = await page(start.cursor);
    });
    // Each once, when it was committed.
    expect(ernsOf(early, await page(early.cursor))).toEqual([`${C1}/lecture/2`, `${C1}/lecture/1`]);
  });

  test('keeps cursors valid while a transaction is open for more than an hour, and loses none of its changes', async () => {
    await services().reset();
    const { database } = services();
    const start = await page();
    let early: Page = start;
    await database.transaction(async (late) => {
      await late.script(add(1));
      await late.script(`UPDATE lecture.outbox SET at = at - interval '61 minutes'`);
      await database.script(add(2));
      await database.script(`UPDATE lecture.outbox SET at = at - interval '61 minutes'`);
      await trimOutbox(database, 'lecture');
      early = await page(start.cursor);
    });
    expect(ernsOf(early, await page(early.cursor))).toEqual([`${C1}/lecture/2`, `${C1}/lecture/1`]);
    await trimOutbox(database, 'lecture');
    await trimOutbox(database, 'lecture');
    expect(await database.query('SELECT FROM lecture.outbox')).toEqual([]);
    await expect(page(start.cursor)).rejects.toThrow('cursor');
  });
}
