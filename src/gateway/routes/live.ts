// GET /live: reports to a signed-in user that their calendar changed, or with ?user=<id> that of
// another user whom they may read, as server-sent events (`change`, with kinds and months). It
// passes on the stream of the calendar subgraph, one for each client, at most five for a user. A
// stream ends with its token, and after ten minutes at the latest; clients reconnect with
// Last-Event-ID and a valid token.
import type { FastifyInstance } from 'fastify';
import type { SignInternal } from '../../auth/internal-token.ts';
import type { Principal } from '../../auth/principal.ts';
import type { Clock } from '../../clock.ts';
import { SourceError } from '../../errors.ts';
import type { EventStreams } from '../../http/client/event-stream.ts';
import { closingOf, onReplyClosed, sendEvents } from '../../http/server/event-stream.ts';
import { sendError } from '../../http/server/json-error.ts';
import type { Authenticate } from './authenticate.ts';

/** Options of {@link liveRoute}. */
export interface LiveOptions {
  /** Streams of the calendar subgraph. */
  readonly streams: EventStreams;
  readonly sign: SignInternal;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

const MAX_STREAMS_PER_USER = 5;
const MAX_STREAM_MS = 600_000;

/**
 * Adds the route. 403 for a calendar that the user may not read, 429 for a user's sixth stream, 503
 * while the calendar does not answer.
 */
export function liveRoute(app: FastifyInstance, { streams, sign, clock, authenticate }: LiveOptions): void {
  const closing = closingOf(app);
  const listening = new Map<string, number>();
  const count = (id: string, change: 1 | -1) => {
    const now = (listening.get(id) ?? 0) + change;
    if (now === 0) listening.delete(id);
    else listening.set(id, now);
  };
  app.get<{ Querystring: { user?: unknown } }>('/live', { onRequest: authenticate }, async (request, reply) => {
    const user = request.getDecorator<Principal>('principal');
    if ((listening.get(user.id) ?? 0) >= MAX_STREAMS_PER_USER) {
      return sendError(
        reply.header('retry-after', '30'),
        429,
        'OVERLOADED',
        `At most ${MAX_STREAMS_PER_USER} streams a user.`,
      );
    }
    count(user.id, 1);
    const over = new AbortController();
    const untilTokenEnds = request.getDecorator<number>('tokenEndsAt') - clock.now();
    const cancel = clock.after(Math.max(0, Math.min(MAX_STREAM_MS, untilTokenEnds)), () => over.abort());
    onReplyClosed(reply, () => {
      cancel();
      over.abort();
      count(user.id, -1);
    });
    const last = request.headers['last-event-id'];
    const { user: about } = request.query;
    try {
      const stream = await streams.open({
        path: typeof about === 'string' ? `/changes?user=${encodeURIComponent(about)}` : '/changes',
        headers: {
          authorization: `Bearer ${await sign({ audience: 'calendar', user })}`,
          ...(typeof last === 'string' && /^[\w.-]{1,64}$/.test(last) ? { 'last-event-id': last } : {}),
        },
        signal: AbortSignal.any([over.signal, closing]),
      });
      return sendEvents(reply, untilBroken(stream));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (error.reason === 'FORBIDDEN')
        return sendError(reply, 403, 'FORBIDDEN', 'You have no access to this calendar.');
      return sendError(
        reply.header('retry-after', '5'),
        503,
        'UNAVAILABLE',
        'There are no live changes at the moment.',
      );
    }
  });
}

/** A broken stream ends: the client reconnects. */
async function* untilBroken(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch {
    // Aborted by this server, or the calendar is gone: either way the stream has ended.
  }
}
