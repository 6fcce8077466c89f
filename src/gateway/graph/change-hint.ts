// After a mutation, the gateway tells the calendar which kind was written, so that polling feeds
// poll at once. Each calendar has a feed of its own, so all of them are told. A lost hint does no
// harm: the next poll reports the change.
import type { SignInternal } from '../../auth/internal-token.ts';
import { reportError } from '../../diagnostics.ts';
import { EVENT_KINDS, type EventKind, serviceOf } from '../../event-kinds.ts';
import type { Replicas } from '../../http/client/replicas.ts';

/**
 * Receives the name of the subgraph that was written to. Never throws; the answer does not wait for
 * it.
 */
export type ChangeHint = (subgraph: string) => void;

const HINT_MS = 1_000;
const LOOK = 'mutation LookForChanges($kind: EventKind!) { notifyChange(kind: $kind) }';

/** The subgraphs that own events, and their kinds. */
const KIND_OF: ReadonlyMap<string, EventKind> = new Map(EVENT_KINDS.map((kind) => [serviceOf(kind), kind]));

/** Sends hints over HTTP with the gateway's own token, so no client can send one. */
export function createChangeHint(calendars: Pick<Replicas, 'all'>, sign: SignInternal): ChangeHint {
  const send = async (kind: string) => {
    const authorization = `Bearer ${await sign({ audience: 'calendar', scopes: ['changes:hint'] })}`;
    const body = JSON.stringify({ query: LOOK, variables: { kind } });
    const call = { body, headers: { authorization }, deadlineMs: HINT_MS, retry: true };
    const sent = await Promise.allSettled((await calendars.all()).map((calendar) => calendar.post(call)));
    // A name may have addresses at which nothing listens, such as ::1 of localhost.
    const failures = sent.filter((one) => one.status === 'rejected');
    if (failures.length === sent.length) throw failures[0]?.reason;
  };
  return (subgraph) => {
    const kind = KIND_OF.get(subgraph);
    if (kind !== undefined) send(kind).catch((error: unknown) => reportError(error));
  };
}
