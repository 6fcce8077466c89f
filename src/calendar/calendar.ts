// The calendar subgraph's composition root: it reads as the request path, from the wire to the sources and back.
// Everything it needs of the world comes in through its options; it listens when told to.

import type { VerifyInternal } from '../auth/internal-token.ts';
import type { Clock } from '../clock.ts';
import { ConfigError } from '../errors.ts';
import { readSchema } from '../schema.ts';
import { createSubgraph, type Subgraph } from '../subgraph/subgraph.ts';
import type { ChangeFeed } from './freshness/feed.ts';
import { type FeedState, Invalidator } from './freshness/invalidator.ts';
import { userAudience } from './model/ern.ts';
import type { EventKind } from './model/event.ts';
import type { Relations } from './model/relations.ts';
import { type AudienceKey, audienceNames, type Slice, type SliceKey, sliceNames } from './model/slice.ts';
import { Zone } from './model/zone.ts';
import { createBatchLoader } from './read/batch-loader.ts';
import { findAccess, RELATION_LIFETIMES } from './read/find-access.ts';
import { Floors } from './read/floors.ts';
import { DEFAULT_LIFETIMES, FreshCache, type Lifetimes } from './read/fresh-cache.ts';
import { readEvent } from './read/read-event.ts';
import { monthsCovering } from './read/window.ts';
import { createResolvers, type RequestMemo } from './resolvers.ts';
import type { Answer, AnswerTo, Question } from './sources/entities.ts';
import { ASSIGNMENT, ATTENDANCE, LECTURE, type SourceWords } from './sources/kinds.ts';
import { createSource, type Post } from './sources/source.ts';
import { eventUrlFrom } from './view.ts';

/** What a calendar is made of. Times in milliseconds, sizes in bytes. */
export interface CalendarOptions {
  readonly verify: VerifyInternal;
  /** How each source is called: with its deadline, limits and credentials already seen to. */
  readonly post: Readonly<Record<EventKind, Post>>;
  readonly clock: Clock;
  /** IANA name; its months are the cached unit, and calendars are drawn in it unless asked otherwise. */
  readonly homeZone: string;
  /** The tenant in the resource names of users' own audiences. */
  readonly tenant: string;
  /** Where a click on an event goes, with {ern} in it. */
  readonly eventUrl: string;
  /** Most bytes of slices held. A tenth as much is held of audiences. */
  readonly cacheBytes: number;
  readonly lifetimes?: Partial<Lifetimes>;
  /** Where changes are heard of. Default none: then only the lifetimes tell. */
  readonly feeds?: readonly ChangeFeed[];
  /** Longest a reader waits. */
  readonly deadlineMs: number;
  /** Most questions in one call to a source, and how long a call gathers them. */
  readonly batch: { readonly maxBatch: number; readonly gatherMs: number };
  readonly introspection?: boolean;
}

/** A calendar subgraph, with the means to tell its caches that something changed. */
export interface Calendar extends Subgraph {
  /** Everything that bears the name (see `sliceNames`, `audienceNames`) is read anew before it is served fresh. */
  invalidate(name: string): void;
  invalidateAll(): void;
  /** How the feeds are, which are listened to from `listen` to `close`. */
  readonly feeds: readonly FeedState[];
}

/** How long, in milliseconds, a value counts as fresh while a feed would tell of its changes. */
const WATCHED_FRESH_MS = 600_000;

