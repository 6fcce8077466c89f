// Every diagnostics channel of this program and the type of its message. The parts publish; the log
// and the tests subscribe. No part knows who subscribes.
import { type Channel, channel } from 'node:diagnostics_channel';

/** An error whose text must not be shown to clients. */
export interface ErrorReport {
  readonly error: unknown;
  /** Where in the GraphQL answer it happened. */
  readonly path: readonly (string | number)[] | undefined;
  /** The request in which it happened, as far as it is known. */
  readonly requestId: string | undefined;
  /** Some of the requests that share the call in which it happened; undefined: not shared. */
  readonly requestIds: readonly string[] | undefined;
  /** The subgraph that was called, if one was. */
  readonly subgraph: string | undefined;
}

/** A change feed that failed and will connect again. */
export interface FeedFailure {
  readonly feed: string;
  readonly error: unknown;
}

/** A change feed that may have lost changes: everything of its kinds counts as changed. */
export interface FeedGap {
  readonly feed: string;
  readonly reason: string;
}

/** Malformed items that a source sent in one answer. */
export interface DroppedItems {
  readonly kind: string;
  /** See {@link requestsOf}. */
  readonly requestIds: readonly string[];
  /** By slice: how many, and the different reasons. */
  readonly items: readonly {
    readonly audience: string;
    readonly month: string;
    readonly count: number;
    readonly reasons: readonly string[];
    /** For each reason the name of an item, as far as it can be read. */
    readonly examples: readonly (string | null)[];
  }[];
}

/** A call to a source that has ended. */
export interface SourceCall {
  readonly kind: string;
  /** Number of queries in the call. */
  readonly size: number;
  /** Milliseconds, waiting for a free place included. */
  readonly ms: number;
  /** See {@link requestsOf}. */
  readonly requestIds: readonly string[];
  /** The different failures of its queries, at most one of each message. */
  readonly failures: readonly SourceFailure[];
}

/** Why a query to a source failed: a reason code, and the text for the log. */
export interface SourceFailure {
  readonly reason: string;
  readonly message: string;
}

/** A request that a server of ours has answered. */
export interface HttpRequestReport {
  /** `gateway`, or the name of the subgraph. */
  readonly server: string;
  /** The route's pattern, never the path: that may have a token. `none`: no route. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly ms: number;
  /** The name of a persisted operation, `ad-hoc` for another one; undefined if no operation ran. */
  readonly operation: string | undefined;
  /** The code of the first error of a GraphQL answer, or a status from 500 on; undefined: none. */
  readonly error: string | undefined;
}

/** How a request to GraphQL was answered: `hit`, or why not, in the words of RFC 9211. */
export interface ResponseCacheReport {
  readonly status: 'hit' | 'miss' | 'stale' | 'collapsed' | 'bypass';
}

/** An operation that a subgraph has executed: whether compiled; `failed`: so, and then again. */
export interface ExecutionReport {
  readonly compiled: 'yes' | 'no' | 'failed';
}

/** An operation that the gateway has executed. */
export interface OverheadReport {
  /** Milliseconds, without those in which it waited for subgraphs. */
  readonly ms: number;
}

/** A request that was refused at once, because there are too many or the process is too slow. */
export interface ShedRequest {
  readonly reason: 'requests in flight' | 'event loop';
}

/** A call of the gateway to a subgraph that has ended. */
export interface SubgraphCall {
  readonly subgraph: string;
  readonly ms: number;
  /** The reason of the failure; null: answered. */
  readonly error: string | null;
}

/** A calendar that was read. */
export interface AnswerReport {
  readonly completeness: string;
}

/** The circuit breaker of a service was made, opened or closed. */
export interface BreakerReport {
  readonly service: string;
  /** What it is called for: `reads` or `changes`. */
  readonly use: string;
  readonly isOpen: boolean;
}

/** Changes that a feed has reported. */
export interface FeedChanges {
  readonly feed: string;
  /** How many concern months of an audience, and how many all of it. */
  readonly reach: { readonly months: number; readonly audience: number };
  readonly malformed: number;
  /**
   * For each kind (`ANY`: the feed does not say), milliseconds since the oldest of them was
   * written, of those that say when.
   */
  readonly lagMs: Readonly<Record<string, number>>;
}

