// Items for mutations: read by ERN and locked until the end of the transaction.
import type { Caller } from '../../auth/principal.ts';
import type { Right } from '../../auth/rights.ts';
import { badInput } from '../../errors.ts';
import type { Statements } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';
import { isEnrolled, notFound, requireEnrolled, requireStaff } from './access.ts';
import { userId } from './input.ts';

/** The fields of every item; instants as UTC text. */
export interface StoredItem {
  readonly ern: string;
  readonly course: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** Which item to read for what, and further columns, as SQL over `i`. */
export interface ItemQuery {
  readonly schema: string;
  readonly right: Right;
  readonly ern: string;
  readonly columns?: readonly string[];
}

/**
 * The item for a student of its course: until the transaction ends it neither changes nor is
 * deleted. FORBIDDEN; NOT_FOUND for students of the course.
 */
export async function sharedItem<More extends object>(
  tx: Statements,
  caller: Caller,
  query: ItemQuery,
): Promise<{ readonly item: StoredItem & More; readonly user: string }> {
  const item = await lockedItem<More>(tx, query, 'SHARE');
  const { id: user } = await requireEnrolled(tx, caller, { ...query, course: item?.course ?? courseOf(query.ern) });
  if (item === undefined) throw notFound(query.schema, query.ern);
  return { item, user };
}

/**
 * The item for its teachers and administrators, who change it one at a time. FORBIDDEN; NOT_FOUND
 * for staff of the course.
 */
export async function lockItemForTeacher<More extends object>(
  tx: Statements,
  caller: Caller,
  query: ItemQuery,
): Promise<StoredItem & More> {
  const item = await lockedItem<More>(tx, query, 'UPDATE');
  await requireStaff(tx, caller, { ...query, course: item?.course ?? courseOf(query.ern) });
  if (item === undefined) throw notFound(query.schema, query.ern);
  return item;
}

/** The course of an item, from the item's name. */
function courseOf(ern: string): string {
  return ern.split('/').slice(0, -2).join('/');
}

/** The user of an override, who must be enrolled in the item's course; otherwise BAD_USER_INPUT. */
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
): Promise<(StoredItem & More) | undefined> {
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
  return item;
}
