// Another gateway in front of the calendar: Hive Gateway's runtime over the same supergraph. What
// it must add to each call is the internal token; docs: schema/README.md, "Another gateway".
import type { RequestListener } from 'node:http';
import type { SignInternal } from '../../src/auth/internal-token.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { importPeer } from './peers/import-peer.ts';

/** Answers a request as `fetch` does. */
export type Answer = (request: Request) => Promise<Response>;

interface Runtime {
  readonly createGatewayRuntime: (options: object) => RequestListener & {
    fetch(request: Request): Promise<Response>;
    dispose(): Promise<void>;
  };
}

/**
 * Starts the runtime in this process. `subgraphs`: name by URL. `verify`: the user of a request, by
 * its token.
 */
export async function startHiveGateway(options: {
  readonly supergraph: string;
  readonly subgraphs: ReadonlyMap<string, string>;
  readonly sign: SignInternal;
  readonly verify: (request: Request) => Promise<Principal>;
  readonly deadlineMs: number;
  /** Further options of the runtime. */
  readonly more?: object;
}): Promise<{ readonly answer: Answer; readonly listener: RequestListener; close(): Promise<void> }> {
  const { createGatewayRuntime } = await importPeer<Runtime>('@graphql-hive/gateway-runtime');
  const addToken = {
    async onFetch({ url, options: init, context, setOptions }: Fetch) {
      const audience = options.subgraphs.get(url);
      if (audience === undefined) return;
      const token = await options.sign({ audience, user: await options.verify(context.request) });
      const headers = { ...init.headers, authorization: `Bearer ${token}`, 'x-deadline-ms': `${options.deadlineMs}` };
      setOptions({ ...init, headers });
    },
  };
  const runtime = createGatewayRuntime({
    supergraph: options.supergraph,
    plugins: () => [addToken],
    logging: false,
    landingPage: false,
    graphiql: false,
    maskedErrors: false,
    ...options.more,
  });
  return { answer: (request) => runtime.fetch(request), listener: runtime, close: () => runtime.dispose() };
}

interface Fetch {
  readonly url: string;
  readonly options: { readonly headers?: Readonly<Record<string, string>> };
  readonly context: { readonly request: Request };
  readonly setOptions: (options: object) => void;
}
