// The feed that needs no further server: it repeatedly asks one source what changed after a cursor.
// The source guarantees that no transaction, however late it commits, is behind a cursor it has
// given.
import { pausing } from '../../clock.ts';
import type { EventKind } from '../model/event.ts';
import { type ChangeFeed, type FeedMessage, HEARTBEAT_MS, tellChanges } from './feed.ts';
import { type Pausing, reconnecting } from './reconnect.ts';

/** Options of {@link createPollFeed}. */
export interface PollOptions extends Pausing {
  readonly kind: EventKind;
  /** The source's query field that lists changes: `lectureChanges`. */
  readonly field: string;
  /**
   * Sends a GraphQL request body and returns the body of the answer; rejects on a failure or a
   * timeout.
   */
  readonly post: (body: string) => Promise<string>;
  /** Milliseconds between two polls. Default 1 s. Above 5 s the feed is not live in between. */
  readonly intervalMs?: number;
}

/**
 * A page with fewer changes is the last one. After one with so many the next is asked for at once.
 * A source that changes all the time would otherwise be asked all the time.
 */
const FULL_PAGE = 100;
/** After so many full pages one after the other, the interval passes first. */
const MAX_IN_ROW = 1_000;

interface Page {
  readonly cursor: string;
  readonly changes: readonly unknown[];
}

/**
 * Polls the field. An expired cursor is a gap; polling continues from the current end of the log.
 */
export function createPollFeed(options: PollOptions): ChangeFeed {
  const name = `poll ${options.kind}`;
  const wakeSignal: WakeSignal = { wake: new AbortController() };
  return {
    name,
    kinds: [options.kind],
    changes(signal) {
      // Kept across failures: changes made while the source is unreachable are reported afterwards.
      const position: FeedPosition = { cursor: null, lost: false };
      return reconnecting(name, () => poll(options, position, wakeSignal, signal), options, signal);
    },
    pollNow: () => wakeSignal.wake.abort(),
  };
}

/**
 * Ends the pause. It is created before each poll, so that a call during a poll causes another one.
 */
interface WakeSignal {
  wake: AbortController;
}

/** The position in the log. `lost`: changes before it may have been missed. */
interface FeedPosition {
  cursor: string | null;
  lost: boolean;
}

async function* poll(
  options: PollOptions,
  position: FeedPosition,
  wakeSignal: WakeSignal,
  signal: AbortSignal,
): AsyncGenerator<FeedMessage> {
  const { kind, intervalMs = HEARTBEAT_MS, clock } = options;
  let inRow = 0;
  while (!signal.aborted) {
    wakeSignal.wake = new AbortController();
    const page = await ask(options, position.cursor);
    if (page === null) {
      if (position.cursor === null) throw new Error(`${options.field} takes no cursor and gives none`);
      Object.assign(position, { cursor: null, lost: true });
      continue;
    }
    const moved = page.cursor !== position.cursor;
    position.cursor = page.cursor;
    // The gap is reported only with a new cursor: changes from here on will be reported.
    if (position.lost) yield { type: 'GAP', reason: 'the source no longer takes our cursor', kinds: [kind] };
    position.lost = false;
    if (page.changes.length > 0)
      yield* tellChanges(
        [kind],
        page.changes.map((raw) => ({ kind, raw })),
      );
    inRow = page.changes.length >= FULL_PAGE && moved ? inRow + 1 : 0;
    if (inRow > 0 && inRow < MAX_IN_ROW) continue;
    // Only what has been told completely is up to date.
    if (inRow === 0) yield { type: 'HEARTBEAT', kinds: [kind] };
    inRow = 0;
    await pausing(clock, intervalMs, signal, wakeSignal.wake.signal);
  }
}

/** One page after the cursor; null when the source no longer accepts it. */
async function ask({ field, post }: PollOptions, since: string | null): Promise<Page | null> {
  const query = `query Changes($since: String) { page: ${field}(since: $since) { cursor changes { ern audience from to at } } }`;
  const answer = JSON.parse(await post(JSON.stringify({ query, variables: { since } }))) as ChangesResponse;
  const page = answer.data?.page;
  if (typeof page?.cursor === 'string' && Array.isArray(page.changes)) return page as Page;
  if (answer.errors?.some((error) => error.extensions?.cursor === 'expired')) return null;
  throw new Error(`no page of ${field} in the answer`);
}

/** The parts of the answer that have the expected shape. */
interface ChangesResponse {
  readonly data?: { readonly page?: { readonly cursor?: unknown; readonly changes?: unknown } | null } | null;
  readonly errors?: readonly { readonly extensions?: { readonly cursor?: unknown } }[];
}
