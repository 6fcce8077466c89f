// An OpenTelemetry collector that keeps the spans it is sent (OTLP over HTTP, JSON).
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span as a test looks at it. */
export interface SeenSpan {
  /** The part that sent it. */
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Absent or empty: the first of its trace. */
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The spans that it has links to. */
  readonly links: readonly string[];
  readonly isFailed: boolean;
}

/** A collector that listens. */
export interface Collector {
  readonly endpoint: string;
  readonly spans: SeenSpan[];
  close(): Promise<void>;
}

/** Starts one at a free port. */
export async function startCollector(): Promise<Collector> {
  const spans: SeenSpan[] = [];
  const server = createServer((request, response) => {
    void json(request).then((sent) => {
      if (request.url === '/v1/traces') spans.push(...spansIn(sent as Sent));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: Attributes;
  readonly links?: readonly { readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}

function spansIn({ resourceSpans }: Sent): SeenSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ attributes = [], links = [], status, ...span }) => ({
        ...span,
        service,
        attributes: valuesOf(attributes),
        links: links.map(({ spanId }) => spanId),
        isFailed: status?.code === 2,
      }));
  });
}

const valuesOf = (attributes: Attributes): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
