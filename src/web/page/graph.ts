// The page's one way to the API: a document and its variables out, data in. It knows who is signed
// in, nothing else.

/** The API did not answer as asked: no connection, a refusal, or errors without data. */
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
 * Asks with a token. Data with errors beside it is data: what is null in it says so. Throws
 * GraphError.
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
