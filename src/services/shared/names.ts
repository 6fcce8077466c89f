// The resource names of these services: courses `ern:<tenant>:course/<id>`, users
// `ern:<tenant>:user/<id>`, items below their course.
import { decodeId } from '../../resource-name.ts';

/** Whether the text may be a tenant, which becomes part of SQL. */
export function isTenant(text: string): boolean {
  return /^[A-Za-z0-9._~@-]{1,128}$/.test(text);
}

/** The id of the user of an own audience, a valid resource name; null for any other name. */
export function userOf(audience: string, tenant: string): string | null {
  const prefix = `ern:${tenant}:user/`;
  const id = audience.startsWith(prefix) ? audience.slice(prefix.length) : '/';
  return id.includes('/') ? null : decodeId(id);
}
