// Calls the API: sends a document with variables, returns data.

/** The API did not answer with data: no connection, a refusal, or errors. */
export class GraphError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'GraphError';
    this.code = code;
  }
}

/** The body of an answer. */
export interface GraphQLResponse<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/**
 * The data of an answer, also if there are errors beside it: failed fields are null. Throws
 * GraphError with the code of the first error when there is no data, or when no field of it was
 * answered: a calendar that cannot be reached is not one that the user may not see.
 */
export function dataOf<T>({ data, errors = [] }: GraphQLResponse<T>, status: number): T {
  const [error] = errors;
  const isAnswered = data !== null && data !== undefined;
  const isEmpty = isAnswered && error !== undefined && Object.values(data).every((field) => field === null);
  if (isAnswered && !isEmpty) return data;
  throw new GraphError(error?.extensions?.code ?? String(status), error?.message ?? 'No answer.');
}

/** Sends a document with a token. Throws GraphError; see {@link dataOf}. */
export async function ask<T>(token: string, query: string, variables: object, signal?: AbortSignal): Promise<T> {
  return (await askWithClock<T>(token, query, variables, signal)).data;
}

/**
 * The same, and what the server's clock is ahead of the browser's, in milliseconds: see
 * {@link clockOffsetOf}.
 */
export async function askWithClock<T>(
  token: string,
  query: string,
  variables: object,
  signal?: AbortSignal,
): Promise<{ readonly data: T; readonly clockOffset: number }> {
  const askedAt = Date.now();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    throw new GraphError('UNREACHABLE', String(error));
  });
  const clockOffset = clockOffsetOf(response.headers.get('date'), askedAt, Date.now());
  const data = dataOf((await response.json().catch(() => ({}))) as GraphQLResponse<T>, response.status);
  return { data, clockOffset };
}

/**
 * What the server's clock is ahead of the browser's, from the Date header (RFC 9110 §6.6.1), which
 * names a whole second; 0 if both clocks may agree. All in milliseconds.
 */
export function clockOffsetOf(date: string | null, askedAt: number, answeredAt: number): number {
  const second = Date.parse(date ?? '');
  if (Number.isNaN(second)) return 0;
  if (second > answeredAt) return second - answeredAt;
  return second + 1_000 < askedAt ? second + 1_000 - askedAt : 0;
}
