// The spans of this program, over the API of OpenTelemetry. A trace begins at the gateway's server,
// or where a caller says so (`traceparent`, W3C Trace Context); outside of a trace there are no
// spans. Without the SDK (`telemetry/traces.ts`) nothing here does anything, and nothing is kept.
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

export type { Attributes, Span } from '@opentelemetry/api';

const TRACER = trace.getTracer('calendar');
const REQUEST_ID = createContextKey('request id');

let isOn = false;

/** Called by who has registered the SDK, and when it is gone. */
export function setTracing(on: boolean): void {
  isOn = on;
}

/** Whether there are spans. Servers ask when they are made. */
export function isTracing(): boolean {
  return isOn;
}

/** The span that is open here; undefined outside of a trace. */
export function openSpan(): Span | undefined {
  return isOn ? trace.getActiveSpan() : undefined;
}

/**
 * Runs within a new span of the open one, which ends with it; the span is undefined outside of a
 * trace. A rejection fails the span, with the error's `reason` or name: messages may cite answers.
 */
export async function inSpan<T>(
  name: string,
  attributes: Attributes,
  run: (span: Span | undefined) => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  if (openSpan() === undefined) return run(undefined);
  return TRACER.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await run(span);
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** As {@link inSpan}, for a call to another process. */
export function inClientSpan<T>(
  name: string,
  attributes: Attributes,
  run: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  return inSpan(name, attributes, run, SpanKind.CLIENT);
}

/**
 * As {@link inSpan}, for work that several requests share: a span of the first one's trace, and no
 * span if the first one has no trace. The
 * spans that were open in all of them, `sharers`, have links to it, and it has links to them.
 */
export function inSharedSpan<T>(
  name: string,
  attributes: Attributes,
  sharers: readonly (Span | undefined)[],
  run: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  return inSpan(name, attributes, (span) => {
    for (const sharer of new Set(sharers)) {
      if (span === undefined || sharer === undefined) continue;
      sharer.addLink({ context: span.spanContext() });
      span.addLink({ context: sharer.spanContext() });
    }
    return run(span);
  });
}

/** Says that the span failed, and why, in a word. */
export function failSpan(span: Span | undefined, error: unknown): void {
  if (span === undefined) return;
  const { reason, name } = Object(error) as { readonly reason?: unknown; readonly name?: unknown };
  const type = [reason, name].find((one): one is string => typeof one === 'string') ?? 'unknown';
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

/** The headers with those that continue the open trace in the called process. */
export function withTraceHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (openSpan() === undefined) return headers;
  const all = { ...headers };
  propagation.inject(context.active(), all);
  return all;
}

/** A request that a server answers within a span. */
export interface TracedRequest {
  /** Runs within the span. */
  within(run: () => void): void;
  /** With what is known at the end. */
  end(attributes: Attributes, isFailed: boolean): void;
}

/**
 * Begins the span of a request. `headers`: in which a caller may say of which trace it is part;
 * null: begins a trace whatever they say. Null when it is part of no trace and begins none.
 */
export function traceRequest(
  name: string,
  attributes: Attributes,
  requestId: string,
  { headers, begins }: { readonly headers: Readonly<Record<string, unknown>> | null; readonly begins: boolean },
): TracedRequest | null {
  const from = headers === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, headers);
  if (!begins && trace.getSpanContext(from) === undefined) return null;
  const span = TRACER.startSpan(name, { kind: SpanKind.SERVER, attributes }, from);
  const here: Context = trace.setSpan(from, span).setValue(REQUEST_ID, requestId);
  return {
    within: (run) => context.with(here, run),
    end(more, isFailed) {
      span.setAttributes(more);
      if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** The trace and the request in which this runs, for log lines; empty outside of a trace. */
export function traceFields(): { readonly traceId?: string; readonly requestId?: string } {
  const span = openSpan();
  if (span === undefined) return {};
  const requestId = context.active().getValue(REQUEST_ID);
  return { traceId: span.spanContext().traceId, ...(typeof requestId === 'string' && { requestId }) };
}
