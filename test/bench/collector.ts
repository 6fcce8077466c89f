// Stands for a collector of traces: it takes everything, and reads nothing of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts one. `url`: without a path. */
export async function startCollector(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
