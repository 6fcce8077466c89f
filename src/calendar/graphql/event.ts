// `Query.scheduleEvent`: one event by its id, read from its source now.
import { badInput } from '../../errors.ts';
import { parseEventId } from '../model/event-id.ts';
import { withTeacherView } from '../read/merge.ts';
import { viewerOf } from '../read/viewer.ts';
import { EventView } from './event-view.ts';
import { authorise, type Context, deadlineOf, readOptionsOf, renderContextOf, sees } from './prepare-read.ts';
import type { CalendarUseCases } from './use-cases.ts';

/**
 * Null if there is no such event. Throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN or UNAVAILABLE.
 */
export async function resolveEvent(
  { read, readEvent }: CalendarUseCases,
  id: string,
  context: Context,
): Promise<EventView | null> {
  const ref = parseEventId(id);
  if (ref === null) throw badInput('id', 'the id of an event', id);
  const deadline = deadlineOf(read, context);
  const access = await authorise(read, context, ref.userId);
  const teaches = read.taughtBy(viewerOf(context), ref.userId, readOptionsOf(context, deadline));
  const event = await readEvent(ref, deadline());
  if (event === null || !sees(access, event)) return null;
  return new EventView(teaches === null ? event : withTeacherView(event, await teaches), renderContextOf(read));
}
