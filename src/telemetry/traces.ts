// Sends the spans of this program, and those of @apollo/gateway, to an OpenTelemetry collector
// (OTLP over HTTP, JSON). The SDK is loaded only here, and this file only if it is wanted. Headers
// and attributes are settled by the SDK's own variables: OTEL_EXPORTER_OTLP_HEADERS,
// OTEL_RESOURCE_ATTRIBUTES.
import { context, DiagLogLevel, diag, propagation, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
} from '@opentelemetry/sdk-trace-node';
import { reportError } from '../diagnostics.ts';
import { setTracing } from '../tracing.ts';
import { RestingContext } from './resting-context.ts';
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

/** Options of {@link startTraces}. */
export interface TracesOptions {
  /** What runs. */
  readonly part: string;
  /** The collector, without `/v1/traces`. */
  readonly endpoint: string;
  /** The part of the requests that are recorded, of those that no caller decides; from 0 to 1. */
  readonly share: number;
}

/** Starts sending. */
export function startTraces({ part, endpoint, share }: TracesOptions): Traces {
  const ours = { 'service.namespace': 'calendar', 'service.name': part, 'service.version': versionOf() };
  const resource = defaultResource()
    .merge(resourceFromAttributes(ours))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: EXPORT_MS });
  const contextManager = new RestingContext();
  const spanProcessors = [new BatchSpanProcessor(exporter), contextManager.spanProcessor];
  const sampler = new ParentBasedSampler({ root: ONLY_SERVERS });
  const provider = new NodeTracerProvider({ resource, spanProcessors, sampler });
  diag.setLogger(REPORTING, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  provider.register({ contextManager });
  setTracing(() => Math.random() < share);
  return {
    addresses: {},
    flush: () => provider.forceFlush(),
    async close() {
      setTracing(null);
      await provider.shutdown().catch(reportError);
      for (const api of [trace, context, propagation, diag]) api.disable();
    },
  };
}

/**
 * Servers have decided before they begin a trace. @apollo/gateway has spans outside of one, too.
 */
const ONLY_SERVERS: Sampler = {
  shouldSample: (_context, _traceId, _name, kind) => ({
    decision: kind === SpanKind.SERVER ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
  }),
};

/** A collector that refuses or does not answer is in the log, like all others. */
const report = (message: string) => reportError(new Error(`traces: ${message}`));
const nothing = () => {};
const REPORTING = { error: report, warn: report, info: nothing, debug: nothing, verbose: nothing };
