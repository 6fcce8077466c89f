// The feed that needs nothing installed: asks one source what changed since a cursor, again and
// again. The source promises that no transaction, however late it commits, lands behind a cursor it
// gave out.
import { pausing } from '../../clock.ts';
import type { EventKind } from '../model/event.ts';
import { type ChangeFeed, type FeedMessage, HEARTBEAT_MS, parseChange, sayChanges } from './feed.ts';
import { type Pausing, reconnecting } from './reconnect.ts';

/** One source to ask. */
export interface PollOptions extends Pausing {
  readonly kind: EventKind;
  /** The source's field that lists changes: `lectureChanges`. */
  readonly field: string;
  /**
   * Sends a GraphQL request body and gives the body of the answer; rejects when there is none in
   * time.
   */
  readonly post: (body: string) => Promise<string>;
  /**
   * Milliseconds between two rounds. Default 1 s. Beyond 5 s the feed counts as silent in between.
   */
  readonly intervalMs?: number;
}

interface Page {
  readonly cursor: string;
  readonly changes: readonly unknown[];
}

/**
 * Polls the field. A cursor the source no longer takes is a gap; the next one begins where the log
 * stands now.
 */
export function createPollFeed(options: PollOptions): ChangeFeed {
  const name = `poll ${options.kind}`;
  const wakeSignal: WakeSignal = { wake: new AbortController() };
  return {
    name,
    kinds: [options.kind],
    changes(signal) {
      // Outlives failures: what changes while the source cannot be asked is told afterwards.
      const position: FeedPosition = { cursor: null, lost: false };
      return reconnecting(name, () => poll(options, position, wakeSignal, signal), options, signal);
    },
    pollNow: () => wakeSignal.wake.abort(),
  };
}

/**
 * Ends a pause: made anew before each question, so that what is rung while one is out asks another.
 */
interface WakeSignal {
  wake: AbortController;
}

/** Where in the log we are; `lost`: the way to there is not known. */
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
    // Only now, with a new cursor in hand: what changes from here on will be told.
    if (position.lost) yield { type: 'GAP', reason: 'the source no longer takes our cursor' };
    position.lost = false;
    if (page.changes.length > 0) yield sayChanges(page.changes.map((change) => parseChange(kind, change)));
    if (page.changes.length > 0 && moved) continue;
    yield { type: 'HEARTBEAT', kinds: [kind] };
    await pausing(clock, intervalMs, signal, wakeSignal.wake.signal);
  }
}

/**
 * One page after the cursor; null when the source says that it does not take the cursor (any more).
 */
async function ask({ field, post }: PollOptions, since: string | null): Promise<Page | null> {
  const query = `query Changes($since: String) { page: ${field}(since: $since) { cursor changes { audience from to } } }`;
  const answer = JSON.parse(await post(JSON.stringify({ query, variables: { since } }))) as ChangesResponse;
  const page = answer.data?.page;
  if (typeof page?.cursor === 'string' && Array.isArray(page.changes)) return page as Page;
  if (answer.errors?.some((error) => error.extensions?.cursor === 'expired')) return null;
  throw new Error(`no page of ${field} in the answer`);
}

/** As far as it is what it should be. */
interface ChangesResponse {
  readonly data?: { readonly page?: { readonly cursor?: unknown; readonly changes?: unknown } | null } | null;
  readonly errors?: readonly { readonly extensions?: { readonly cursor?: unknown } }[];
}
