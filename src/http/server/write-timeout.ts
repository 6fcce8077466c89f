// Closes connections whose clients do not read: an answer that is complete is held in memory until
// the client has taken it, and a file until the client takes the next part. Event streams are left
// out: they are slow by nature and hold one event.
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../../clock.ts';

/**
 * Adds the limit to an app. `ms`: how long a client may take for a whole answer, or for the next
 * part of one that is sent in parts.
 */
export function limitWriting(app: FastifyInstance, clock: Clock, ms: number): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    const isWhole = payload == null || typeof payload === 'string' || Buffer.isBuffer(payload);
    if (isWhole) closeUnlessRead(reply.raw, clock, ms);
    else if (!isEvents(reply)) closeUnlessReading(reply.raw, clock, ms);
    done(null, payload);
  });
}

const isEvents = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type')).startsWith('text/event-stream');

function closeUnlessRead(response: ServerResponse, clock: Clock, ms: number): void {
  // Closed is also what is all with the system, which holds a bounded part.
  response.once(
    'close',
    clock.after(ms, () => response.destroy()),
  );
}

function closeUnlessReading(response: ServerResponse, clock: Clock, ms: number): void {
  let taken = takenOf(response);
  let cancel = () => {};
  const check = () => {
    const now = takenOf(response);
    if (now === taken) response.destroy();
    else wait();
    taken = now;
  };
  const wait = () => {
    cancel = clock.after(ms, check);
  };
  wait();
  response.once('close', () => cancel());
}

/** Bytes that the system has taken of this connection. */
function takenOf({ socket }: ServerResponse): number {
  return socket === null ? 0 : socket.bytesWritten - socket.writableLength;
}
