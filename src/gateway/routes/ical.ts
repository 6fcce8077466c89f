// GET|HEAD /calendar/<token>.ics: a user's calendar as iCalendar text, for clients that cannot sign
// in: the URL is the credential. It is read through the graph as that user. It is complete or it is
// refused, because clients delete events that are missing. The token is never logged.

import { createHash } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Clock } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { DAY_MS } from '../../durations.ts';
import { ApiError, badInput, SourceError } from '../../errors.ts';
import { EVENT_KINDS, isEventKind } from '../../event-kinds.ts';
import type { Transport } from '../../http/client/transport.ts';
import { sendError } from '../../http/server/json-error.ts';
import { calendarText, type SubscriptionEvent } from '../../ics/calendar-text.ts';
import type { GatewayContext } from '../graph/subgraph-source.ts';

/** Options of {@link icalRoute}. */
export interface IcalOptions {
  /**
   * A direct connection to the calendar subgraph: looking up the owner of a URL is not in the
   * public schema.
   */
  readonly calendar: Pick<Transport, 'post'>;
  readonly sign: SignInternal;
  readonly clock: Clock;
  /** Maximum time of one read, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * The days shown, counted from the current UTC day: the text and its ETag stay the same for the
 * whole day.
 */
const DAYS = { back: 90, ahead: 270 };
/**
 * How often clients should refresh, in minutes, and how long (seconds) they may reuse an answer
 * without asking.
 */
const REFRESH_MINUTES = 30;
const MAX_AGE_S = 300;
const RETRY_AFTER_S = 60;
/**
 * Reads of the graph for one answer: a year without cached slices may take longer than a page may
 * wait, and phones can wait.
 */
const READS = 3;

const OWNER = 'query ($token: String!) { owner: calendarSubscriptionOwner(token: $token) }';
const EVENTS = `query Subscription($from: DateTime!, $to: DateTime!, $kinds: [EventKind!]) {
  viewer { calendar(from: $from, to: $to, filter: { kinds: $kinds }) { sources { status dropped truncated } events {
    ern kind title course { title } startsAt endsAt timing completion busyStatus location url updatedAt
  } } }
}`;

/** The answer to {@link EVENTS}. */
interface SubscriptionData {
  readonly viewer: {
    readonly calendar: {
      readonly sources: readonly {
        readonly status: string;
        readonly dropped: number;
        readonly truncated: boolean;
      }[];
      readonly events: SubscriptionEvent[];
    };
  } | null;
}

/** The parameters of a URL. */
interface SubscriptionQuery {
  /** Null: all. */
  readonly kinds: readonly string[] | null;
  readonly todos: boolean;
}

/**
 * Adds the route. 404, with the same body for every URL that is not valid; 400 names a wrong
 * parameter; 503 when the calendar is not complete.
 */
export function icalRoute(app: FastifyInstance, apollo: ApolloServer<GatewayContext>, options: IcalOptions): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    const asked = parseQuery(request.query as Readonly<Record<string, unknown>>);
    const token = /^([^/]+)\.ics$/.exec((request.params as { '*': string })['*'])?.[1];
    const owner = token === undefined ? null : await ownerOf(token, options);
    if (owner === null) return sendError(reply, 404, 'NOT_FOUND');
    return send(request, reply, calendarText(await wholeOf(owner, asked, apollo, options), described(asked)));
  };
  app.route({
    method: ['GET', 'HEAD'],
    url: '/calendar/*',
    handler: (request, reply) => answer(request, reply).catch((error: unknown) => refused(error, reply)),
  });
}

function refused(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError && error.extensions.code === 'BAD_USER_INPUT') {
    return sendError(reply, 400, 'BAD_USER_INPUT', error.message);
  }
  reportError(error);
  return sendError(reply.header('retry-after', RETRY_AFTER_S), 503, 'UNAVAILABLE', NOT_WHOLE);
}

const NOT_WHOLE = 'The calendar cannot be read as a whole at the moment.';

