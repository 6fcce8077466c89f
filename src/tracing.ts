// The spans of this program, over the API of OpenTelemetry. A trace begins at the gateway's server,
// or where a caller says so (`traceparent`, W3C Trace Context); outside of a trace that is recorded
// there are no spans. Without the SDK (`telemetry/traces.ts`) nothing here does anything.
//
// Where in a trace the program is, is kept across awaits (`inSpan`, `within`) only where parts that
// know nothing of each other need it: Node then follows every promise of the process. What is done
// for every request passes the place on as a value instead, so that it costs nothing.
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

export type { Attributes, Span } from '@opentelemetry/api';

/** A place in a trace that is recorded: a span, and the request that it is for. */
export type TracePlace = Context;

const TRACER = trace.getTracer('calendar');
const REQUEST_ID = createContextKey('request id');

let decide: (() => boolean) | null = null;
/** How many spans are open. While it is 0, {@link here} returns at once. */
let open = 0;

/**
 * Called by who has registered the SDK, and with null when it is gone. `samples`: whether a request
 * that is part of no trace begins one; asked once for each.
 */
export function setTracing(samples: (() => boolean) | null): void {
  decide = samples;
}

/** Whether there are spans. Servers ask when they are made. */
export function isTracing(): boolean {
  return decide !== null;
}

/** The place that was entered here; undefined outside of a trace. */
export function here(): TracePlace | undefined {
  if (open === 0) return undefined;
  const active = context.active();
  return trace.getSpan(active) === undefined ? undefined : active;
}

/** Runs at this place. */
export function within<T>(place: TracePlace | undefined, run: () => T): T {
  return place === undefined ? run() : context.with(place, run);
}

/** Options of {@link withSpan}. */
export interface SpanOptions {
  /** The parent. Default {@link here}. */
  readonly at?: TracePlace | undefined;
  /** For a call to another process. */
  readonly isCall?: boolean;
}

/**
 * Runs with a new span, which ends with it; the span and its place are undefined outside of a
 * trace. A rejection fails the span, with the error's `reason` or name: messages may cite answers.
 */
export async function withSpan<T>(
  name: string,
  attributes: Attributes,
  run: (span: Span | undefined, place: TracePlace | undefined) => Promise<T>,
  { at = here(), isCall = false }: SpanOptions = {},
): Promise<T> {
  if (at === undefined) return run(undefined, undefined);
  const span = TRACER.startSpan(name, { kind: isCall ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes }, at);
  open += 1;
  try {
    return await run(span, trace.setSpan(at, span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    open -= 1;
    span.end();
  }
}

/** As {@link withSpan}, and everything that `run` does is done within the span. */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  run: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  return withSpan(name, attributes, (span, place) => within(place, () => run(span)));
}

/**
 * As {@link withSpan}, for work that several requests share: a span in the trace of the first of
 * them that has one. The spans at the places of all of them have links to it, and it to them.
 */
export function withSharedSpan<T>(
  name: string,
  attributes: Attributes,
  sharers: readonly (TracePlace | undefined)[],
  run: (span: Span | undefined, place: TracePlace | undefined) => Promise<T>,
): Promise<T> {
  if (sharers.every((place) => place === undefined)) return run(undefined, undefined);
  const places = [...new Set(sharers)].filter((place) => place !== undefined);
  return withSpan(
    name,
    attributes,
    (span, place) => {
      for (const sharer of new Set(places.map((one) => trace.getSpan(one)))) {
        if (span === undefined || sharer === undefined) continue;
        sharer.addLink({ context: span.spanContext() });
        span.addLink({ context: sharer.spanContext() });
      }
      return run(span, place);
    },
    { at: places[0] },
  );
}

/** Says that the span failed, and why, in a word. */
export function failSpan(span: Span | undefined, error: unknown): void {
  if (span === undefined) return;
  const { reason, name } = Object(error) as { readonly reason?: unknown; readonly name?: unknown };
  const type = [reason, name].find((one): one is string => typeof one === 'string') ?? 'unknown';
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

/** The headers with those that continue the trace in the called process. */
export function withTraceHeaders(
  headers: Readonly<Record<string, string>>,
  place: TracePlace | undefined = here(),
): Readonly<Record<string, string>> {
  if (place === undefined) return headers;
  const all = { ...headers };
  propagation.inject(place, all);
  return all;
}

/** A request that a server answers with a span. */
export interface TracedRequest {
  readonly place: TracePlace;
  /** With what is known at the end. */
  end(attributes: Attributes, isFailed: boolean): void;
}

/**
 * Decides whether a request is recorded, before anything else is done for that: where its trace
 * goes on from, or null. `headers`: in which a caller may say of which trace it is part, and
 * whether that is recorded; null: they say nothing. `begins`: whether a request that is part of no
 * trace may begin one.
 */
export function traceOf(headers: Readonly<Record<string, unknown>> | null, begins: boolean): TracePlace | null {
  const said = headers === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, headers);
  const parent = headers === null ? undefined : trace.getSpanContext(said);
  const isPart = parent !== undefined && isSpanContextValid(parent);
  const isRecorded = isPart ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : begins && decide?.() === true;
  return isRecorded ? said : null;
}

/** Begins the span of a request; `from`: of {@link traceOf}. */
export function traceRequest(name: string, attributes: Attributes, requestId: string, from: TracePlace): TracedRequest {
  const span = TRACER.startSpan(name, { kind: SpanKind.SERVER, attributes }, from);
  open += 1;
  return {
    place: trace.setSpan(from, span).setValue(REQUEST_ID, requestId),
    end(more, isFailed) {
      span.setAttributes(more);
      if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
      open -= 1;
      span.end();
    },
  };
}

/** The trace and the request in which this runs, for log lines; empty outside of a trace. */
export function traceFields(): { readonly traceId?: string; readonly requestId?: string } {
  const place = here();
  if (place === undefined) return {};
  const traceId = trace.getSpanContext(place)?.traceId;
  const requestId = place.getValue(REQUEST_ID);
  return { ...(traceId !== undefined && { traceId }), ...(typeof requestId === 'string' && { requestId }) };
}
