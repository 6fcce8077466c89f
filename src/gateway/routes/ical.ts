// GET|HEAD /calendar/<token>.ics: a user's calendar as iCalendar text, for clients that cannot sign
// in: the URL is the credential. It is read through the graph as that user. It is complete or it is
// refused, because clients delete events that are missing. The token is never logged.

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';
import { sendError } from '../../http/server/json-error.ts';
import { placeOf } from '../../http/server/trace-requests.ts';
import { varyBy } from '../../http/server/vary.ts';
import { calendarText, contentOf } from '../../ics/calendar-text.ts';
import { calendarName } from '../../ics/words.ts';
import type { Asker } from '../response-cache/revalidator.ts';
import { parseParameters, type SubscriptionParameters } from '../subscription/parameters.ts';
import { fittingText, periodAt } from '../subscription/period.ts';
import type { CalendarReader, SubscriptionOwner } from '../subscription/read-calendar.ts';
import type { SubscriptionTexts, TextOutcome } from '../subscription/subscription-texts.ts';
import type { RateLimits } from './rate-limits.ts';

/** Options of {@link icalRoute}. */
export interface IcalOptions {
  readonly reader: CalendarReader;
  readonly texts: SubscriptionTexts;
  readonly clock: Clock;
  /** Whether requests are refused of which the proxy says that they came by plain http. */
  readonly requireHttps: boolean;
  readonly limits: RateLimits;
  /** Spreads clients over time. Default Math.random. */
  readonly random?: () => number;
}

/** How often clients should refresh, in minutes, and up to how much later an address is asked. */
const REFRESH_MINUTES = 30;
const REFRESH_SPREAD = 15;
/** How long clients may reuse an answer without asking, in seconds, and up to how much longer. */
const MAX_AGE_S = 300;
/** The same for a repetition after a 503. */
const RETRY_AFTER_S = 60;
/** The name of this cache in `Cache-Status` (RFC 9211). */
const CACHE = 'calendar-gateway';
const HTTPS_ONLY = 'This address is a secret: use https. Make a new address, because this one was sent in clear.';
const NOT_WHOLE = 'The calendar cannot be read as a whole at the moment.';

/**
 * Adds the route. 404, with the same body for every URL that is not valid, and 429 for a client
 * that tries too many of them; 400 names a wrong parameter; 503 when the calendar is not complete
 * and never was.
 */
export function icalRoute(app: FastifyInstance, options: IcalOptions): void {
  const { random = Math.random } = options;
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    if (options.requireHttps && cameByPlainHttp(request)) return sendError(reply, 403, 'FORBIDDEN', HTTPS_ONLY);
    const asked = parseParameters(request.query as Readonly<Record<string, unknown>>);
    const token = /^([^/]+)\.ics$/.exec((request.params as { '*': string })['*'])?.[1];
    // Addresses that are known go on: many of them may be read through one proxy or campus.
    const isKnown = token !== undefined && options.texts.holds(keyOf(token, asked));
    const beyond = isKnown ? undefined : options.limits.ofAddress(request, reply);
    if (beyond !== undefined) return beyond;
    const outcome = token === undefined ? null : await textOf(token, asked, askerOf(request), options);
    if (outcome === null) {
      options.limits.refused(request);
      return sendError(reply, 404, 'NOT_FOUND');
    }
    reply.header('cache-control', `private, max-age=${MAX_AGE_S + Math.floor(random() * MAX_AGE_S)}`);
    return send(request, reply, outcome);
  };
  const refuse = (error: unknown, requestId: string, reply: FastifyReply) => {
    if (error instanceof ApiError && error.extensions.code === 'BAD_USER_INPUT') {
      return sendError(reply, 400, 'BAD_USER_INPUT', error.message);
    }
    reportError(error, { requestId });
    const retryAfter = RETRY_AFTER_S + Math.floor(random() * RETRY_AFTER_S);
    return sendError(reply.header('retry-after', retryAfter), 503, 'UNAVAILABLE', NOT_WHOLE);
  };
  app.route({
    method: ['GET', 'HEAD'],
    url: '/calendar/*',
    handler: (request, reply) => answer(request, reply).catch((error: unknown) => refuse(error, request.id, reply)),
  });
}

/** The first value is the client's: proxies add theirs behind it (RFC 7239 §5.4). */
function cameByPlainHttp({ headers }: FastifyRequest): boolean {
  const { 'x-forwarded-proto': xForwardedProto, forwarded = '' } = headers;
  const proto = String(xForwardedProto ?? /^[^,]*\bproto="?(\w+)/i.exec(forwarded)?.[1] ?? 'https');
  return proto.split(',')[0]?.trim().toLowerCase() !== 'https';
}

const keyOf = (token: string, asked: SubscriptionParameters): string => JSON.stringify([token, asked]);

const askerOf = (request: FastifyRequest): Asker => ({ requestId: request.id, place: placeOf(request) });

function textOf(token: string, asked: SubscriptionParameters, asker: Asker, { reader, texts, clock }: IcalOptions) {
  const now = clock.now();
  const { from, to } = periodAt(now);
  let shown: SubscriptionOwner | null = null;
  return texts.answer({
    key: keyOf(token, asked),
    period: from,
    asker,
    async owner() {
      shown = await reader.ownerOf(token, asker.requestId);
      return shown?.user ?? null;
    },
    async read(owner, patient) {
      const wanted = shown?.course ?? asked.course;
      const whole = await reader.read({
        ...asked,
        course: wanted,
        child: shown?.child ?? null,
        owner,
        from,
        to,
        requestId: asker.requestId,
        patient,
      });
      if (whole === null || whole === 'GONE') return whole;
      const course = wanted === null ? null : (whole.events[0]?.course.title ?? wanted);
      const options = {
        ...asked,
        name: calendarName(asked.language, asked.kinds, course),
        refreshMinutes: refreshMinutes(owner),
        timeZone: whole.timeZone,
        now,
      };
      const text = fittingText(whole.events, now, (events) => calendarText(events, options));
      return { text, content: contentOf(text), validator: whole.validator, period: from };
    },
  });
}

/** Always the same for one owner, so that the text is. */
function refreshMinutes(owner: string): number {
  return REFRESH_MINUTES + (createHash('sha256').update(owner).digest().readUInt32BE() % REFRESH_SPREAD);
}

/** 304 for a client that has this text already (RFC 9110 §13.1). */
async function send(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { stored, since, age, cacheStatus }: TextOutcome,
): Promise<FastifyReply> {
  varyBy(reply, 'Accept-Encoding')
    .header('cache-status', `${CACHE}; ${cacheStatus}`)
    .header('etag', stored.etag)
    .header('last-modified', new Date(since).toUTCString());
  if (age > 0) reply.header('age', age);
  if (isKnown(stored.etag, since, headers)) return reply.code(304).send();
  const { coding, bytes } = await stored.form(headers['accept-encoding'] as string | undefined);
  if (coding !== 'identity') reply.header('content-encoding', coding);
  return reply.type('text/calendar; charset=utf-8').send(bytes);
}

/** If-None-Match, and without it If-Modified-Since (RFC 9110 §13.2.2). */
function isKnown(etag: string, since: number, headers: FastifyRequest['headers']): boolean {
  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = headers;
  if (ifNoneMatch === undefined) return since <= Date.parse(ifModifiedSince ?? '');
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag) || opaque(tag) === '*');
}
