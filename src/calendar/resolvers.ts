// The calendar's fields. Each authorises before anything is read, then calls one use case; what it means is decided there.

import type { Principal } from '../auth/principal.ts';
import type { Clock } from '../clock.ts';
import { ApiError, badInput } from '../errors.ts';
import type { SubgraphContext } from '../subgraph/subgraph.ts';
import type { ScheduleEvent } from './model/event.ts';
import type { EventRef } from './model/event-id.ts';
import { parseEventId } from './model/event-id.ts';
import type { Access } from './read/access.ts';
import { kindsOf, wantedBy } from './read/filter.ts';
import { type ReadThrough, readCalendar } from './read/read-calendar.ts';
import { parseWindow, parseZone } from './read/window.ts';
import type { Resolvers, UserCalendarArgs } from './schema-types.ts';
import { calendarView, EventView, type Frame, TYPE_OF } from './view.ts';

/** What the fields are built on. */
export interface CalendarUseCases {
  readonly through: ReadThrough;
  /** What the viewer may see of the user. Throws UNAVAILABLE when that cannot be found out. */
  readonly accessOf: (viewer: Principal, userId: string) => Promise<Access>;
  /** One event, read from its source now; null when there is none. Throws UNAVAILABLE when the source fails. */
  readonly readEvent: (ref: EventRef, until: Promise<unknown>) => Promise<ScheduleEvent | null>;
  readonly clock: Clock;
  readonly eventUrl: (ern: string) => string;
  /** Longest a reader waits, in milliseconds. */
  readonly deadlineMs: number;
}

/** What one request remembers: access already decided for it. */
export interface RequestMemo {
  readonly access: Map<string, Promise<Access>>;
}

type Context = SubgraphContext & RequestMemo;

/** Resolvers for `schema/calendar.graphql`. */
export function createResolvers(cases: CalendarUseCases): Resolvers<Context> {
  const { clock, through } = cases;

  const frame = (zone = through.homeZone): Frame => ({ zone, now: clock.now(), eventUrl: cases.eventUrl });

  /**
   * Resolves when this reader waits no longer: their own timeout, what is left of the caller's, or ours, from now.
   * The timer is only set when somebody waits: an answer from the cache sets none.
   */
  const patience = (
    { deadlineMs = cases.deadlineMs }: Context,
    timeout = cases.deadlineMs,
  ): (() => Promise<unknown>) => {
    const end = clock.now() + Math.min(timeout, deadlineMs, cases.deadlineMs);
    let over: Promise<void> | undefined;
    return () => {
      over ??= new Promise((resolve) => clock.after(Math.max(0, end - clock.now()), resolve));
      return over;
    };
  };

  /** What the viewer may see of the user; throws FORBIDDEN, the same for users that do not exist. */
  const authorise = async (context: Context, userId: string): Promise<NonNullable<Access>> => {
    const viewer = viewerOf(context);
    const known = context.access.get(userId) ?? cases.accessOf(viewer, userId);
    context.access.set(userId, known);
    const access = await known;
    if (access === null) throw new ApiError('FORBIDDEN', 'This calendar is not yours to read.');
    return access;
  };

  const calendarOf = async (userId: string, args: UserCalendarArgs, context: Context) => {
    const window = parseWindow(args);
    const drawn = frame(args.timeZone === null || args.timeZone === undefined ? undefined : parseZone(args.timeZone));
    const wanted = wantedBy(args.filter, drawn.now);
    const maxAge = atLeastZero('maxAge', 'seconds', args.maxAge);
    const until = patience(context, atLeastZero('timeout', 'milliseconds', args.timeout));
    const access = await authorise(context, userId);
    const reading = await readCalendar(through, {
      userId,
      window,
      kinds: kindsOf(args.filter),
      keep: (event) => sees(access, event) && wanted(event),
      maxAge: maxAge === undefined ? undefined : maxAge * 1000,
      get until() {
        return until();
      },
    });
    return calendarView(reading, window, drawn);
  };

  return {
    Query: {
      viewer: (_, __, { caller }) => (caller.user === null ? null : { id: caller.user.id }),
      user: async (_, { id }, context) => {
        await authorise(context, id);
        return { id };
      },
      scheduleEvent: async (_, { id }, context) => {
        const ref = parseEventId(id);
        if (ref === null) throw badInput('id', 'the id of an event', id);
        const until = patience(context);
        const access = await authorise(context, ref.userId);
        const event = await cases.readEvent(ref, until());
        return event !== null && sees(access, event) ? new EventView(event, frame()) : null;
      },
    },
    User: {
      __resolveReference: ({ id }) => ({ id }),
      calendar: ({ id }, args, context) => calendarOf(id, args, context),
    },
    ScheduleEvent: { __resolveType: (event) => TYPE_OF[event.kind] },
  };
}

function viewerOf({ caller }: SubgraphContext): Principal {
  if (caller.user === null) throw new ApiError('UNAUTHENTICATED', 'Expected a signed-in user, given none.');
  return caller.user;
}

const sees = (access: NonNullable<Access>, event: ScheduleEvent): boolean =>
  access === 'ALL' || access.has(event.course.ern);

function atLeastZero(argument: string, unit: string, given: number | null | undefined): number | undefined {
  if (given === null || given === undefined) return undefined;
  if (given < 0) throw badInput(argument, `${unit}, 0 or more`, given);
  return given;
}
