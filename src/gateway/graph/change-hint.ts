// After a mutation to a service: a word to the calendar, so that a feed that asks in rounds asks
// now instead of within its interval. It says of which kind, nothing of what, and it is lost
// without harm: the feed's own round tells the same.
import type { SignInternal } from '../../auth/internal-token.ts';
import { reportError } from '../../diagnostics.ts';
import type { Transport } from '../../http/client/transport.ts';

/** Takes the name of the subgraph that was written to. Never throws, and nobody waits for it. */
export type ChangeHint = (subgraph: string) => void;

const HINT_MS = 1_000;
const LOOK = 'mutation LookForChanges($kind: EventKind!) { notifyChange(kind: $kind) }';

/** The subgraphs that own events, and what these are called. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['lecture', 'LECTURE'],
  ['attendance', 'ATTENDANCE'],
  ['assignment', 'ASSIGNMENT'],
]);

/** Hints over HTTP, with the gateway's own token: no client can send one. */
export function createChangeHint(calendar: Pick<Transport, 'post'>, sign: SignInternal): ChangeHint {
  const send = async (kind: string) => {
    const authorization = `Bearer ${await sign({ audience: 'calendar', scopes: ['changes:hint'] })}`;
    const body = JSON.stringify({ query: LOOK, variables: { kind } });
    await calendar.post({ body, headers: { authorization }, deadlineMs: HINT_MS, retry: true });
  };
  return (subgraph) => {
    const kind = KINDS.get(subgraph);
    if (kind !== undefined) send(kind).catch((error: unknown) => reportError(error));
  };
}
