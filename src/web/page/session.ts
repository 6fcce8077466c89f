// The signed-in user. The identity provider's page opens this one with #access_token=…, which is
// kept for this tab and removed from the URL. In development there are demo users instead, and a
// menu.
import { DEMO_USERS, tokenOf } from '../demo-users.ts';

const TOKEN = 'calendar.token';
const USER = 'calendar.user';

/** A signed-in user. */
export interface Session {
  readonly token: string;
  /** The demo user's name; null for a real user. */
  readonly demoUser: string | null;
  /** The roles in the token: student, teacher, observer, admin. */
  readonly roles: readonly string[];
}

/**
 * The session from the URL's token, this tab's, or that of the demo user; null when nobody is
 * signed in.
 */
export async function signIn(): Promise<Session | null> {
  const given = new URLSearchParams(location.hash.slice(1)).get('access_token');
  if (given !== null) {
    sessionStorage.setItem(TOKEN, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  const token = given ?? sessionStorage.getItem(TOKEN);
  if (token !== null) return { token, demoUser: null, roles: rolesOf(token) };
  const demoUser = sessionStorage.getItem(USER) ?? DEMO_USERS[0];
  const demoToken = await tokenOf(demoUser);
  return demoToken === null ? null : { token: demoToken, demoUser, roles: rolesOf(demoToken) };
}

/** Removes the token of this tab. */
export function signOut(): void {
  sessionStorage.removeItem(TOKEN);
}

/** Chooses the demo user of this tab. */
export function chooseUser(user: string): void {
  sessionStorage.setItem(USER, user);
}

/** The claim `roles` of a JWT; empty if it has none. The server does not rely on this. */
function rolesOf(token: string): readonly string[] {
  try {
    const [, claims = ''] = token.split('.');
    const { roles } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { roles?: unknown };
    return Array.isArray(roles) ? roles.map(String) : [];
  } catch {
    return [];
  }
}