/** What a part tells of itself when it is asked. */
export type Gauge =
  | {
      readonly of: 'cache';
      readonly cache: string;
      readonly bytes: number;
      readonly entries: number;
      /** Number of reads by the state of what was given, since the start. */
      readonly reads: Readonly<Record<string, number>>;
      /** Number of loads by source and reason, since the start. */
      readonly loads: readonly { readonly source: string; readonly reason: string; readonly count: number }[];
    }
  | {
      readonly of: 'feed';
      readonly feed: string;
      readonly isLive: boolean;
      /**
       * For each kind, milliseconds since the feed was complete; without those not heard of yet.
       */
      readonly ageMs: Readonly<Record<string, number>>;
    };

/** Asks every part for its gauges; each calls `add` at once. */
export interface GaugesWanted {
  readonly add: (gauge: Gauge) => void;
}

/** A read of another user's calendar by an administrator or staff of a course. No titles. */
export interface ForeignRead {
  readonly viewer: string;
  readonly user: string;
  readonly as: 'ADMINISTRATOR' | 'STAFF';
  /** The field of the schema. */
  readonly field: string;
  readonly kinds: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly requestId: string;
}

/** A SQL statement that is about to run. */
export interface StatementReport {
  readonly sql: string;
}

/** The file of a secret has another text, which is used from now on. */
export interface SecretFileChange {
  /** The setting. */
  readonly name: string;
}

/** A former name that is still used and will not be supported by the next version. */
export interface FormerNameUse {
  readonly former: string;
  readonly present: string;
}

/** Channel name → type of its message. */
export interface Channels {
  'calendar:error': ErrorReport;
  'calendar:feed-failure': FeedFailure;
  'calendar:feed-gap': FeedGap;
  'calendar:dropped-items': DroppedItems;
  'calendar:source-call': SourceCall;
  'calendar:http-request': HttpRequestReport;
  'calendar:subgraph-call': SubgraphCall;
  'calendar:answer': AnswerReport;
  'calendar:response-cache': ResponseCacheReport;
  'calendar:execution': ExecutionReport;
  'calendar:gateway-overhead': OverheadReport;
  'calendar:shed-request': ShedRequest;
  'calendar:breaker': BreakerReport;
  'calendar:feed-changes': FeedChanges;
  'calendar:gauges-wanted': GaugesWanted;
  'calendar:foreign-read': ForeignRead;
  'calendar:sql': StatementReport;
  'calendar:former-name': FormerNameUse;
  'calendar:secret-file': SecretFileChange;
}

// Every channel is kept: Node 20 keeps a channel without subscribers weakly, and when it has been
// collected its finalizer can remove a newer channel of the same name with the subscribers of that.
const kept = new Map<string, Channel>();

function channelOf(name: keyof Channels): Channel {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const made = channel(name);
  kept.set(name, made);
  return made;
}

/** Publishes a message; almost free without subscribers. */
export function publish<Name extends keyof Channels>(name: Name, message: Channels[Name]): void {
  const subscribers = channelOf(name);
  if (subscribers.hasSubscribers) subscribers.publish(message);
}

/** Subscribes to a channel. The returned function ends the subscription. */
export function listen<Name extends keyof Channels>(
  name: Name,
  onMessage: (message: Channels[Name]) => void,
): () => void {
  // `publish` ensures the type of a channel's messages.
  const listener = (message: unknown) => onMessage(message as Channels[Name]);
  const subscribers = channelOf(name);
  subscribers.subscribe(listener);
  return () => subscribers.unsubscribe(listener);
}

/** Reports an error whose text must not be shown to clients. */
export function reportError(error: unknown, about: Partial<Omit<ErrorReport, 'error'>> = {}): void {
  const { path, requestId, requestIds, subgraph } = about;
  publish('calendar:error', { error, path, requestId, requestIds, subgraph });
}

const MAX_REQUESTS = 5;

/**
 * The ids of the requests that share something, at most five: enough to find one of them. Empty: no
 * request has asked for it.
 */
export function requestsOf(ids: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(ids)].filter((id) => id !== undefined).slice(0, MAX_REQUESTS);
}
