// A TCP proxy whose connections can be cut, fall silent, or lead to another server.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Wire {
  /** The address behind, by way of the wire. */
  readonly url: string;
  /** Ends what is connected and takes nothing more, until `mend`. */
  cut(): void;
  mend(): void;
  /**
   * What is connected stays so and carries nothing any more, either way; what connects from now on
   * works.
   */
  deaden(): void;
  /** What connects from now on reaches another server; its path is not used. */
  aim(url: string): void;
  /** Ends one connection in `share`, on average. */
  dropSome(share: number, random: () => number): void;
  close(): Promise<void>;
}

/** Lays a wire to `url`. */
export async function layWire(url: string): Promise<Wire> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [near, far].map((end) => end.destroy()) && sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through(url, (server.address() as AddressInfo).port),
    cut() {
      isCut = true;
      close();
    },
    mend() {
      isCut = false;
    },
    deaden() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    aim(other) {
      target = new URL(other);
    },
    dropSome(share, random) {
      for (const socket of sockets) if (random() < 1 / share) socket.destroy();
    },
    async close() {
      close();
      server.close();
      await once(server, 'close');
    },
  };
}

function through(url: string, port: number): string {
  const near = new URL(url);
  near.host = `127.0.0.1:${port}`;
  return near.href;
}
