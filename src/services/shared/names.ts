// The resource names of these services: courses `ern:<tenant>:course/<id>`, users
// `ern:<tenant>:user/<id>`, items below their course.

const SEGMENT = '[A-Za-z0-9._~@-]+';
const ERN = new RegExp(`^ern:${SEGMENT}:${SEGMENT}/${SEGMENT}(?:/${SEGMENT}/${SEGMENT})*$`);
const ID = new RegExp(`^${SEGMENT}$`);
const MAX_BYTES = 256;

/** Whether the text is a resource name: well-formed, at most 256 bytes. */
export function isErn(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_BYTES && ERN.test(text);
}

/** Whether the text can stand in a resource name as one id. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 128 && ID.test(text);
}

/** The user whose own audience this is; null when it is somebody else's name or not a user's. */
export function userOf(audience: string, tenant: string): string | null {
  const prefix = `ern:${tenant}:user/`;
  return audience.startsWith(prefix) ? audience.slice(prefix.length) : null;
}
