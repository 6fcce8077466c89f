// Graceful shutdown: no new connections, running requests are answered, idle connections are
// closed.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.ts';

const DRAIN_MS = 5_000;

/** Node's class of responses, or one that extends it: `ServerResponse` of `http.createServer`. */
export type ResponseClass = typeof ServerResponse;

/** The responses of one server. */
export interface ClosingResponses {
  readonly Response: ResponseClass;
  /** From when this app begins to close, they say `Connection: close`. */
  readonly announceClosing: (app: FastifyInstance) => void;
}

/**
 * Responses that say `Connection: close` while their app closes. Fastify does so for requests that
 * arrive then; without this, requests in progress would leave idle connections open until they are
 * cut off.
 */
export function closingResponses(): ClosingResponses {
  let isClosing = false;
  class ClosingResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
    override writeHead(...given: unknown[]): this {
      if (isClosing && !this.headersSent) this.setHeader('connection', 'close');
      return super.writeHead(...(given as Parameters<ServerResponse['writeHead']>));
    }
  }
  return {
    Response: ClosingResponse,
    announceClosing(app) {
      app.addHook('preClose', (done) => {
        isClosing = true;
        done();
      });
    },
  };
}

/** Closes an app: running requests have 5 s to finish; then their connections are closed. */
export async function drain(app: FastifyInstance, clock: Clock): Promise<void> {
  const cancel = clock.after(DRAIN_MS, () => app.server.closeAllConnections());
  await app.close();
  cancel();
}
