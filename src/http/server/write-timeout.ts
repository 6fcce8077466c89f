// Closes connections whose clients do not read: an answer that is complete is held in memory until
// the client has taken it, and a file until the client takes the next part. Event streams are left
// out: they are slow by nature and hold one event. What the system takes at once, as nearly every
// answer, has no timer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { ResponseClass } from './drain.ts';

/** Responses whose time is not limited, or already is. */
const settled = new WeakSet<ServerResponse>();

/** Leaves a response out. Call it before its first part. */
export function neverLimit(response: ServerResponse): void {
  settled.add(response);
}

/**
 * Adds the limit to a class of responses. `ms`: how long a client may take for a whole answer, or
 * for the next part of one that is sent in parts.
 */
export function limitWriting(Response: ResponseClass, clock: Clock, ms: number): ResponseClass {
  return class<Request extends IncomingMessage = IncomingMessage> extends Response<Request> {
    #isInParts = false;

    override write(...given: unknown[]): boolean {
      this.#isInParts = true;
      const isTaken = super.write(...(given as Parameters<ServerResponse['write']>));
      if (isUnsettled(this)) closeUnlessReading(this, clock, ms);
      return isTaken;
    }

    override end(...given: unknown[]): this {
      super.end(...(given as Parameters<ServerResponse['end']>));
      if (isUnsettled(this)) (this.#isInParts ? closeUnlessReading : closeUnlessRead)(this, clock, ms);
      return this;
    }
  };
}

/** Whether it waits for its client, and nothing is done about that yet. */
function isUnsettled(response: ServerResponse): boolean {
  return response.writableLength > 0 && !settled.has(response);
}

function closeUnlessRead(response: ServerResponse, clock: Clock, ms: number): void {
  settled.add(response);
  // Closed is also what is all with the system, which holds a bounded part.
  response.once(
    'close',
    clock.after(ms, () => response.destroy()),
  );
}

function closeUnlessReading(response: ServerResponse, clock: Clock, ms: number): void {
  settled.add(response);
  // Of the first part the system still takes some now, which the client need not read.
  let taken = Number.NaN;
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
