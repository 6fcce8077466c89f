// Who is signed in. Whoever signs users in opens the page with #access_token=…, which is kept for
// this tab and taken out of the address. In development there are demo users instead, and a menu to
// choose among them.
import { DEMO_USERS, tokenOf } from '../demo-users.ts';

const TOKEN = 'calendar.token';
const USER = 'calendar.user';

/** A signed-in user. */
export interface Session {
  readonly token: string;
  /** The demo user's name; null when it is a real one. */
  readonly demoUser: string | null;
  /** What the token says of the user: student, teacher, observer, admin. */
  readonly roles: readonly string[];
}

/**
 * Takes the token of the address, of this tab, or of the demo user; null when nobody is signed in.
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

/** The token of this tab is no good any more. */
export function signOut(): void {
  sessionStorage.removeItem(TOKEN);
}

/** Chooses the demo user of this tab. */
export function chooseUser(user: string): void {
  sessionStorage.setItem(USER, user);
}

/**
 * The claim `roles` of a JWT; none of a token that is not one. The server goes by its own reading.
 */
function rolesOf(token: string): readonly string[] {
  try {
    const [, claims = ''] = token.split('.');
    const { roles } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { roles?: unknown };
    return Array.isArray(roles) ? roles.map(String) : [];
  } catch {
    return [];
  }
}