/** `?kinds=lecture,assignment` and `?todo=1`. Throws BAD_USER_INPUT. */
function parseQuery({ kinds, todo }: Readonly<Record<string, unknown>>): SubscriptionQuery {
  if (todo !== undefined && todo !== '1') throw badInput('todo', '1', todo);
  if (kinds === undefined) return { kinds: null, todos: todo === '1' };
  const named = typeof kinds === 'string' ? kinds.toUpperCase().split(',') : [];
  if (named.length === 0 || !named.every(isEventKind)) {
    throw badInput('kinds', `some of ${EVENT_KINDS.join(', ').toLowerCase()}, with commas between them`, kinds);
  }
  return { kinds: EVENT_KINDS.filter((kind) => named.includes(kind)), todos: todo === '1' };
}

/** The owner of a URL. Throws when the calendar does not answer. */
async function ownerOf(token: string, { calendar, sign, deadlineMs }: IcalOptions): Promise<string | null> {
  const authorization = `Bearer ${await sign({ audience: 'calendar', scopes: ['subscription:read'] })}`;
  const { body } = await calendar.post({
    body: JSON.stringify({ query: OWNER, variables: { token } }),
    headers: { authorization },
    deadlineMs,
    retry: true,
  });
  const { data, errors } = JSON.parse(body) as { data?: { owner: string | null } | null; errors?: unknown };
  // An unknown owner is not the same as an invalid URL: the client should retry, not forget the
  // URL.
  if (!data || errors !== undefined) throw new SourceError('BAD_RESPONSE', 'not said whose address it is');
  return data.owner;
}

/**
 * All of the user's events of these days; a source that was too slow for one read may be cached for
 * the next. Throws UNAVAILABLE.
 */
async function wholeOf(...read: Parameters<typeof eventsOf>): Promise<readonly SubscriptionEvent[]> {
  for (let reads = 0; reads < READS; reads += 1) {
    const events = await eventsOf(...read);
    if (events !== null) return events;
  }
  throw new ApiError('UNAVAILABLE', NOT_WHOLE);
}

/**
 * Null when a source does not answer in time, not even with a stale value, or had to leave out
 * items.
 */
async function eventsOf(
  id: string,
  { kinds }: SubscriptionQuery,
  apollo: ApolloServer<GatewayContext>,
  { clock, deadlineMs }: IcalOptions,
): Promise<readonly SubscriptionEvent[] | null> {
  const now = clock.now();
  const today = now - (now % DAY_MS);
  const from = new Date(today - DAYS.back * DAY_MS).toISOString();
  const to = new Date(today + DAYS.ahead * DAY_MS).toISOString();
  const { body } = await apollo.executeOperation<SubscriptionData>(
    { query: EVENTS, variables: { from, to, kinds } },
    // No role: a subscription shows its owner's own calendar, and nothing that needs a role.
    { contextValue: { principal: { id, roles: [], scopes: [] }, endsAt: now + deadlineMs } },
  );
  const calendar = body.kind === 'single' ? body.singleResult.data?.viewer?.calendar : undefined;
  const isCut = calendar?.sources.some(
    ({ status, dropped, truncated }) => status === 'UNAVAILABLE' || dropped > 0 || truncated,
  );
  return calendar === undefined || isCut ? null : calendar.events;
}

/** The calendar's name in the client's list. */
function described({ kinds, todos }: SubscriptionQuery) {
  const name = kinds === null ? 'Course schedule' : `Course schedule: ${kinds.join(', ').toLowerCase()}`;
  return { name, todos, refreshMinutes: REFRESH_MINUTES };
}

/** 304 for a client that has this text already (RFC 9110 §13.1.2). */
function send(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  reply.header('etag', etag).header('cache-control', `private, max-age=${MAX_AGE_S}`);
  const known = (request.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return reply.code(304).send();
  return reply.type('text/calendar; charset=utf-8').send(text);
}
