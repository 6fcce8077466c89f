// The demo users and their tokens, if the gateway provides them; used by My Page and the
// playground.

/** The demo users of the menus, one for each role. */
export const DEMO_USERS = ['student-1', 'student-2', 'teacher-1', 'observer-1', 'admin-1'] as const;

/** A demo user's token; null if the gateway provides none. */
export async function tokenOf(user: string): Promise<string | null> {
  const response = await fetch(`/dev/token?user=${encodeURIComponent(user)}`);
  return response.ok ? response.text() : null;
}
