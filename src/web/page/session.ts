// The signed-in user. The identity provider returns to this page with #access_token=…&state=…. A
// token counts only with the state that this tab sent: otherwise a link could sign a user in as
// somebody else. The token is kept for this tab. In development there are demo users, and a menu.
import { DEMO_USERS, tokenOf } from '../demo-users.ts';

const TOKEN = 'calendar.token';
const STATE = 'calendar.state';
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
  const given = tokenFrom(location.hash, sessionStorage.getItem(STATE));
  if (location.hash.includes('access_token=')) {
    sessionStorage.removeItem(STATE);
    history.replaceState(null, '', location.pathname + location.search);
  }
  if (given !== null) sessionStorage.setItem(TOKEN, given);
  const token = given ?? sessionStorage.getItem(TOKEN);
  if (token !== null) return { token, demoUser: null, roles: rolesOf(token) };
  const demoUser = sessionStorage.getItem(USER) ?? DEMO_USERS[0];
  const demoToken = await tokenOf(demoUser);
  return demoToken === null ? null : { token: demoToken, demoUser, roles: rolesOf(demoToken) };
}

/**
 * The token of a URL's hash, if its state is the one that this tab sent; otherwise null. A state is
 * used once.
 */
export function tokenFrom(hash: string, sentState: string | null): string | null {
  const given = new URLSearchParams(hash.slice(1));
  return sentState !== null && given.get('state') === sentState ? given.get('access_token') : null;
}

/** Where to sign in, with a new state, which this tab remembers. */
export function signInAddress(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const state = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(STATE, state);
  return `/sign-in?state=${state}`;
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
