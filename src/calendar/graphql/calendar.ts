// `User.calendar`: one user's calendar in a window.
import { readCalendar } from '../read/read-calendar.ts';
import { parseWindow } from '../read/window.ts';
import { CalendarView } from './calendar-view.ts';
import { type Context, prepareRead, renderContextOf } from './prepare-read.ts';
import type { UserCalendarArgs } from './schema-types.generated.ts';
import type { CalendarUseCases } from './use-cases.ts';

/** Throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN or UNAVAILABLE. */
export async function resolveCalendar(
  { read, through }: CalendarUseCases,
  userId: string,
  args: UserCalendarArgs,
  context: Context,
): Promise<CalendarView> {
  const window = parseWindow(args, renderContextOf(read, args.timeZone, context.recorder).zone);
  const { query, renderContext } = await prepareRead(read, userId, args, context, 'calendar');
  const reading = await readCalendar(through, { ...query, window });
  const { from, to, timeZone = null, filter = null } = args;
  return new CalendarView(userId, { from, to, timeZone, filter }, window, reading, renderContext);
}
