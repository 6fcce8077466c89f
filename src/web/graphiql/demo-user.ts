// Who the playground signs in as: one of the demo users, while the gateway has any.

/** The demo users of the menu, one of each role. */
export const DEMO_USERS = ['student-1', 'student-2', 'teacher-1', 'observer-1', 'admin-1'] as const;

const tokens = new Map<string, Promise<string | null>>();

/** A token for a demo user, asked for once; null where there are no demo users. */
export function tokenOf(user: string): Promise<string | null> {
  const known = tokens.get(user) ?? ask(user);
  tokens.set(user, known);
  return known;
}

async function ask(user: string): Promise<string | null> {
  const response = await fetch(`/dev/token?user=${encodeURIComponent(user)}`);
  return response.ok ? response.text() : null;
}
