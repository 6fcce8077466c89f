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

interface GraphQLResponse<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/**
 * Sends a document with a token. Returns data even if there are errors beside it: failed fields are
 * null. Throws GraphError.
 */
export async function ask<T>(token: string, query: string, variables: object, signal?: AbortSignal): Promise<T> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    throw new GraphError('UNREACHABLE', String(error));
  });
  const { data, errors } = (await response.json().catch(() => ({}))) as GraphQLResponse<T>;
  const [error] = errors ?? [];
  if (data !== null && data !== undefined) return data;
  throw new GraphError(error?.extensions?.code ?? String(response.status), error?.message ?? 'No answer.');
}
