// Reads a subscription from the calendar: who owns an address, and all events of the owner. It is
// whole or it is null, because clients delete events that are missing.
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Clock } from '../../clock.ts';
import { EVENT_KINDS, type EventKind, eventTypeOf, KINDS } from '../../event-kinds.ts';
import type { Transport } from '../../http/client/transport.ts';
import type { SubscriptionEvent } from '../../ics/calendar-text.ts';
import type { CalendarQuery } from '../graph/calendar-query.ts';

/** Options of {@link createCalendarReader}. */
export interface CalendarReaderOptions {
  /**
   * A direct connection to the calendar subgraph: looking up the owner of a URL is not in the
   * public schema.
   */
  readonly calendar: Pick<Transport, 'post'>;
  readonly query: CalendarQuery;
  readonly sign: SignInternal;
  readonly clock: Clock;
}

/** What one read asks for. Instants in RFC 3339. */
export interface ReadArgs {
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  /** Null: all. */
  readonly kinds: readonly string[] | null;
  /** The ERN of a course; null: all. */
  readonly course: string | null;
  /** A user whom the owner observes, whose calendar it is; null: the owner's own. */
  readonly child: string | null;
  /** For the log. */
  readonly requestId: string;
  /**
   * Whether a read that is not whole is repeated: a source that was too slow for one read may be
   * cached for the next.
   */
  readonly patient: boolean;
}

/** The events of a whole answer. */
export interface WholeEvents {
  readonly events: readonly SubscriptionEvent[];
  /** The deployment's home zone. */
  readonly timeZone: string;
  readonly validator: string | null;
}

/** What an address shows: the calendar of the user, or of the child, whole or of one course. */
export interface SubscriptionOwner {
  readonly user: string;
  readonly child: string | null;
  readonly course: string | null;
}

/** See the head of this file. */
export interface CalendarReader {
  /**
   * Whose token it is and what it shows; null if it is not valid. Rejects when the calendar does
   * not answer, with {@link UnknownOwner} when it answers and does not say.
   */
  readonly ownerOf: (token: string, requestId: string) => Promise<SubscriptionOwner | null>;
  /** `GONE`: the owner may not read it. Rejects when the calendar does not answer. */
  readonly read: (args: ReadArgs) => Promise<WholeEvents | 'GONE' | null>;
}

/** How long a read may take in all, in milliseconds: a subscription is no page. */
const DEADLINE_MS = 10_000;
/** Reads that fail at once are repeated this often; slow ones until the deadline. */
const READS = 3;
const SLOW_MS = 300;

function lateLimitOf(kind: EventKind): string {
  const { lateLimit } = KINDS[kind];
  return lateLimit === null ? '' : `... on ${eventTypeOf(kind)} { lateLimit: ${lateLimit.field} }`;
}

const OWNER = 'query ($token: String!) { owner: calendarSubscriptionOwner(token: $token) { user child course } }';
const CALENDAR = `calendar(from: $from, to: $to, filter: { kinds: $kinds, courses: $courses }) {
  timeZone sources { status dropped truncated } events {
    ern kind title course { title } startsAt endsAt timing completion busyStatus location url updatedAt
    ${EVENT_KINDS.map(lateLimitOf).join(' ')}
  }
}`;
const VARIABLES = '$from: DateTime!, $to: DateTime!, $kinds: [EventKind!], $courses: [ERN!]';
const OWN = `query Subscription(${VARIABLES}) { user: viewer { ${CALENDAR} } }`;
const CHILD = `query Subscription($child: ID!, ${VARIABLES}) { user(id: $child) { ${CALENDAR} } }`;

/** The answer to {@link OWN} and {@link CHILD}. */
interface SubscriptionData {
  readonly user?: {
    readonly calendar: {
      readonly timeZone: string;
      readonly sources: readonly {
        readonly status: string;
        readonly dropped: number;
        readonly truncated: boolean;
      }[];
      readonly events: SubscriptionEvent[];
    };
  } | null;
}

/** See the head of this file. */
export function createCalendarReader(options: CalendarReaderOptions): CalendarReader {
  const { clock } = options;
  return {
    ownerOf: (token, requestId) => ownerOf(token, requestId, options),
    async read(args) {
      const endsAt = clock.elapsed() + DEADLINE_MS;
      for (let reads = 1; ; reads += 1) {
        const startedAt = clock.elapsed();
        const { whole, mayHelp } = await readOnce(args, endsAt, options);
        const now = clock.elapsed();
        const again = reads < READS || now - startedAt >= SLOW_MS;
        if (whole !== null || !args.patient || !mayHelp || !again || now >= endsAt) return whole;
      }
    },
  };
}

/** `mayHelp`: whether a further read may find more. */
async function readOnce(
  { owner: id, child, from, to, kinds, course, requestId }: ReadArgs,
  endsAt: number,
  { query }: CalendarReaderOptions,
): Promise<{ readonly whole: WholeEvents | 'GONE' | null; readonly mayHelp: boolean }> {
  // No role that the address does not need: an observer sees whom they observe, nothing more.
  const principal = { id, roles: child === null ? [] : (['observer'] as const), scopes: [] };
  const variables = { from, to, kinds, courses: course === null ? null : [course] };
  const { data, isForbidden, validator } = await (child === null
    ? query(OWN, variables, { principal, endsAt, requestId })
    : query(CHILD, { ...variables, child }, { principal, endsAt, requestId }));
  if (isForbidden) return { whole: 'GONE', mayHelp: false };
  const calendar = (data as SubscriptionData | null)?.user?.calendar;
  if (calendar === undefined) return { whole: null, mayHelp: true };
  const { sources, events, timeZone } = calendar;
  if (sources.some(({ dropped, truncated }) => dropped > 0 || truncated)) return { whole: null, mayHelp: false };
  if (sources.some(({ status }) => status === 'UNAVAILABLE')) return { whole: null, mayHelp: true };
  return { whole: { events, timeZone, validator }, mayHelp: false };
}

/** The calendar answers, and cannot say whose address it is: the address may have been ended. */
export class UnknownOwner extends Error {
  constructor() {
    super('not said whose address it is');
    this.name = 'UnknownOwner';
  }
}

async function ownerOf(
  token: string,
  requestId: string,
  { calendar, sign }: CalendarReaderOptions,
): Promise<SubscriptionOwner | null> {
  const authorization = `Bearer ${await sign({ audience: 'calendar', scopes: ['subscription:read'] })}`;
  const { body } = await calendar.post({
    body: JSON.stringify({ query: OWNER, variables: { token } }),
    headers: { authorization, 'x-request-id': requestId },
    deadlineMs: DEADLINE_MS,
    retry: true,
  });
  const { data, errors } = JSON.parse(body) as { data?: { owner: SubscriptionOwner | null } | null; errors?: unknown };
  // An unknown owner is not the same as an invalid URL: the client should retry, not forget the
  // URL.
  if (!data || errors !== undefined) throw new UnknownOwner();
  return data.owner;
}
