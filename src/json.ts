// Values that came as JSON from outside: what they are is checked before anything is read from
// them.

/** Whether the value is an object: not an array, not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
