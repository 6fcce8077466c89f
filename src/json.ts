// Parsing JSON, and checks of what was parsed.

/** Whether the value is an object: not an array, not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a JSON text; throws what `malformed` makes of the parser's error. */
export function parseJson(text: string, malformed: (cause: unknown) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(cause);
  }
}
