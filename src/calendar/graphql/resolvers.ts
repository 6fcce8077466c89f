// The calendar's fields: each prepares its read, calls one use case, and draws the answer. What it means is decided there.
import type { Principal } from '../../auth/principal.ts';
import { ApiError, badInput } from '../../errors.ts';
import type { ReadOptions } from '../cache/fresh-cache.ts';
import { BUSY } from '../model/derive.ts';
import { isUserId } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind, type ScheduleEvent } from '../model/event.ts';
import { type EventRef, parseEventId } from '../model/event-id.ts';
import { type Agenda, cursorAt, formatCursor, parseCursor } from '../read/agenda.ts';
import { differenceOf } from '../read/difference.ts';
import { withTeacherView } from '../read/merge.ts';
import { readAgenda } from '../read/read-agenda.ts';
import { type ReadThrough, readCalendar } from '../read/read-calendar.ts';
import { monthAround, parseWindow } from '../read/window.ts';
import { busyIntervals, freeBusyCompleteness } from '../shape/free-busy.ts';
import { type CalendarArgs, packToken, type SyncState, unpackToken } from '../shape/sync-token.ts';
import { versionOf } from '../shape/version.ts';
import type { FeedAddress, FeedAddresses } from '../subscription/address.ts';
import { CalendarView } from './calendar-view.ts';
import { EventView, statusView, TYPE_OF } from './event-view.ts';
import { type Context, type Reader, sees, viewerOf } from './prepare-read.ts';
import type { Resolvers, UserCalendarArgs, UserUpcomingArgs } from './schema-types.generated.ts';

/** What the fields are built on. */
export interface CalendarUseCases {
  readonly reader: Reader;
  readonly through: ReadThrough;
  /** Ids of the users the viewer observes. Throws UNAVAILABLE when that cannot be found out. */
  readonly observedBy: (viewer: Principal, readOptions: ReadOptions) => Promise<readonly string[]>;
  /** One event, read from its source now; null when there is none. Throws UNAVAILABLE when the source fails. */
  readonly readEvent: (ref: EventRef, until: Promise<unknown>) => Promise<ScheduleEvent | null>;
  readonly addresses: FeedAddresses;
  /** Where feeds are served, without a slash at the end: https://calendar.example.ac.kr. */
  readonly publicUrl: string;
  /** Something of this kind was just written: whoever hears of changes in rounds asks now. */
  readonly pollNow: (kind: EventKind) => void;
}

/** Longest page of an agenda. */
const MAX_FIRST = 100;
/** Scope of the service that serves feeds. */
const FEED_SCOPE = 'feed:read';
/** Scope of the service that writes are made through. */
const HINT_SCOPE = 'changes:hint';

