// `User.freeBusy` and `Query.freeBusy`: busy intervals, without titles, for those whom the setting
// allows to ask.
import { mayAdministrate } from '../../auth/rights.ts';
import { badInput } from '../../errors.ts';
import { EVENT_KINDS, KINDS } from '../../event-kinds.ts';
import { EXPECTED_USER_ID, isUserId } from '../../resource-name.ts';
import type { ReadOptions } from '../cache/fresh-cache.ts';
import { readCalendar } from '../read/read-calendar.ts';
import { forbidden, viewerOf } from '../read/viewer.ts';
import { MAX_FREE_BUSY_DAYS, parseWindow } from '../read/window.ts';
import { busyIntervals } from '../shape/free-busy.ts';
import {
  accessTo,
  type Context,
  deadlineOf,
  type ReadDependencies,
  readOptionsOf,
  renderContextOf,
} from './prepare-read.ts';
import type { UserCalendarArgs } from './schema-types.generated.ts';
import type { CalendarUseCases } from './use-cases.ts';

/** Kinds with events that take a user's time. */
const BUSY_KINDS = EVENT_KINDS.filter((kind) => KINDS[kind].busy === 'BUSY');

/** Throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN, OVERLOADED or UNAVAILABLE. */
export async function resolveFreeBusy(
  { read, through }: CalendarUseCases,
  userId: string,
  args: Pick<UserCalendarArgs, 'from' | 'to' | 'timeZone'>,
  context: Context,
) {
  const viewer = viewerOf(context);
  if (!isUserId(userId)) throw badInput('user', EXPECTED_USER_ID, userId);
  const { zone } = renderContextOf(read, args.timeZone);
  const window = parseWindow(args, zone, MAX_FREE_BUSY_DAYS);
  const readOptions = readOptionsOf(context, deadlineOf(read, context));
  const question = JSON.stringify(['freeBusy', userId, window]);
  // Before it is decided, so that refusals cannot be had in any number either.
  if (viewer.id !== userId && !context.counted.has(question)) read.freeBusyLimit(viewer.id);
  context.counted.add(question);
  const sight = (await sightOf(read, context, userId, readOptions)) ?? forbidden();
  const query = { userId, kinds: BUSY_KINDS, sight, keep: () => true, readOptions, window };
  const reading = await readCalendar(through, query);
  const busy = busyIntervals(reading.events, window).map(({ startsAt, endsAt }) => ({
    startsAt: zone.format(startsAt),
    endsAt: zone.format(endsAt),
  }));
  return { busy, completeness: reading.completeness };
}

/**
 * How the viewer may know when the user is busy, by the setting; null: not at all. Throws
 * UNAVAILABLE.
 */
async function sightOf(
  dependencies: ReadDependencies,
  context: Context,
  userId: string,
  options: ReadOptions,
): Promise<'ALL' | 'BUSY' | null> {
  const { freeBusyFor, haveCommonCourse } = dependencies;
  const viewer = viewerOf(context);
  if (viewer.id === userId) return 'ALL';
  if (freeBusyFor === 'everybody') return 'BUSY';
  if (freeBusyFor === 'nobody' && !mayAdministrate(viewer, 'freeBusy')) return null;
  const access = await accessTo(dependencies, context, userId);
  if (access !== null) return access === 'ALL' ? 'ALL' : 'BUSY';
  return !mayAdministrate(viewer, 'freeBusy') && (await haveCommonCourse(viewer, userId, options)) ? 'BUSY' : null;
}
