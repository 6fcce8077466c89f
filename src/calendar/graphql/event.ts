// `Query.scheduleEvent`: one event by its id, read from its source now.
import { badInput } from '../../errors.ts';
import { parseEventId } from '../model/event-id.ts';
import { EventView } from './event-view.ts';
import { authorise, type Context, deadlineOf, renderContextOf, sees } from './prepare-read.ts';
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
  const access = await authorise(read, context, ref.userId);
  const event = await readEvent(ref, deadlineOf(read, context)());
  if (event === null || !sees(access, event)) return null;
  return new EventView(event, renderContextOf(read));
}
