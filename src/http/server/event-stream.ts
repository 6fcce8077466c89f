// Server-sent events over Fastify (HTML, §9.2): sends texts until there are no more, the client is
// gone, or the server closes. A stream never delays shutdown.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { neverLimit } from './write-timeout.ts';

/** A signal that is aborted when the app begins to close. Create it before the app listens. */
export function closingOf(app: FastifyInstance): AbortSignal {
  const controller = new AbortController();
  app.addHook('preClose', (done) => {
    controller.abort();
    done();
  });
  return controller.signal;
}

/**
 * Runs `run` once when the reply has ended or its client is gone, at once if that has happened. A
 * client can leave while its token is verified, and `close` is not emitted a second time.
 */
export function onReplyClosed(reply: FastifyReply, run: () => void): void {
  if (reply.raw.destroyed) run();
  else reply.raw.once('close', run);
}

/** A signal that is aborted when the reply's client is gone, or when `closing` is. */
export function untilGone(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  onReplyClosed(reply, () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

/** Sends the events, each a complete text with its empty line. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<string | Uint8Array>): FastifyReply {
  const stream = Readable.from(events, { objectMode: false });
  neverLimit(reply.raw);
  return (
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      // The connection is not reused after a stream: an open one would delay shutdown.
      .header('connection', 'close')
      .send(stream)
  );
}
