// Reads a subscription from the calendar: who owns an address, and all events of the owner. It is
// whole or it is null, because clients delete events that are missing.
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Clock } from '../../clock.ts';
import { SourceError } from '../../errors.ts';
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

/** See the head of this file. */
export interface CalendarReader {
  /**
   * The owner of a URL's token; null if it is not valid. Rejects when the calendar does not say.
   */
  readonly ownerOf: (token: string) => Promise<string | null>;
  /** Rejects when the calendar does not answer. */
  readonly read: (args: ReadArgs) => Promise<WholeEvents | null>;
}

/** How long a read may take in all, in milliseconds: a subscription is no page. */
const DEADLINE_MS = 10_000;
/** Reads that fail at once are repeated this often; slow ones until the deadline. */
const READS = 3;
const SLOW_MS = 300;

const OWNER = 'query ($token: String!) { owner: calendarSubscriptionOwner(token: $token) }';
const EVENTS = `query Subscription($from: DateTime!, $to: DateTime!, $kinds: [EventKind!]) {
  viewer { calendar(from: $from, to: $to, filter: { kinds: $kinds }) {
    timeZone sources { status dropped truncated } events {
      ern kind title course { title } startsAt endsAt timing completion busyStatus location url updatedAt
      ... on AttendanceEvent { lateLimit: lateAt } ... on AssignmentEvent { lateLimit: closesAt }
    } } }
}`;

/** The answer to {@link EVENTS}. */
interface SubscriptionData {
  readonly viewer?: {
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
    ownerOf: (token) => ownerOf(token, options),
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
  { owner: id, from, to, kinds }: ReadArgs,
  endsAt: number,
  { query }: CalendarReaderOptions,
): Promise<{ readonly whole: WholeEvents | null; readonly mayHelp: boolean }> {
  // No role: a subscription shows its owner's own calendar, and nothing that needs a role.
  const context = { principal: { id, roles: [], scopes: [] }, endsAt };
  const { data, validator } = await query(EVENTS, { from, to, kinds }, context);
  const calendar = (data as SubscriptionData | null)?.viewer?.calendar;
  if (calendar === undefined) return { whole: null, mayHelp: true };
  const { sources, events, timeZone } = calendar;
  if (sources.some(({ dropped, truncated }) => dropped > 0 || truncated)) return { whole: null, mayHelp: false };
  if (sources.some(({ status }) => status === 'UNAVAILABLE')) return { whole: null, mayHelp: true };
  return { whole: { events, timeZone, validator }, mayHelp: false };
}

async function ownerOf(token: string, { calendar, sign }: CalendarReaderOptions): Promise<string | null> {
  const authorization = `Bearer ${await sign({ audience: 'calendar', scopes: ['subscription:read'] })}`;
  const { body } = await calendar.post({
    body: JSON.stringify({ query: OWNER, variables: { token } }),
    headers: { authorization },
    deadlineMs: DEADLINE_MS,
    retry: true,
  });
  const { data, errors } = JSON.parse(body) as { data?: { owner: string | null } | null; errors?: unknown };
  // An unknown owner is not the same as an invalid URL: the client should retry, not forget the
  // URL.
  if (!data || errors !== undefined) throw new SourceError('BAD_RESPONSE', 'not said whose address it is');
  return data.owner;
}
