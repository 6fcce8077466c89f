// What every field that reads a calendar does first, in this order: checks what was asked, authorises, and only then reads,
// within the time there is. Nothing is read, from cache or source, for a viewer who may not see it.
import type { Principal } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { ApiError, badInput } from '../../errors.ts';
import type { SubgraphContext } from '../../subgraph/subgraph.ts';
import type { ReadOptions } from '../cache/fresh-cache.ts';
import { belongsToUser } from '../model/ern.ts';
import type { ScheduleEvent } from '../model/event.ts';
import type { EventFilter } from '../model/event-filter.ts';
import type { Zone } from '../model/zone.ts';
import type { Access } from '../read/access.ts';
import { kindsOf, wantedBy } from '../read/filter.ts';
import type { CalendarQuery } from '../read/read-calendar.ts';
import { parseZone } from '../read/window.ts';
import type { RenderContext } from './event-view.ts';

/** What a reader is built on. */
export interface ReaderOptions {
  /** What the viewer may see of the user, by copies within the readOptions. Throws UNAVAILABLE when that cannot be found out. */
  readonly accessOf: (viewer: Principal, userId: string, readOptions: ReadOptions) => Promise<Access>;
  /** The courses that the user teaches, null when there can be none. Never rejects. */
  readonly taughtBy: (viewer: Principal, userId: string, readOptions: ReadOptions) => CalendarQuery['teaches'];
  readonly clock: Clock;
  readonly homeZone: Zone;
  readonly eventUrl: (ern: string) => string;
  /** Longest a reader waits, in milliseconds. */
  readonly deadlineMs: number;
}

/** What one request remembers: access already decided for it. */
export interface RequestMemo {
  readonly access: Map<string, Promise<Access>>;
}

/** The context of every resolver. */
export type Context = SubgraphContext & RequestMemo;

/** What fields that read have in common among their arguments. */
export interface ReadArgs {
  readonly timeZone?: string | null | undefined;
  readonly filter?: EventFilter | null | undefined;
  /** Seconds. */
  readonly maxAge?: number | null | undefined;
  /** Milliseconds. */
  readonly timeout?: number | null | undefined;
}

/** A query that may be asked: checked, authorised, with its deadline running; and what its answer is drawn against. */
export interface Prepared {
  readonly query: CalendarQuery;
  readonly renderContext: RenderContext;
}

/** Prepares reads; see the head of the file. */
export class Reader {
  readonly #options: ReaderOptions;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** What the answer is drawn against; throws BAD_USER_INPUT for a zone that is none. */
  renderContext(timeZone?: string | null): RenderContext {
    const { clock, homeZone, eventUrl } = this.#options;
    const zone = timeZone === null || timeZone === undefined ? homeZone : parseZone(timeZone);
    return { zone, now: clock.now(), eventUrl };
  }

  /** Milliseconds. */
  now(): number {
    return this.#options.clock.now();
  }

  /** Throws BAD_USER_INPUT for a zone or a filter that is none. */
  check(args: ReadArgs): { readonly renderContext: RenderContext; readonly wanted: (event: ScheduleEvent) => boolean } {
    const renderContext = this.renderContext(args.timeZone);
    return { renderContext, wanted: wantedBy(args.filter, renderContext.now) };
  }

  /** Throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN or UNAVAILABLE. */
  async prepare(userId: string, args: ReadArgs, context: Context): Promise<Prepared> {
    const { renderContext, wanted } = this.check(args);
    const maxAge = atLeastZero('maxAge', 'seconds', args.maxAge);
    const until = this.patience(context, atLeastZero('timeout', 'milliseconds', args.timeout));
    const access = await this.authorise(context, userId);
    const readOptions = this.readOptions(context, until, maxAge === undefined ? undefined : maxAge * 1000);
    const keep = (event: ScheduleEvent) => sees(access, event) && wanted(event);
    const teaches = this.taughtBy(context, userId, readOptions);
    return { query: { userId, kinds: kindsOf(args.filter), keep, teaches, readOptions }, renderContext };
  }

  /** What the viewer may see of the user; throws FORBIDDEN, the same for users that do not exist. */
  async authorise(context: Context, userId: string): Promise<NonNullable<Access>> {
    const viewer = viewerOf(context);
    const known = context.access.get(userId) ?? this.#options.accessOf(viewer, userId, { maxAge: context.wroteMsAgo });
    context.access.set(userId, known);
    const access = await known;
    return access ?? forbidden();
  }

  /** The courses that the user teaches, null when there can be none. Never rejects. */
  taughtBy(context: Context, userId: string, readOptions: ReadOptions): CalendarQuery['teaches'] {
    return this.#options.taughtBy(viewerOf(context), userId, readOptions);
  }

  /** Copies as old as asked for (milliseconds) at most, and none from before the viewer's own last write. */
  readOptions({ wroteMsAgo }: SubgraphContext, until: () => Promise<unknown>, maxAge = wroteMsAgo): ReadOptions {
    return {
      maxAge: maxAge === undefined ? undefined : Math.min(maxAge, wroteMsAgo ?? maxAge),
      get until() {
        return until();
      },
    };
  }

  /**
   * Resolves when this reader waits no longer: their own timeout, what is left of the caller's, or ours, from now.
   * The timer is only set when somebody waits: an answer from the cache sets none.
   */
  patience({ deadlineMs }: SubgraphContext, timeout?: number): () => Promise<unknown> {
    const { clock, deadlineMs: ours } = this.#options;
    const end = clock.now() + Math.min(timeout ?? ours, deadlineMs ?? ours, ours);
    let over: Promise<void> | undefined;
    return () => {
      over ??= new Promise((resolve) => clock.after(Math.max(0, end - clock.now()), resolve));
      return over;
    };
  }
}

/** The signed-in user; throws UNAUTHENTICATED when there is none. */
export function viewerOf({ caller }: Pick<SubgraphContext, 'caller'>): Principal {
  if (caller.user === null) throw new ApiError('UNAUTHENTICATED', 'Expected a signed-in user, given none.');
  return caller.user;
}

/** The one refusal, the same for users that do not exist. */
export function forbidden(): never {
  throw new ApiError('FORBIDDEN', 'This calendar is not yours to read.');
}

/** Whether the event is among those that may be seen. A user's own is no teacher's, whichever course it says it is about. */
export const sees = (access: NonNullable<Access>, event: ScheduleEvent): boolean =>
  access === 'ALL' || (access.has(event.course.ern) && !belongsToUser(event.ern));

function atLeastZero(argument: string, unit: string, given: number | null | undefined): number | undefined {
  if (given === null || given === undefined) return undefined;
  if (given < 0) throw badInput(argument, `${unit}, 0 or more`, given);
  return given;
}
