// A load balancer of connections whose servers may change while it runs: each new connection goes
// to the next of them, and to another one if that is gone.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A balancer that listens. */
export interface Balancer {
  readonly port: number;
  /** The ports of the servers that get new connections. */
  readonly ports: Set<number>;
  close(): Promise<void>;
}

/** Starts one without servers; they are on the same host. */
export async function startBalancer(host: string): Promise<Balancer> {
  const ports = new Set<number>();
  const sockets = new Set<Socket>();
  let turn = 0;
  const join = (client: Socket, left: readonly number[]) => {
    const [port, ...others] = left;
    if (port === undefined) return client.destroy();
    const server = connect(port, host);
    const tryOthers = () => join(client, others);
    server.once('error', tryOthers);
    server.once('connect', () => {
      server.off('error', tryOthers);
      sockets.add(server);
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        from.on('error', () => to.destroy());
        from.once('close', () => sockets.delete(from));
        from.pipe(to);
      }
    });
    return undefined;
  };
  const balancer = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    const all = [...ports];
    turn += 1;
    join(client, [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)]);
  });
  balancer.listen(0, host);
  await once(balancer, 'listening');
  return {
    port: (balancer.address() as AddressInfo).port,
    ports,
    async close() {
      for (const socket of sockets) socket.destroy();
      balancer.close();
      await once(balancer, 'close');
    },
  };
}

/**
 * One address for these, which differ in their ports only, with their path. One server is not
 * balanced: its own address is given.
 */
export async function startBehindOne(
  urls: readonly string[],
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const [first = ''] = urls;
  if (urls.length < 2) return { url: first, close: async () => {} };
  const url = new URL(first);
  const balancer = await startBalancer(url.hostname);
  for (const one of urls) balancer.ports.add(Number(new URL(one).port));
  url.port = String(balancer.port);
  return { url: url.href, close: () => balancer.close() };
}
