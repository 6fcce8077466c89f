// What roles and scopes in a verified token entitle to, in the words of the table of rights in
// schema/README.md. Relationships (who teaches, attends and observes) are in the services.
import type { Principal } from './principal.ts';

/** The scope that an administrator needs besides the role, to read and to write. */
export const READ_ANY = 'calendar:read-any';

/** Whether the user is an administrator: the role and the scope, neither alone. */
export function isAdministrator({ roles, scopes }: Principal): boolean {
  return roles.includes('admin') && scopes.includes(READ_ANY);
}

/** Whether the user may act as staff of the courses that a service has as taught by this user. */
export function mayTeach({ roles }: Principal): boolean {
  return roles.includes('teacher');
}
