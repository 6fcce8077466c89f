// The resolvers of `schema/calendar.graphql`: a map from each field to the file that answers it.
import { ApiError } from '../../errors.ts';
import { eventTypeOf } from '../../event-kinds.ts';
import { parseEventId } from '../model/event-id.ts';
import { viewerOf } from '../read/viewer.ts';
import { resolveAgenda } from './agenda.ts';
import { resolveCalendar } from './calendar.ts';
import { resolveChanges } from './changes.ts';
import { resolveEvent } from './event.ts';
import { EventView, OWN_FIELDS } from './event-view.ts';
import { resolveFreeBusy } from './free-busy.ts';
import { authorise, type Context, deadlineOf, readOptionsOf } from './prepare-read.ts';
import type { Resolvers } from './schema-types.generated.ts';
import { endSubscription, resolveSubscription, subscriptionView } from './subscription.ts';
import type { CalendarUseCases } from './use-cases.ts';

/** Scope of the service that serves calendar subscriptions. */
const SUBSCRIPTION_SCOPE = 'subscription:read';
/** Scope of the service that clients write through. */
const HINT_SCOPE = 'changes:hint';

/** Resolvers for `schema/calendar.graphql`. */
export function createResolvers(cases: CalendarUseCases): Resolvers<Context> {
  const rotate = async (context: Context) =>
    subscriptionView(cases, await cases.addresses.rotate(viewerOf(context).id, cases.read.clock.now()));
  return refuseUnrecorded({
    Query: {
      viewer: (_, __, { caller }) => (caller.user === null ? null : { id: caller.user.id }),
      user: async (_, { id }, context) => {
        await authorise(cases.read, context, id);
        return { id };
      },
      observed: async (_, __, context) => {
        const readOptions = readOptionsOf(context, deadlineOf(cases.read, context));
        return (await cases.observedBy(viewerOf(context), readOptions)).map((id) => ({ id }));
      },
      node: async (_, { id }, context) => {
        if (parseEventId(id) !== null) return resolveEvent(cases, id, context);
        await authorise(cases.read, context, id);
        return { id };
      },
      scheduleEvent: (_, { id }, context) => resolveEvent(cases, id, context),
      freeBusy: (_, { user, ...args }, context) => resolveFreeBusy(cases, user, args, context),
      calendarSubscriptionOwner: (_, { token }, { caller }) => {
        requireScope(caller, SUBSCRIPTION_SCOPE);
        return cases.addresses.check(token);
      },
    },
    Mutation: {
      rotateCalendarSubscription: (_, __, context) => rotate(context),
      rotateCalendarFeed: (_, __, context) => rotate(context),
      endCalendarSubscription: (_, { user }, context) => endSubscription(cases, user ?? null, context),
      notifyChange: (_, { kind }, { caller }) => {
        requireScope(caller, HINT_SCOPE);
        cases.pollNow(kind);
        return true;
      },
    },
    User: {
      __resolveReference: ({ id }) => ({ id }),
      calendar: ({ id }, args, context) => resolveCalendar(cases, id, args, context),
      upcoming: ({ id }, args, context) => resolveAgenda(cases, 'UPCOMING', id, args, context),
      overdue: ({ id }, args, context) => resolveAgenda(cases, 'OVERDUE', id, args, context),
      calendarChanges: ({ id }, { since }, context) => resolveChanges(cases, id, since, context),
      freeBusy: ({ id }, args, context) => resolveFreeBusy(cases, id, args, context),
      calendarSubscription: ({ id }, args, context) => resolveSubscription(cases, id, args, context),
      calendarFeed: ({ id }, _, context) => resolveSubscription(cases, id, {}, context),
    },
    CalendarDay: {
      segments: ({ segments }, { first }) =>
        typeof first === 'number' ? segments.slice(0, Math.max(0, first)) : segments,
    },
    Node: { __resolveType: (node) => (node instanceof EventView ? eventTypeOf(node.kind) : 'User') },
    ...OWN_FIELDS,
    ScheduleEvent: { __resolveType: (event) => eventTypeOf(event.kind) },
  });
}

/**
 * The fields that read nothing but the three caches, so that an answer of them can be revalidated.
 * Every other field of these types refuses a validator.
 */
const RECORDED: Readonly<Record<'Query' | 'Mutation' | 'User', readonly string[]>> = {
  Query: ['viewer', 'user', 'observed', 'freeBusy'],
  Mutation: [],
  User: ['__resolveReference', 'calendar', 'upcoming', 'overdue', 'freeBusy'],
};

type Resolver = (parent: unknown, args: unknown, context: Context, info: unknown) => unknown;

function refuseUnrecorded(resolvers: Resolvers<Context>): Resolvers<Context> {
  const all: Record<string, unknown> = { ...resolvers };
  for (const [type, recorded] of Object.entries(RECORDED)) {
    const fields = Object.entries(all[type] as Readonly<Record<string, Resolver>>);
    all[type] = Object.fromEntries(
      fields.map(([name, resolve]) => [name, recorded.includes(name) ? resolve : refusing(resolve)]),
    );
  }
  return all;
}

const refusing =
  (resolve: Resolver): Resolver =>
  (parent, args, context, info) => {
    context.recorder.refuse();
    return resolve(parent, args, context, info);
  };

function requireScope({ scopes }: Context['caller'], scope: string): void {
  if (!scopes.includes(scope)) throw new ApiError('FORBIDDEN', `Expected the scope ${scope}.`);
}
