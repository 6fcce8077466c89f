// A server that sends raw bytes: it can hang, cut off, lie and stay silent. It records the text of
// every request.

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** What to do with the n-th request (from 0) that arrives on a connection. */
export type OnRequest = (socket: Socket, n: number, text: string) => void;

/** A raw server on a free port of 127.0.0.1. */
export interface RawServer {
  readonly url: string;
  /** Every request's text, in order. */
  readonly requests: readonly string[];
  /** Connections opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts one; each chunk of bytes counts as one request. */
export async function rawServer(onRequest: OnRequest): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let opened = 0;
  const server = createServer((socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      requests.push(chunk.toString());
      onRequest(socket, requests.length - 1, chunk.toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    connections: () => opened,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An HTTP answer as bytes, with the headers given besides its length. */
export function answer(status: string, headers: Record<string, string>, body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body);
  const lines = Object.entries({ 'content-length': String(bytes.length), ...headers }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes]);
}

/** A good GraphQL answer. */
export const GOOD = answer('200 OK', { 'content-type': 'application/json' }, '{"data":{"a":1}}');
