// Sends the spans of this program, and those of @apollo/gateway, to an OpenTelemetry collector
// (OTLP over HTTP, JSON). The SDK is loaded only here, and this file only if it is wanted. Sampling
// and headers are settled by the SDK's own variables: OTEL_TRACES_SAMPLER,
// OTEL_EXPORTER_OTLP_HEADERS, OTEL_RESOURCE_ATTRIBUTES.
import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { reportError } from '../diagnostics.ts';
import { setTracing } from '../tracing.ts';
import { versionOf } from './version.ts';

/** A collector that does not answer must not delay the end of the process. */
const EXPORT_MS = 2_000;

/** Spans that are being sent. */
export interface Traces {
  readonly addresses: Readonly<Record<string, never>>;
  /** Sends what is not sent yet. */
  flush(): Promise<void>;
  /** Sends what is not sent yet, for at most 2 s, and ends tracing. */
  close(): Promise<void>;
}

/** Starts sending. `endpoint`: the collector, without `/v1/traces`. `part`: what runs. */
export function startTraces({ part, endpoint }: { readonly part: string; readonly endpoint: string }): Traces {
  const ours = { 'service.namespace': 'calendar', 'service.name': part, 'service.version': versionOf() };
  const resource = defaultResource()
    .merge(resourceFromAttributes(ours))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: EXPORT_MS });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  diag.setLogger(REPORTING, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  provider.register();
  setTracing(true);
  return {
    addresses: {},
    flush: () => provider.forceFlush(),
    async close() {
      setTracing(false);
      await provider.shutdown().catch(reportError);
      for (const api of [trace, context, propagation, diag]) api.disable();
    },
  };
}

/** A collector that refuses or does not answer is in the log, like all others. */
const report = (message: string) => reportError(new Error(`traces: ${message}`));
const nothing = () => {};
const REPORTING = { error: report, warn: report, info: nothing, debug: nothing, verbose: nothing };
