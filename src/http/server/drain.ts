// How a server of ours ends: no new connection, running requests are answered, and nothing waits
// for idle connections.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.ts';

const DRAIN_MS = 5_000;

/**
 * Makes answers given while the app closes say `Connection: close`. Fastify says so itself to
 * requests that arrive then; without this, those under way would leave connections that stay open,
 * idle, until they are cut off.
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

/** Closes an app: running requests finish, for at most 5 s; what still runs then is cut off. */
export async function drain(app: FastifyInstance, clock: Clock): Promise<void> {
  const cancel = clock.after(DRAIN_MS, () => app.server.closeAllConnections());
  await app.close();
  cancel();
}
