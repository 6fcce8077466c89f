// A sync token without a state: calendarChanges answers it with everything in its window. The
// gateway makes one when the calendar, which makes all others, does not answer. Pure.

/** Other tokens are base64url, which has no full stop. */
const PREFIX = 'full.';

/** A token for the user and the arguments of `User.calendar`; absent ones are null. */
export function fullSyncToken(userId: string, args: object): string {
  return PREFIX + Buffer.from(JSON.stringify([userId, args])).toString('base64url');
}

/** The user and the arguments, not checked; undefined for other tokens and malformed ones. */
export function readFullSyncToken(token: string): readonly [userId: unknown, args: unknown] | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString());
    return Array.isArray(read) && read.length === 2 ? [read[0], read[1]] : undefined;
  } catch {
    return undefined;
  }
}
