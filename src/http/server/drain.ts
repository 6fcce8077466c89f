// Graceful shutdown: no new connections, running requests are answered, idle connections are
// closed.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.ts';

const DRAIN_MS = 5_000;

/**
 * Adds `Connection: close` to answers while the app closes. Fastify does so for requests that
 * arrive then; without this, requests in progress would leave idle connections open until they are
 * cut off.
 */
export function announceClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done();
  });
}

/** Closes an app: running requests have 5 s to finish; then their connections are closed. */
export async function drain(app: FastifyInstance, clock: Clock): Promise<void> {
  const cancel = clock.after(DRAIN_MS, () => app.server.closeAllConnections());
  await app.close();
  cancel();
}
