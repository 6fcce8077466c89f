// Permissions in the services. Roles come with the verified caller; teachers and enrollments are in
// the service's own tables.
import type { Caller, Principal } from '../../auth/principal.ts';
import { allows, mayAdministrate, mayObserve, mayTeach, type Right } from '../../auth/rights.ts';
import { ApiError, echo } from '../../errors.ts';
import type { Statements } from '../storage/database.ts';

/** Requires a service that may read schedules of many users. */
export function requireScope(caller: Caller, scope: 'schedule:read' | 'enrollment:write'): void {
  if (!caller.scopes.includes(scope)) throw forbidden(`a service with scope ${scope}`, nameOf(caller));
}

/** Requires a signed-in user, or a service that may read schedules. */
export function requireReader(caller: Caller): void {
  if (caller.user === null) requireScope(caller, 'schedule:read');
}

/** The user that the call acts for; services acting for themselves are refused. */
export function requireUser(caller: Caller): Principal {
  if (caller.user === null) throw forbidden('a signed-in user', nameOf(caller));
  return caller.user;
}

/**
 * Requires staff of this course, a user with the role and a row in the service's table, or an
 * administrator, as the right says. Only an administrator is told with NOT_FOUND that there is no
 * such course.
 */
export async function requireStaff(
  tx: Statements,
  caller: Caller,
  { schema, right, course }: { readonly schema: string; readonly right: Right; readonly course: string },
): Promise<void> {
  const user = requireUser(caller);
  const [found] = await tx.query<{ teaches: boolean }>(
    `SELECT EXISTS (SELECT FROM ${schema}.staff s WHERE s.course = c.ern AND s.user_id = $2) AS teaches
     FROM ${schema}.course c WHERE c.ern = $1`,
    [course, user.id],
  );
  if (found?.teaches === true && mayTeach(user) && allows(right, 'staff')) return;
  if (!mayAdministrate(user, right)) throw forbidden(`a teacher of ${course} or an administrator`, user.id);
  if (found === undefined) throw notFound('course', course);
}

/** Requires an administrator, as the right says. */
export function requireAdministrator(caller: Caller, right: Right): void {
  const user = requireUser(caller);
  if (!mayAdministrate(user, right)) throw forbidden('an administrator', user.id);
}

/**
 * Requires the user with this id, somebody who observes the user, as the right says, or a service
 * that may read schedules.
 */
export async function requireSelfOrObserver(
  caller: Caller,
  { right, id, isObserved }: { right: Right; id: string; isObserved: (viewer: string) => Promise<boolean> },
): Promise<void> {
  if (caller.user === null) return requireScope(caller, 'schedule:read');
  const { user } = caller;
  if (user.id === id && allows(right, 'self')) return;
  if (mayObserve(user) && allows(right, 'observer') && (await isObserved(user.id))) return;
  throw forbidden('the user, or somebody who observes the user', user.id);
}

/** The signed-in user, who must be enrolled in this course, as the right says. */
export async function requireEnrolled(
  tx: Statements,
  caller: Caller,
  { schema, right, course }: { readonly schema: string; readonly right: Right; readonly course: string },
): Promise<Principal> {
  const user = requireUser(caller);
  if (!(allows(right, 'self') && (await isEnrolled(tx, schema, course, user.id))))
    throw forbidden(`a student enrolled in ${course}`, user.id);
  return user;
}

/** Whether this user is enrolled in this course. */
export async function isEnrolled(tx: Statements, schema: string, course: string, userId: string): Promise<boolean> {
  const rows = await tx.query(`SELECT FROM ${schema}.enrollment WHERE course = $1 AND user_id = $2 AND enrolled`, [
    course,
    userId,
  ]);
  return rows.length > 0;
}

/** The error NOT_FOUND, in one form for all resources. */
export function notFound(what: string, name: string): ApiError {
  return new ApiError('NOT_FOUND', `${what}: expected one that exists, given ${echo(name)}`);
}

function forbidden(expected: string, given: string): ApiError {
  return new ApiError('FORBIDDEN', `Expected ${expected}, given ${echo(given)}`);
}

/** Who calls: a user id, or `service <name>`. */
export function nameOf(caller: Caller): string {
  return caller.user?.id ?? `service ${caller.service}`;
}
