// The users there are to try things out as, and their tokens, while the gateway gives any: for My
// Page and the playground.

/** The demo users of the menus, one of each role. */
export const DEMO_USERS = ['student-1', 'student-2', 'teacher-1', 'observer-1', 'admin-1'] as const;

/** A demo user's token; null where there are none. */
export async function tokenOf(user: string): Promise<string | null> {
  const response = await fetch(`/dev/token?user=${encodeURIComponent(user)}`);
  return response.ok ? response.text() : null;
}
