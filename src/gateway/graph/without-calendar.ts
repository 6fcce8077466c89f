// The answer to a viewer's query when the calendar does not answer: no events, and every source
// UNAVAILABLE, which is what the calendar itself would say if it could reach no source. It is given
// only if everything that was asked for can be said without knowing more; otherwise the answer
// stays an error. Other users' calendars stay one too: who may read them is not known.
import { execute, type GraphQLFieldResolver } from 'graphql';
import type { Clock } from '../../clock.ts';
import type { FailureReason } from '../../errors.ts';
import { EVENT_KINDS, type EventKind } from '../../event-kinds.ts';
import { fullSyncToken } from '../../full-sync-token.ts';
import { type Executor, type Served, withExecutor } from './served.ts';
import { type GatewayContext, SubgraphUnavailable } from './subgraph-source.ts';

type Operation = Parameters<Executor>[0];
type Result = Awaited<ReturnType<Executor>>;

/** What the gateway knows by itself. */
export interface OwnKnowledge {
  readonly clock: Pick<Clock, 'now'>;
  /** IANA name of the default zone of answers. */
  readonly homeZone: string;
}

/** An RFC 3339 instant, which is given back as it is. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/i;

/** The same gateway, with this answer when the calendar does not answer. */
export function answerWithoutCalendar(gateway: Served, known: OwnKnowledge): Served {
  return withExecutor(gateway, (execute) => async (operation) => {
    const result = await execute(operation);
    const reason = reasonOf(result);
    return (reason !== null && (await unavailable(operation, reason, known))) || result;
  });
}

/** Why the calendar did not answer; null if it did, or if something else is wrong, too. */
function reasonOf({ errors = [] }: Result): FailureReason | null {
  let reason: FailureReason | null = null;
  for (const error of errors) {
    const cause: unknown = error instanceof SubgraphUnavailable ? error : error.originalError;
    if (!(cause instanceof SubgraphUnavailable) || cause.subgraph !== 'calendar') return null;
    reason = cause.reason;
  }
  return reason;
}

/** Null if the operation asks for anything that is not known here. */
async function unavailable(
  { schema, document, operationName, request, context }: Operation,
  reason: FailureReason,
  known: OwnKnowledge,
): Promise<Result | null> {
  const { principal } = context as GatewayContext;
  let isStatusShown = false;
  const resolve: GraphQLFieldResolver<unknown, unknown> = (parent, args, _, info) => {
    const fields = FIELDS[info.parentType.name];
    const field = fields !== undefined && Object.hasOwn(fields, info.fieldName) ? fields[info.fieldName] : undefined;
    if (field === undefined) throw new Error(`not known without the calendar: ${info.fieldName}`);
    if (info.fieldName === 'completeness' || info.fieldName === 'sources') isStatusShown = true;
    return field({ args, parent, reason, known, viewer: principal.id });
  };
  const result = await execute({
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: request.variables ?? {},
    fieldResolver: resolve,
    typeResolver: () => undefined,
  });
  // Without a status an empty list would look like an empty calendar.
  return result.errors === undefined && isStatusShown ? { data: result.data ?? null } : null;
}

interface Field {
  readonly args: Readonly<Record<string, unknown>>;
  readonly parent: unknown;
  readonly reason: FailureReason;
  readonly known: OwnKnowledge;
  readonly viewer: string;
}

/** The parent of the fields of a reading: the arguments that it was asked for with. */
type Args = Field['args'];

const none = () => [];
const zero = () => 0;
const completeness = () => 'UNAVAILABLE';
const itsArgs = ({ args }: Field) => args;
const instant = (name: 'from' | 'to') => (field: Field) => {
  const given = (field.parent as Args)[name];
  if (typeof given === 'string' && INSTANT.test(given)) return given;
  throw new Error('a malformed instant');
};
const sources = ({ parent, reason }: Field) => kindsOf(parent).map((kind) => ({ kind, reason }));

/** The kinds that were asked for, in the order of answers. */
function kindsOf(parent: unknown): readonly EventKind[] {
  const { kinds } = Object((parent as Args).filter) as { kinds?: readonly EventKind[] | null };
  return kinds == null ? EVENT_KINDS : EVENT_KINDS.filter((kind) => kinds.includes(kind));
}

/** What is known, by type and field. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, (field: Field) => unknown>>>> = {
  Query: { viewer: ({ viewer }) => ({ id: viewer }) },
  User: {
    id: ({ viewer }) => viewer,
    calendar: itsArgs,
    upcoming: itsArgs,
    overdue: itsArgs,
    freeBusy: itsArgs,
    calendarChanges: itsArgs,
  },
  Calendar: {
    from: instant('from'),
    to: instant('to'),
    timeZone: ({ parent, known }) => (parent as Args).timeZone ?? known.homeZone,
    now: ({ known }) => new Date(known.clock.now()).toISOString(),
    events: none,
    conflicts: none,
    completeness,
    sources,
    syncToken: ({ parent, viewer }) => {
      const { from, to, timeZone = null, filter = null } = parent as Args;
      return fullSyncToken(viewer, { from, to, timeZone, filter });
    },
    summary: ({ parent }) => parent,
  },
  CalendarSummary: {
    total: zero,
    byKind: () => EVENT_KINDS.map((kind) => ({ kind })),
    open: zero,
    dueToday: zero,
    overdue: zero,
    completed: zero,
  },
  KindCount: { kind: ({ parent }) => (parent as { kind: EventKind }).kind, count: zero },
  ScheduleEventConnection: { edges: none, nodes: none, completeness, sources },
  FreeBusy: { busy: none, completeness },
  CalendarChanges: {
    upserted: none,
    removed: none,
    isFullSync: () => false,
    syncToken: ({ parent }) => (parent as Args).since,
    completeness,
    sources,
  },
  SourceStatus: {
    kind: ({ parent }) => (parent as { kind: EventKind }).kind,
    status: () => 'UNAVAILABLE',
    fetchedAt: () => null,
    count: zero,
    dropped: zero,
    truncated: () => false,
    reason: ({ parent }) => (parent as { reason: FailureReason }).reason,
  },
};
