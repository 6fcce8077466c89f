// A coprocessor of Apollo Router 2: before each call to a subgraph the router asks it for headers,
// and it answers with the internal token and the deadline. The router has verified the user's
// token.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SignJWT } from 'jose';

/** What the router sends at the stage SubgraphRequest, as far as it is read here. */
export interface SubgraphRequest {
  readonly version: 1;
  readonly stage: 'SubgraphRequest';
  readonly control: 'continue';
  readonly serviceName: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly context: { readonly entries: Readonly<Record<string, unknown>> };
}

interface UserClaims {
  readonly sub: string;
  readonly roles?: readonly string[];
  readonly scope?: string;
}

/** Starts it. `secret`: INTERNAL_SECRET; `deadlineMs`: how long the router waits for a subgraph. */
export async function startCoprocessor(options: { secret: Uint8Array; deadlineMs: number; port: number }) {
  const headersFor = async ({ serviceName, headers, context }: SubgraphRequest) => {
    const { sub, roles = [], scope = '' } = context.entries['apollo::authentication::jwt_claims'] as UserClaims;
    const token = await new SignJWT({ roles, scopes: scope.split(' ').filter(Boolean) })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('gateway')
      .setAudience(serviceName)
      .setSubject(sub)
      .setExpirationTime('60s')
      .sign(options.secret);
    return { ...headers, authorization: [`Bearer ${token}`], 'x-deadline-ms': [String(options.deadlineMs)] };
  };
  const answerTo = async (asked: SubgraphRequest) => JSON.stringify({ ...asked, headers: await headersFor(asked) });
  const server = createServer((request, response) => {
    json(request)
      .then((asked) => answerTo(asked as SubgraphRequest))
      .then((answer) => response.setHeader('content-type', 'application/json').end(answer))
      // Without a user there is no call: the router answers the client with an error.
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => server.listen(options.port, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
