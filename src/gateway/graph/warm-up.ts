// Executes an operation before the gateway is ready: the first one plans, connects and compiles,
// and takes several times as long as later ones. The answer is ignored.
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { Principal } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { noFetches } from './fetches.ts';
import type { Forward } from './forward.ts';
import type { GatewayContext } from './subgraph-source.ts';

/** What is executed, and for whom. */
export interface WarmUpQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly user: Principal;
}

/** How often: the usual way and forwarded, each time. */
const ROUNDS = 5;

/** Resolves when it has ended. Never rejects. */
export async function warmUpGraph(
  apollo: ApolloServer<GatewayContext>,
  forward: Forward,
  { query, variables, user }: WarmUpQuery,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<void> {
  const operation = { query, operationName: null, variables, accept: '*/*' };
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = { principal: user, endsAt: clock.elapsed() + deadlineMs };
    const fetches = noFetches();
    const headers = new HeaderMap([['content-type', 'application/json']]);
    const asked = { method: 'POST', headers, search: '', body: { query, variables } };
    await apollo
      .executeHTTPGraphQLRequest({ httpGraphQLRequest: asked, context: async () => ({ ...context, fetches }) })
      .catch(() => undefined);
    forward.learn(operation, 'application/json; charset=utf-8', fetches);
    await forward.ask(operation, context);
    // A calendar that hangs is no reason to hang as often.
    if (clock.elapsed() >= context.endsAt) break;
  }
}
