// The embedded database: PostgreSQL compiled to WebAssembly, in the memory of this process. Its
// data is lost at the end. There is one connection: statements queue, and a transaction has the
// database to itself.
import type { PGlite, Transaction } from '@electric-sql/pglite';
import { type Database, publishStatement, type Statements } from './database.ts';
import { openFromImage } from './pglite-image.ts';

/**
 * Opens an empty database. Takes about half a second from the image, several seconds without one.
 */
export async function openEmbedded(): Promise<Database> {
  const db = await openFromImage();
  const database: Database = {
    ...statementsOf(db),
    transaction: (run) => db.transaction((tx) => run(statementsOf(tx))),
    // Nothing else can use this database: the lock is always free.
    async listen({ channel, heard }) {
      const unlisten = await db.listen(channel, heard);
      return () => void unlisten().catch(() => undefined);
    },
    within: (_, writer = null) => (writer === null ? database : { ...database, transaction: as(db, writer) }),
    close: () => db.close(),
  };
  return database;
}

function as(db: PGlite, writer: string): Database['transaction'] {
  return (run) =>
    db.transaction(async (tx) => {
      await tx.query("SELECT set_config('calendar.writer', $1, true)", [writer]);
      return run(statementsOf(tx));
    });
}

function statementsOf(db: PGlite | Transaction): Statements {
  return {
    async query<Row extends object>(sql: string, params: readonly unknown[] = []) {
      publishStatement(sql);
      return (await db.query<Row>(sql, [...params])).rows;
    },
    async script(sql) {
      publishStatement(sql);
      await db.exec(sql);
    },
  };
}
