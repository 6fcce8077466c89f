// A client of the graph for tests: it sends a document as a user and returns the bytes and the
// parsed body.
import { Agent, request } from 'undici';

/** What a client gets. `data` is as the test expects it; whether it is, its assertions say. */
export interface Reply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly data: T; readonly errors?: readonly ShownError[] };
  /** The body's text. */
  readonly text: string;
}

/** One entry of `errors`. */
export interface ShownError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly argument?: string };
}

/** Sends a document as a user: `student-1`, `teacher-1`, `observer-1`, `admin-1`. */
export type Query = <T>(
  user: string,
  document: string,
  variables?: Readonly<Record<string, unknown>>,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply<T>>;

/** A client of one endpoint. */
export interface Client {
  readonly query: Query;
  close(): Promise<void>;
}

/** A client that shows, for each user, the token it is given for them. */
export function createClient(url: string, tokenOf: (user: string) => Promise<string>): Client {
  const agent = new Agent({ connections: 200 });
  return {
    async query<T>(user: string, query: string, variables = {}, headers = {}) {
      const {
        statusCode,
        headers: sent,
        body,
      } = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(user)}`, ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const text = await body.text();
      return {
        status: statusCode,
        headers: new Headers(sent as Record<string, string>),
        body: JSON.parse(text) as Reply<T>['body'],
        text,
      };
    },
    close: () => agent.close(),
  };
}
