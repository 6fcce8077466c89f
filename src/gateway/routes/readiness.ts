// Whether the gateway may receive traffic: after every subgraph has answered once, and the gateway
// has warmed up with them. Later outages
// are reported and change nothing, because a gateway that goes out of service for one subgraph
// would take the healthy ones with it. A subgraph is asked in GraphQL with
// the gateway's token, so it needs no probe of its own, and a wrong secret is found at the start.
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Clock } from '../../clock.ts';
import { SourceError } from '../../errors.ts';
import type { Transport } from '../../http/client/transport.ts';

const ASK_MS = 1_000;
const REMEMBER_MS = 1_000;
const BODY = JSON.stringify({ query: '{ __typename }' });

type Probe = Pick<Transport, 'get' | 'post'>;
type State = 'ok' | 'no answer' | 'refuses our token';

/** The body of `/readyz`. */
export interface Readiness {
  readonly ready: boolean;
  /** For each subgraph, whether it answers now. */
  readonly subgraphs: Readonly<Record<string, State>>;
  /**
   * For each feed: `ok`, `silent`, or `silent: CODE` with the reason of the lost connection; empty
   * while the calendar does not answer.
   */
  readonly feeds: Readonly<Record<string, string>>;
}

/**
 * A check of all subgraphs, at most once a second however often it is called. `warmUp` is called
 * once, when all of them have answered, and waited for. Never rejects, nor may `warmUp`.
 */
export function createReadiness(
  transports: ReadonlyMap<string, Probe>,
  clock: Clock,
  sign: SignInternal,
  warmUp: () => Promise<void> = async () => {},
): () => Promise<Readiness> {
  const seen = new Set<string>();
  let warm: Promise<void> | undefined;
  let last: { at: number; answer: Promise<Readiness> } | undefined;
  const ask = async (): Promise<Readiness> => {
    const [states, feeds] = await Promise.all([
      Promise.all([...transports].map(async ([name, one]) => [name, await stateOf(name, one, sign)] as const)),
      feedsOf(transports.get('calendar')),
    ]);
    for (const [name, state] of states) if (state === 'ok') seen.add(name);
    const ready = seen.size === transports.size;
    if (ready) warm ??= warmUp();
    await warm;
    return { ready, subgraphs: Object.fromEntries(states), feeds };
  };
  return () => {
    const now = clock.elapsed();
    if (last === undefined || now - last.at >= REMEMBER_MS) last = { at: now, answer: ask() };
    return last.answer;
  };
}

async function stateOf(name: string, transport: Probe, sign: SignInternal): Promise<State> {
  try {
    const authorization = `Bearer ${await sign({ audience: name })}`;
    await transport.post({ body: BODY, headers: { authorization }, deadlineMs: ASK_MS });
    return 'ok';
  } catch (error) {
    return error instanceof SourceError && error.reason === 'FORBIDDEN' ? 'refuses our token' : 'no answer';
  }
}

/** The feeds, from the calendar's own `/readyz`. */
async function feedsOf(calendar: Pick<Transport, 'get'> | undefined): Promise<Readiness['feeds']> {
  try {
    const answer = await calendar?.get({ path: '/readyz', deadlineMs: ASK_MS });
    const { feeds = [] } = JSON.parse(answer?.body ?? '{}') as { feeds?: FeedSummary[] };
    return Object.fromEntries(feeds.map((feed) => [feed.name, stateOfFeed(feed)]));
  } catch {
    return {};
  }
}

interface FeedSummary {
  readonly name: string;
  readonly healthy: boolean;
  readonly lost?: string | null;
}

const stateOfFeed = ({ healthy, lost = null }: FeedSummary) =>
  healthy ? 'ok' : lost === null ? 'silent' : `silent: ${lost}`;
