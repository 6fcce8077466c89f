// One item as the writing side needs it: found by name, kept from vanishing while the transaction
// runs.
import type { Caller } from '../../auth/principal.ts';
import { badInput } from '../../errors.ts';
import type { Statements } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';
import { isEnrolled, notFound, requireStaff } from './access.ts';
import { userId } from './input.ts';

/** What every item has; instants as UTC text. */
export interface StoredItem {
  readonly ern: string;
  readonly course: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** Names an item and what else to read of it: further columns, as SQL over `i`. */
export interface ItemQuery {
  readonly schema: string;
  readonly ern: string;
  readonly columns?: readonly string[];
}

/**
 * The item for those who hand in or check in: until the transaction ends it neither changes nor
 * goes. NOT_FOUND without one.
 */
export function sharedItem<More extends object>(tx: Statements, query: ItemQuery): Promise<StoredItem & More> {
  return lockedItem(tx, query, 'SHARE');
}

/**
 * The item for those who change it: its course's teachers and administrators, one at a time.
 * NOT_FOUND, FORBIDDEN.
 */
export async function lockItemForTeacher<More extends object>(
  tx: Statements,
  caller: Caller,
  query: ItemQuery,
): Promise<StoredItem & More> {
  const item = await lockedItem<More>(tx, query, 'UPDATE');
  await requireStaff(tx, query.schema, caller, item.course);
  return item;
}

/** The user an override is for, who must attend the item's course; BAD_USER_INPUT otherwise. */
export async function requireEnrolledStudent(
  tx: Statements,
  schema: string,
  item: StoredItem,
  given: string,
): Promise<string> {
  const user = userId('user', given);
  if (await isEnrolled(tx, schema, item.course, user)) return user;
  throw badInput('user', `a student enrolled in ${item.course}`, user);
}

async function lockedItem<More extends object>(
  tx: Statements,
  { schema, ern, columns = [] }: ItemQuery,
  lock: 'SHARE' | 'UPDATE',
): Promise<StoredItem & More> {
  const all = [
    'i.ern',
    'i.course',
    `${instant('i.starts_at')} AS "startsAt"`,
    `${instant('i.ends_at')} AS "endsAt"`,
    ...columns,
  ];
  const [item] = await tx.query<StoredItem & More>(
    `SELECT ${all.join(', ')} FROM ${schema}.item i WHERE i.ern = $1 FOR ${lock}`,
    [ern],
  );
  if (item === undefined) throw notFound(schema, ern);
  return item;
}
