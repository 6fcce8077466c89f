// What every field that reads a calendar does first, in this order: it checks the arguments,
// authorises the viewer, and only then reads, before its deadline. No cache and no source is read
// for a viewer who is not allowed to see the calendar.
import type { Principal } from '../../auth/principal.ts';
import { allows, mayAdministrate } from '../../auth/rights.ts';
import type { Clock } from '../../clock.ts';
import { badInput } from '../../errors.ts';
import { isUserId } from '../../resource-name.ts';
import type { SubgraphContext } from '../../subgraph/subgraph.ts';
import type { ReadOptions } from '../cache/fresh-cache.ts';
import { belongsToUser, isWithin } from '../model/ern.ts';
import type { ScheduleEvent } from '../model/event.ts';
import type { EventFilter } from '../model/event-filter.ts';
import type { Zone } from '../model/zone.ts';
import type { Access } from '../read/access.ts';
import { kindsOf, wantedBy } from '../read/filter.ts';
import type { CalendarQuery } from '../read/read-calendar.ts';
import { forbidden, viewerOf } from '../read/viewer.ts';
import { parseZone } from '../read/window.ts';
import { Recorder } from '../revalidation/recorder.ts';
import { type AuditedReaders, auditRead } from './audit.ts';
import type { DebugReads } from './debug.ts';
import { type EventUrl, instantsOf, type RenderContext } from './event-view.ts';
import type { RateLimit } from './rate-limit.ts';

/**
 * Who may ask when somebody else is busy; `related`: who may read the calendar, or has a course in
 * common.
 */
export type FreeBusyFor = 'nobody' | 'related' | 'everybody';

/** What preparing a read needs. */
export interface ReadDependencies {
  /**
   * What the viewer is allowed to see of the user. Throws UNAVAILABLE when this cannot be looked
   * up.
   */
  readonly accessOf: (viewer: Principal, userId: string, options: ReadOptions) => Promise<Access>;
  /** Whether the two have a course in common. Throws UNAVAILABLE when this cannot be looked up. */
  readonly haveCommonCourse: (viewer: Principal, userId: string, options: ReadOptions) => Promise<boolean>;
  /** Who may ask when somebody else is busy. */
  readonly freeBusyFor: FreeBusyFor;
  /** How often a viewer may ask when others are busy. */
  readonly freeBusyLimit: RateLimit;
  readonly staffSeesReasons: boolean;
  readonly auditedReaders: AuditedReaders;
  readonly clock: Clock;
  readonly homeZone: Zone;
  readonly eventUrl: EventUrl;
  /** Maximum time of a read, in milliseconds. */
  readonly deadlineMs: number;
}

/** What one request remembers. */
export interface RequestMemo {
  /**
   * When it arrived, in milliseconds on the clock that never goes back: its fields share one
   * budget.
   */
  readonly startedAt: number;
  /** The access it has already looked up, by user id and the age allowed. */
  readonly access: Map<string, Promise<Access>>;
  /**
   * What counts once in a request, though a resolver runs twice when a compiled query fails:
   * questions and reads, by their arguments.
   */
  readonly counted: Set<string>;
  /** What its answer is made of. */
  readonly recorder: Recorder;
  /** The same, to be shown; null if the viewer may not see it. */
  readonly debug: DebugReads | null;
}

/** The context of every resolver. */
export type Context = SubgraphContext & RequestMemo;

/** The arguments that all reading fields have in common. */
export interface ReadArgs {
  /** The window, of fields that have one. */
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string | null | undefined;
  readonly filter?: EventFilter | null | undefined;
  /** Seconds. */
  readonly maxAge?: number | null | undefined;
  /** Milliseconds. */
  readonly timeout?: number | null | undefined;
}

/**
 * A query that is checked and authorised, with its deadline running, and what its answer is
 * formatted with.
 */
export interface PreparedRead {
  readonly query: CalendarQuery;
  readonly renderContext: RenderContext;
}

/**
 * Prepares a read of this field of the schema. Throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN or
 * UNAVAILABLE.
 */
export async function prepareRead(
  dependencies: ReadDependencies,
  userId: string,
  args: ReadArgs,
  context: Context,
  field: string,
): Promise<PreparedRead> {
  const { recorder } = context;
  if (args.maxAge != null || args.timeout != null) recorder.refuse();
  const { renderContext, wanted } = checkArgs(dependencies, args, recorder);
  const maxAge = atLeastZero('maxAge', 'seconds', args.maxAge);
  const deadline = deadlineOf(dependencies, context, atLeastZero('timeout', 'milliseconds', args.timeout));
  const maxAgeMs = maxAge === undefined ? undefined : maxAge * 1000;
  const access = await authorise(dependencies, context, userId, maxAgeMs);
  const { from = null, to = null } = args;
  auditRead(dependencies.auditedReaders, context, userId, access, { field, kinds: kindsOf(args.filter), from, to });
  const readOptions = readOptionsOf(context, deadline, maxAgeMs);
  const hidesReasons = !seesReasons(dependencies, context, userId, access);
  const keep = (event: ScheduleEvent) => sees(access, event) && wanted(event);
  // What is kept apart for those who may not see everything is not confirmed like other copies.
  if (access !== 'ALL') recorder.refuse();
  return {
    query: { userId, kinds: kindsOf(args.filter), sight: access, keep, hidesReasons, readOptions },
    renderContext,
  };
}