/** Builds the calendar subgraph; nothing is called or listens before `listen`. Throws ConfigError. */
export function createCalendar(options: CalendarOptions): Calendar {
  const homeZone = Zone.named(options.homeZone);
  if (homeZone === null) throw new ConfigError('HOME_ZONE', 'an IANA time zone name', options.homeZone);
  const { clock, tenant } = options;
  const ownAudience = (userId: string) => userAudience(tenant, userId);

  const ask = askSources(options);
  const floors = new Floors({ now: () => clock.now() });
  const invalidator = new Invalidator({
    feeds: options.feeds ?? [],
    clock,
    invalidate: (name) => floors.raise(name),
    monthsOf: ({ from, to }) => monthsCovering({ from, to: to + 1 }, homeZone).map((month) => month.name),
  });
  const caches = createCaches(options, floors, ask, ownAudience, watchedLifetimes(options, invalidator));

  const resolvers = createResolvers({
    through: { ...caches, homeZone, ownAudience },
    accessOf: (viewer, userId) => findAccess(caches, viewer, userId),
    readEvent: (ref, until) =>
      readEvent(
        {
          audiences: (kind, userId) => ask(kind, { ask: 'audiences', userId }),
          item: (kind, ern, audience) => ask(kind, { ask: 'item', ern, audience }),
        },
        ref,
        ownAudience(ref.userId),
        until,
      ),
    clock,
    eventUrl: eventUrlFrom(options.eventUrl),
    deadlineMs: options.deadlineMs,
  });
  const subgraph = createSubgraph<RequestMemo>({
    name: 'calendar',
    typeDefs: readSchema('calendar'),
    resolvers,
    verify: options.verify,
    context: () => ({ access: new Map() }),
    introspection: options.introspection ?? false,
  });
  return {
    async listen(at) {
      const endpoint = await subgraph.listen(at);
      invalidator.start();
      return endpoint;
    },
    async close() {
      await Promise.all([subgraph.close(), invalidator.stop()]);
    },
    invalidate: (name) => floors.raise(name),
    invalidateAll: () => floors.raiseAll(),
    get feeds() {
      return invalidator.states;
    },
  };
}

/** Fresh for long while a feed would tell of changes, and for as long as without feeds when it would not. */
function watchedLifetimes({ lifetimes }: CalendarOptions, invalidator: Invalidator) {
  const unwatched = lifetimes?.fresh ?? DEFAULT_LIFETIMES.fresh;
  const fresh = (key: { readonly kind: EventKind }) =>
    invalidator.watches(key.kind) ? Math.max(WATCHED_FRESH_MS, unwatched(key)) : unwatched(key);
  return { ...lifetimes, fresh };
}

/** One question to one source. Questions of a moment leave together. */
type Ask = <Q extends Question>(kind: EventKind, question: Q) => Promise<AnswerTo[Q['ask']]>;

function askSources({ post, batch }: CalendarOptions): Ask {
  const load = (words: SourceWords) => {
    const source = createSource(words, post[words.kind]);
    return createBatchLoader<Question, Answer>((questions) => source.ask(questions), batch);
  };
  const loaders = { LECTURE: load(LECTURE), ATTENDANCE: load(ATTENDANCE), ASSIGNMENT: load(ASSIGNMENT) };
  // A source answers each question in its own kind: the one thing the batch in between cannot express.
  return (kind, question) => loaders[kind](question) as Promise<AnswerTo[(typeof question)['ask']]>;
}

function createCaches(
  { clock, cacheBytes }: CalendarOptions,
  floors: Floors,
  ask: Ask,
  ownAudience: (userId: string) => string,
  lifetimes: Partial<Lifetimes<{ readonly kind: EventKind }>>,
) {
  const shared = { floors, clock, lifetimes };
  return {
    audiences: new FreshCache<AudienceKey, readonly string[]>({
      ...shared,
      load: ({ kind, userId }) => ask(kind, { ask: 'audiences', userId }),
      id: ({ kind, userId }) => `${kind}|${userId}`,
      names: ({ kind, userId }) => audienceNames(kind, ownAudience(userId)),
      sizeOf: (audiences) => 200 + 100 * audiences.length,
      maxBytes: Math.ceil(cacheBytes / 10),
    }),
    slices: new FreshCache<SliceKey, Slice>({
      ...shared,
      load: ({ kind, audience, month }) => ask(kind, { ask: 'slice', audience, month }),
      id: ({ kind, audience, month }) => `${kind}|${audience}|${month.name}`,
      names: sliceNames,
      sizeOf: (slice) => 200 + 500 * slice.items.length,
      maxBytes: cacheBytes,
    }),
    relations: new FreshCache<string, Relations>({
      ...shared,
      lifetimes: RELATION_LIFETIMES,
      load: (userId) => ask('LECTURE', { ask: 'relations', userId }),
      id: (userId) => userId,
      names: (userId) => audienceNames('LECTURE', ownAudience(userId)),
      sizeOf: ({ teaches, observes }) => 200 + 100 * (teaches.length + observes.length),
      maxBytes: Math.ceil(cacheBytes / 10),
    }),
  };
}
