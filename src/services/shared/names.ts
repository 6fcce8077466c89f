// The resource names of these services: courses `ern:<tenant>:course/<id>`, users
// `ern:<tenant>:user/<id>`, items below their course.

const SEGMENT = '[A-Za-z0-9._~@-]+';
const ERN = new RegExp(`^ern:${SEGMENT}:${SEGMENT}/${SEGMENT}(?:/${SEGMENT}/${SEGMENT})*$`);
const ID = new RegExp(`^${SEGMENT}$`);
const MAX_BYTES = 256;

/** Whether the text is a well-formed resource name of at most 256 bytes. */
export function isErn(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_BYTES && ERN.test(text);
}

/** Whether the text may be an id within a resource name. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 128 && ID.test(text);
}

/** The user of an own audience; null for any other name. */
export function userOf(audience: string, tenant: string): string | null {
  const prefix = `ern:${tenant}:user/`;
  return audience.startsWith(prefix) ? audience.slice(prefix.length) : null;
}
