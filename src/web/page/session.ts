// The signed-in user. The identity provider returns to this page with #access_token=…&state=…. A
// token counts only with the state that this tab sent: otherwise a link could sign a user in as
// somebody else. The token is kept for this tab, and so is the address that the user came from. In
// development there are demo users, and a menu.
import { DEMO_USERS, tokenOf } from '../demo-users.ts';
import { forTab } from './storage.ts';
import { claimsOf } from './token.ts';

const TOKEN = 'calendar.token';
const STATE = 'calendar.state';
const USER = 'calendar.user';
const SEARCH = 'calendar.search';

/** A signed-in user. */
export interface Session {
  readonly token: string;
  /** The user's id; empty if the token has none. */
  readonly userId: string;
  /** The demo user's name; null for a real user. */
  readonly demoUser: string | null;
  /** The roles in the token: student, teacher, observer, admin. */
  readonly roles: readonly string[];
  /** When the token ends, in milliseconds by the server's clock; null if that is not known. */
  readonly endsAt: number | null;
}

/**
 * The session from the URL's token, this tab's, or that of the demo user; null when nobody is
 * signed in.
 */
export async function signIn(): Promise<Session | null> {
  const given = tokenFrom(location.hash, forTab().getItem(STATE));
  if (location.hash.includes('access_token=')) {
    forTab().removeItem(STATE);
    const search = (given === null ? null : forTab().getItem(SEARCH)) ?? location.search;
    history.replaceState(null, '', location.pathname + search);
  }
  if (given !== null) forTab().setItem(TOKEN, given);
  const token = given ?? forTab().getItem(TOKEN);
  if (token !== null) return sessionOf(token, null);
  const demoUser = forTab().getItem(USER) ?? DEMO_USERS[0];
  const demoToken = await tokenOf(demoUser);
  return demoToken === null ? null : sessionOf(demoToken, demoUser);
}

/** The session of a token that the embedding page gave; kept for this tab. */
export function signInWith(token: string): Session {
  forTab().setItem(TOKEN, token);
  return sessionOf(token, null);
}

/** The session with a new token for the same user. */
export function renewed(session: Session, token: string): Session {
  return session.demoUser === null ? signInWith(token) : sessionOf(token, session.demoUser);
}

/**
 * Why a token cannot replace that of a session, in words; null if it can. A session of null is that
 * of nobody.
 */
export function refusalOf(token: string, session: Session | null): string | null {
  const claims = claimsOf(token);
  if (claims === null) return 'token: expected a JWT';
  if (session === null || session.userId === claims.userId) return null;
  return `token: expected one of the user ${session.userId}, who is signed in, given one of ${claims.userId}`;
}

/**
 * The token of a URL's hash, if its state is the one that this tab sent; otherwise null. A state is
 * used once.
 */
export function tokenFrom(hash: string, sentState: string | null): string | null {
  const given = new URLSearchParams(hash.slice(1));
  return sentState !== null && given.get('state') === sentState ? given.get('access_token') : null;
}

/** Where to sign in, with a new state, which this tab remembers together with its address. */
export function signInAddress(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const state = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  forTab().setItem(STATE, state);
  forTab().setItem(SEARCH, location.search);
  return `/sign-in?state=${state}`;
}

/** Removes the token of this tab. */
export function signOut(): void {
  forTab().removeItem(TOKEN);
}

/** Chooses the demo user of this tab. */
export function chooseUser(user: string): void {
  forTab().setItem(USER, user);
}

function sessionOf(token: string, demoUser: string | null): Session {
  const { userId, roles, endsAt } = claimsOf(token) ?? { userId: demoUser ?? '', roles: [], endsAt: null };
  return { token, userId, demoUser, roles, endsAt };
}
