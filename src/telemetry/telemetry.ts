// Serves the metrics at a port of their own, so that they are never reachable where clients are.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startMetrics } from './metrics.ts';
import { versionOf } from './version.ts';

/**
 * Starts counting and `GET /metrics`. Rejects when the port is in use. Port 0 chooses a free one.
 */
export async function startTelemetry(options: {
  readonly part: string;
  readonly port: number;
  readonly host: string;
}): Promise<{ readonly addresses: Readonly<Record<string, string>>; close(): Promise<void> }> {
  const metrics = startMetrics({ version: versionOf(), part: options.part });
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics.text());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.host }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    addresses: { metrics: `http://${options.host}:${port}/metrics` },
    async close() {
      metrics.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
