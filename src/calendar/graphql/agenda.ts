// `User.upcoming` and `User.overdue`: pages of an agenda.
import { badInput } from '../../errors.ts';
import { type Agenda, cursorAt, formatCursor, parseCursor } from '../read/agenda.ts';
import { readAgenda } from '../read/read-agenda.ts';
import { EventView, statusView } from './event-view.ts';
import { type Context, prepareRead } from './prepare-read.ts';
import type { UserUpcomingArgs } from './schema-types.generated.ts';
import type { CalendarUseCases } from './use-cases.ts';

/** Maximum number of events in a page. */
const MAX_FIRST = 100;

/** Throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN or UNAVAILABLE. */
export async function resolveAgenda(
  { read, through }: CalendarUseCases,
  agenda: Agenda,
  userId: string,
  args: UserUpcomingArgs,
  context: Context,
) {
  const first = args.first ?? 10;
  if (first < 0 || first > MAX_FIRST) throw badInput('first', `0 to ${MAX_FIRST}`, first);
  const after = args.after === null || args.after === undefined ? null : parseCursor(agenda, args.after);
  if (after === null && typeof args.after === 'string') throw badInput('after', 'a cursor of this field', args.after);
  const { query, renderContext } = await prepareRead(read, userId, args, context, agenda.toLowerCase());
  const page = await readAgenda(through, { ...query, agenda, first, after, now: renderContext.now });
  renderContext.recorder.changesAt(renderContext.now, ...page.changesAt);
  const edges = page.events.map((event) => ({
    cursor: formatCursor(agenda, cursorAt(agenda, event)),
    node: new EventView(event, renderContext),
  }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNext,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    completeness: page.completeness,
    sources: page.sources.map((status) => statusView(status, renderContext)),
  };
}
