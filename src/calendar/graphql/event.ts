// `Query.scheduleEvent`: one event by its id, read from its source now.
import { badInput } from '../../errors.ts';
import { rootOf } from '../model/ern.ts';
import { parseEventId } from '../model/event-id.ts';
import type { Access } from '../read/access.ts';
import { withoutReason } from '../read/merge.ts';
import { auditRead } from './audit.ts';
import { EventView } from './event-view.ts';
import { authorise, type Context, deadlineOf, renderContextOf, sees, seesReasons } from './prepare-read.ts';
import type { CalendarUseCases } from './use-cases.ts';

/** Whether the item's name is that of a course that the viewer sees something of. */
function maySee(access: NonNullable<Access>, ern: string): boolean {
  return access === 'ALL' || [...access].some((course) => rootOf(course) === rootOf(ern));
}

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
  const access = await authorise(read, context, ref.userId, 0);
  const area = { field: 'scheduleEvent', kinds: [ref.kind], from: null, to: null };
  auditRead(read.auditedReaders, context, ref.userId, access, area);
  // Before anything is read, so that the time does not tell whether there is such an event.
  if (!maySee(access, ref.ern)) return null;
  const event = await readEvent(ref, deadlineOf(read, context)(), context.requestId);
  if (event === null || !sees(access, event)) return null;
  const shown = seesReasons(read, context, ref.userId, access) ? event : withoutReason(event);
  return new EventView(shown, renderContextOf(read));
}