/** Resolvers for `schema/calendar.graphql`. */
export function createResolvers(cases: CalendarUseCases): Resolvers<Context> {
  const { reader, through } = cases;

  const calendarOf = async (userId: string, args: UserCalendarArgs, context: Context) => {
    const window = parseWindow(args);
    const prepared = await reader.prepare(userId, args, context);
    const reading = await readCalendar(through, { ...prepared.query, window });
    const { from, to, timeZone = null, filter = null } = args;
    return new CalendarView(userId, { from, to, timeZone, filter }, window, reading, prepared.renderContext);
  };

  const agendaOf = async (agenda: Agenda, userId: string, args: UserUpcomingArgs, context: Context) => {
    const first = args.first ?? 10;
    if (first < 0 || first > MAX_FIRST) throw badInput('first', `0 to ${MAX_FIRST}`, first);
    const after = args.after === null || args.after === undefined ? null : parseCursor(args.after);
    if (after === null && typeof args.after === 'string') throw badInput('after', 'a cursor of this field', args.after);
    const { query, renderContext } = await reader.prepare(userId, args, context);
    const page = await readAgenda(through, { ...query, agenda, first, after, now: renderContext.now });
    const edges = page.events.map((event) => ({
      cursor: formatCursor(cursorAt(agenda, event)),
      node: new EventView(event, renderContext),
    }));
    return {
      edges,
      nodes: edges.map((edge) => edge.node),
      pageInfo: {
        hasNextPage: page.hasNext,
        hasPreviousPage: after !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
      completeness: page.completeness,
      sources: page.sources.map((status) => statusView(status, renderContext.zone)),
    };
  };

  /** What the token remembers, if it is this user's and asks something that can be asked. */
  const stateOf = (userId: string, since: string): SyncState | null => {
    try {
      const state = unpackToken(since, reader.now());
      if (state?.userId !== userId) return null;
      reader.check(state.args);
      return parseWindow(state.args) && state;
    } catch {
      return null;
    }
  };

  const thisMonth = (): CalendarArgs => {
    const { zone, now } = reader.renderContext();
    const { from, to } = monthAround(now, zone);
    return { from: zone.format(from), to: zone.format(to), timeZone: null, filter: null };
  };

  const changesOf = async (userId: string, since: string, context: Context) => {
    const state = stateOf(userId, since);
    const args = state?.args ?? thisMonth();
    const { query, renderContext } = await reader.prepare(userId, args, context);
    const reading = await readCalendar(through, { ...query, window: parseWindow(args) });
    const shown = state?.versions ?? null;
    const difference = differenceOf(shown ?? new Map(), reading.events, reading.sources, versionOf);
    return {
      upserted: difference.upserted.map((event) => new EventView(event, renderContext)),
      removed: [...difference.removed],
      isFullSync: shown === null,
      syncToken: packToken({ userId, args, at: renderContext.now, versions: difference.versions }),
      completeness: reading.completeness,
      sources: reading.sources.map((status) => statusView(status, renderContext.zone)),
    };
  };

  const freeBusyOf = async (userId: string, args: FreeBusyArgs, context: Context) => {
    viewerOf(context);
    if (!isUserId(userId)) throw badInput('user', "a user's id", userId);
    const window = parseWindow(args);
    const renderContext = reader.renderContext(args.timeZone);
    const readOptions = reader.readOptions(context, reader.patience(context));
    const reading = await readCalendar(through, {
      userId,
      kinds: BUSY_KINDS,
      keep: () => true,
      teaches: null,
      readOptions,
      window,
    });
    const busy = busyIntervals(reading.events, window).map(({ startsAt, endsAt }) => ({
      startsAt: renderContext.zone.format(startsAt),
      endsAt: renderContext.zone.format(endsAt),
    }));
    return { busy, completeness: freeBusyCompleteness(reading.completeness, reading.sources) };
  };

  const feedView = ({ token, rotatedAt }: FeedAddress) => {
    const url = `${cases.publicUrl}/calendar/${token}.ics`;
    const { zone } = reader.renderContext();
    return {
      url,
      webcalUrl: url.replace(/^https?:/, 'webcal:'),
      rotatedAt: rotatedAt === null ? null : zone.format(rotatedAt),
    };
  };

  return {
    Query: {
      viewer: (_, __, { caller }) => (caller.user === null ? null : { id: caller.user.id }),
      user: async (_, { id }, context) => {
        await reader.authorise(context, id);
        return { id };
      },
      observed: async (_, __, context) => {
        const readOptions = reader.readOptions(context, reader.patience(context));
        return (await cases.observedBy(viewerOf(context), readOptions)).map((id) => ({ id }));
      },
      scheduleEvent: async (_, { id }, context) => {
        const ref = parseEventId(id);
        if (ref === null) throw badInput('id', 'the id of an event', id);
        const until = reader.patience(context);
        const access = await reader.authorise(context, ref.userId);
        const teaches = reader.taughtBy(context, ref.userId, reader.readOptions(context, until));
        const event = await cases.readEvent(ref, until());
        if (event === null || !sees(access, event)) return null;
        return new EventView(teaches === null ? event : withTeacherView(event, await teaches), reader.renderContext());
      },
      freeBusy: (_, { user, ...args }, context) => freeBusyOf(user, args, context),
      calendarFeedOwner: (_, { token }, { caller }) => {
        requireScope(caller, FEED_SCOPE);
        return cases.addresses.ownerOf(token);
      },
    },
    Mutation: {
      rotateCalendarFeed: async (_, __, context) =>
        feedView(await cases.addresses.rotate(viewerOf(context).id, reader.renderContext().now)),
      notifyChange: (_, { kind }, { caller }) => {
        requireScope(caller, HINT_SCOPE);
        cases.pollNow(kind);
        return true;
      },
    },
    User: {
      __resolveReference: ({ id }) => ({ id }),
      calendar: ({ id }, args, context) => calendarOf(id, args, context),
      upcoming: ({ id }, args, context) => agendaOf('UPCOMING', id, args, context),
      overdue: ({ id }, args, context) => agendaOf('OVERDUE', id, args, context),
      calendarChanges: ({ id }, { since }, context) => changesOf(id, since, context),
      freeBusy: ({ id }, args, context) => freeBusyOf(id, args, context),
      calendarFeed: async ({ id }, _, context) =>
        viewerOf(context).id === id ? feedView(await cases.addresses.addressOf(id)) : null,
    },
    CalendarDay: {
      segments: ({ segments }, { first }) =>
        typeof first === 'number' ? segments.slice(0, Math.max(0, first)) : segments,
    },
    ScheduleEvent: { __resolveType: (event) => TYPE_OF[event.kind] },
  };
}

type FreeBusyArgs = Pick<UserCalendarArgs, 'from' | 'to' | 'timeZone'>;

/** Kinds with events that take a user's time. */
const BUSY_KINDS = EVENT_KINDS.filter((kind) => BUSY[kind] === 'BUSY');

function requireScope({ scopes }: Context['caller'], scope: string): void {
  if (!scopes.includes(scope)) throw new ApiError('FORBIDDEN', `Expected the scope ${scope}.`);
}
