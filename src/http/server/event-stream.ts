// Server-sent events over Fastify (HTML, §9.2): texts as they come, until there are no more, the
// client is gone, or the server closes. A stream never holds up a server that is ending.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Aborted when the app begins to close. Ask for it before the app listens. */
export function closingOf(app: FastifyInstance): AbortSignal {
  const controller = new AbortController();
  app.addHook('preClose', (done) => {
    controller.abort();
    done();
  });
  return controller.signal;
}

/**
 * Runs `run` once when the reply is over or its client is gone, at once if that is already so. A
 * client can leave while its token is verified, and `close` is not emitted a second time.
 */
export function onReplyClosed(reply: FastifyReply, run: () => void): void {
  if (reply.raw.destroyed) run();
  else reply.raw.once('close', run);
}

/** Aborted when nobody reads the reply any more, or `closing` is. */
export function untilGone(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  onReplyClosed(reply, () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

/** Answers with the events, each a whole text with its empty line. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<string | Uint8Array>): FastifyReply {
  const stream = Readable.from(events, { objectMode: false });
  return (
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      // Nothing follows a stream; a connection left open behind it would hold up a server that
      // ends.
      .header('connection', 'close')
      .send(stream)
  );
}
