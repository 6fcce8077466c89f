// `User.freeBusy` and `Query.freeBusy`: busy intervals of any user, without titles.
import { badInput } from '../../errors.ts';
import { EXPECTED_USER_ID, isUserId } from '../../resource-name.ts';
import { BUSY } from '../model/derive.ts';
import { EVENT_KINDS } from '../model/event.ts';
import { readCalendar } from '../read/read-calendar.ts';
import { viewerOf } from '../read/viewer.ts';
import { MAX_FREE_BUSY_DAYS, parseWindow } from '../read/window.ts';
import { busyIntervals } from '../shape/free-busy.ts';
import { type Context, deadlineOf, readOptionsOf, renderContextOf } from './prepare-read.ts';
import type { UserCalendarArgs } from './schema-types.generated.ts';
import type { CalendarUseCases } from './use-cases.ts';

/** Kinds with events that take a user's time. */
const BUSY_KINDS = EVENT_KINDS.filter((kind) => BUSY[kind] === 'BUSY');

/** Throws BAD_USER_INPUT or UNAUTHENTICATED. */
export async function resolveFreeBusy(
  { read, through }: CalendarUseCases,
  userId: string,
  args: Pick<UserCalendarArgs, 'from' | 'to' | 'timeZone'>,
  context: Context,
) {
  viewerOf(context);
  if (!isUserId(userId)) throw badInput('user', EXPECTED_USER_ID, userId);
  const { zone } = renderContextOf(read, args.timeZone);
  const window = parseWindow(args, zone, MAX_FREE_BUSY_DAYS);
  const readOptions = readOptionsOf(context, deadlineOf(read, context));
  const query = { userId, kinds: BUSY_KINDS, keep: () => true, readOptions, window };
  const reading = await readCalendar(through, query);
  const busy = busyIntervals(reading.events, window).map(({ startsAt, endsAt }) => ({
    startsAt: zone.format(startsAt),
    endsAt: zone.format(endsAt),
  }));
  return { busy, completeness: reading.completeness };
}