/** Checks the time zone and the filter. Throws BAD_USER_INPUT. */
export function checkArgs(
  dependencies: ReadDependencies,
  { timeZone, filter }: ReadArgs,
  recorder?: Recorder,
): { readonly renderContext: RenderContext; readonly wanted: (event: ScheduleEvent) => boolean } {
  const renderContext = renderContextOf(dependencies, timeZone, recorder);
  const { now } = renderContext;
  const matches = wantedBy(filter, now);
  const wanted = (event: ScheduleEvent) => {
    renderContext.recorder.changesAt(now, ...instantsOf(event));
    return matches(event);
  };
  return { renderContext, wanted: filter?.completion == null ? matches : wanted };
}

/**
 * What an answer is formatted with, and where it is recorded. Throws BAD_USER_INPUT for an unknown
 * time zone.
 */
export function renderContextOf(
  { clock, homeZone, eventUrl }: ReadDependencies,
  timeZone?: string | null,
  recorder = new Recorder(),
): RenderContext {
  const zone = timeZone === null || timeZone === undefined ? homeZone : parseZone(timeZone);
  return { zone, now: clock.now(), eventUrl, recorder };
}

/**
 * What the viewer is allowed to see of the user, by {@link accessTo}. Throws FORBIDDEN, also for
 * users that do not exist.
 */
export async function authorise(
  dependencies: ReadDependencies,
  context: Context,
  userId: string,
  maxAge?: number,
): Promise<NonNullable<Access>> {
  return (await accessTo(dependencies, context, userId, maxAge)) ?? forbidden();
}

/**
 * What the viewer is allowed to see of the user; null: nothing. Looked up once in a request, with
 * copies of at most `maxAge` milliseconds. Throws FORBIDDEN for what cannot be a user id, before it
 * is a key of anything that is shared.
 */
export function accessTo(
  dependencies: ReadDependencies,
  context: Context,
  userId: string,
  maxAge?: number,
): Promise<Access> {
  const viewer = viewerOf(context);
  if (!isUserId(userId)) forbidden();
  const key = `${userId} ${maxAge ?? ''}`;
  const readOptions = () => readOptionsOf(context, deadlineOf(dependencies, context), maxAge);
  const pending = context.access.get(key) ?? dependencies.accessOf(viewer, userId, readOptions());
  context.access.set(key, pending);
  return pending;
}

/**
 * Whether the viewer may know why dates differ, which may tell of an illness: the user, an
 * administrator, and the staff of the course where the setting says so.
 */
export function seesReasons(
  { staffSeesReasons }: Pick<ReadDependencies, 'staffSeesReasons'>,
  context: Context,
  userId: string,
  access: NonNullable<Access>,
): boolean {
  const viewer = viewerOf(context);
  const right = 'dateOverride.reason';
  if (viewer.id === userId) return allows(right, 'self');
  return mayAdministrate(viewer, right) || (staffSeesReasons && access !== 'ALL' && allows(right, 'staff'));
}

/**
 * Copies are at most `maxAge` milliseconds old, and none is older than the viewer's own last write.
 */
export function readOptionsOf(
  { lastWriteAgeMs, recorder, debug, requestId }: Pick<Context, 'lastWriteAgeMs' | 'recorder' | 'debug' | 'requestId'>,
  deadline: () => Promise<unknown>,
  maxAge = lastWriteAgeMs,
): ReadOptions {
  // It differs at each request, so it is not stored.
  if (debug !== null) recorder.refuse();
  return {
    maxAge: maxAge === undefined ? undefined : Math.min(maxAge, lastWriteAgeMs ?? maxAge),
    get deadline() {
      return deadline();
    },
    requestId,
    onRead: recorder.read,
    onDetails: debug?.read,
  };
}

/** The part of the caller's time that is kept for answering: a tenth, at most 50 ms. */
const MARGIN = 0.1;
const MAX_MARGIN_MS = 50;

/**
 * Resolves at the deadline of a read: the `timeout` argument, counted from now, or the request's
 * budget, counted from its arrival. The budget is our maximum, or the caller's remaining time less
 * a margin. The timer starts when the promise is first asked for: an answer from the cache starts
 * none.
 */
export function deadlineOf(
  { clock, deadlineMs: maximum }: ReadDependencies,
  { deadlineMs, startedAt }: SubgraphContext & Pick<RequestMemo, 'startedAt'>,
  timeout = Number.POSITIVE_INFINITY,
): () => Promise<unknown> {
  const callers = deadlineMs === undefined ? maximum : deadlineMs - Math.min(MAX_MARGIN_MS, MARGIN * deadlineMs);
  const end = Math.min(clock.elapsed() + timeout, startedAt + Math.min(callers, maximum));
  let over: Promise<void> | undefined;
  return () => {
    over ??= new Promise((resolve) => clock.after(Math.max(0, end - clock.elapsed()), resolve));
    return over;
  };
}

/**
 * Whether the viewer is allowed to see the event. Who teaches a course sees its sections too, who
 * teaches a section sees what it lists, and neither sees the events of the user alone.
 */
export function sees(access: NonNullable<Access>, event: ScheduleEvent): boolean {
  if (access === 'ALL') return true;
  const isTaught = (course: string) => isWithin(event.course.ern, course) || isWithin(event.audience, course);
  return !belongsToUser(event.ern) && [...access].some(isTaught);
}

function atLeastZero(argument: string, unit: string, value: number | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (value < 0) throw badInput(argument, `${unit}, 0 or more`, value);
  return value;
}
