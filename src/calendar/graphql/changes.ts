// `User.calendarChanges`: what changed in a calendar since its sync token was made.
import { differenceOf } from '../read/difference.ts';
import { readCalendar } from '../read/read-calendar.ts';
import { monthAround, parseWindow } from '../read/window.ts';
import { type CalendarArgs, packToken, type SyncState, unpackToken } from '../shape/sync-token.ts';
import { versionOf } from '../shape/version.ts';
import { EventView, statusView } from './event-view.ts';
import { type Context, checkArgs, prepareRead, type ReadDependencies, renderContextOf } from './prepare-read.ts';
import type { CalendarUseCases } from './use-cases.ts';

/**
 * A token that is another user's, too old or malformed gives a full sync of its window, or of this
 * month. Throws UNAUTHENTICATED, FORBIDDEN or UNAVAILABLE.
 */
export async function resolveChanges(
  { read, through }: CalendarUseCases,
  userId: string,
  since: string,
  context: Context,
) {
  const state = stateOf(read, userId, since);
  const args = state?.args ?? thisMonth(read);
  const { query, renderContext } = await prepareRead(read, userId, args, context, 'calendarChanges');
  const reading = await readCalendar(through, { ...query, window: parseWindow(args, renderContext.zone) });
  const versions = state?.versions ?? null;
  const difference = differenceOf(versions ?? new Map(), reading.events, reading.sources, versionOf);
  return {
    upserted: difference.upserted.map((event) => new EventView(event, renderContext)),
    removed: [...difference.removed],
    isFullSync: versions === null,
    syncToken: packToken({ userId, args, at: renderContext.now, versions: difference.versions }),
    completeness: reading.completeness,
    sources: reading.sources.map((status) => statusView(status, renderContext)),
  };
}

/** The state in the token, if the token is this user's and its arguments are valid. */
function stateOf(read: ReadDependencies, userId: string, since: string): SyncState | null {
  try {
    const state = unpackToken(since, read.clock.now());
    if (state?.userId !== userId) return null;
    checkArgs(read, state.args);
    parseWindow(state.args, renderContextOf(read, state.args.timeZone).zone);
    return state;
  } catch {
    return null;
  }
}

function thisMonth(read: ReadDependencies): CalendarArgs {
  const { zone, now } = renderContextOf(read);
  const { from, to } = monthAround(now, zone);
  return { from: zone.format(from), to: zone.format(to), timeZone: null, filter: null };
}
