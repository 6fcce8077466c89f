// A load balancer of connections: each new one goes to the next of several servers.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A balancer that listens. One server is not balanced: its own address is given. */
export interface Balancer {
  /** With the path of the servers. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it in front of these URLs, which differ in their ports only. */
export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const [only = ''] = urls;
  if (urls.length < 2) return { url: only, close: async () => {} };
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    const { hostname, port } = new URL(urls[turn % urls.length] ?? only);
    turn += 1;
    const behind = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.once('close', () => sockets.delete(socket));
      socket.pipe(other);
    }
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const url = new URL(only);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
