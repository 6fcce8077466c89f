// ERN: hierarchical resource names, ern:<tenant>:<type>/<id>(/<type>/<id>)*. Parsing and the parent
// rule, nothing else.

const SEGMENT = '[A-Za-z0-9._~@-]+';
const PATTERN = new RegExp(`^ern:${SEGMENT}:${SEGMENT}/${SEGMENT}(?:/${SEGMENT}/${SEGMENT})*$`);

/** Longest resource name taken, in bytes (every allowed character is one byte). */
export const MAX_ERN_BYTES = 256;

/** Whether the text is a well-formed resource name of at most {@link MAX_ERN_BYTES} bytes. */
export function isErn(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_ERN_BYTES && PATTERN.test(text);
}

/**
 * The resource this one belongs to: the name less its last type/id pair. Null for one that stands
 * alone.
 */
export function parentOf(ern: string): string | null {
  const cut = ern.lastIndexOf('/', ern.lastIndexOf('/') - 1);
  return cut < 0 ? null : ern.slice(0, cut);
}

/** Whether the one is the other, or belongs to it: a section of a course to the course. */
export function isWithin(ern: string, whole: string): boolean {
  return ern === whole || ern.startsWith(`${whole}/`);
}

/** Whether a user of this id can have an audience: 1 to 128 of the characters names are made of. */
export function isUserId(id: string): boolean {
  return /^[A-Za-z0-9._~@-]{1,128}$/.test(id);
}

/** The audience that is one user alone. */
export function userAudience(tenant: string, userId: string): string {
  return `ern:${tenant}:user/${userId}`;
}

/**
 * Whether the audience is one user alone: its items are corrections to the items of others, and may
 * leave fields out.
 */
export function isUserAudience(audience: string): boolean {
  return /^ern:[^:]+:user\/[^/]+$/.test(audience);
}

/**
 * Whether the audience is a course. A course holds its own resources only (by its course an event
 * is shown to a teacher); sections and groups may list their course's.
 */
export function isCourseAudience(audience: string): boolean {
  return /^ern:[^:]+:course\/[^/]+$/.test(audience);
}

/** Whether the resource is one user's alone, not a course's. */
export function belongsToUser(ern: string): boolean {
  return /^ern:[^:]+:user\//.test(ern);
}
