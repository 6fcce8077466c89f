// While nothing is recorded, nothing is kept across awaits.
import { afterEach, expect, test } from '@jest/globals';
import { context, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api';
import { AlwaysOnSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { RestingContext } from '../../src/telemetry/resting-context.ts';

const manager = new RestingContext();
const provider = new NodeTracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors: [manager.spanProcessor] });
const tracer = provider.getTracer('test');
const at = (span: Span) => trace.setSpan(ROOT_CONTEXT, span);
const turn = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => void manager.disable());

test('the place in a trace is kept across awaits while a span is open, and no longer', async () => {
  const [first, second] = [tracer.startSpan('first'), tracer.startSpan('second')];
  await manager.with(at(first), async () => {
    await turn();
    expect(trace.getSpan(manager.active())).toBe(first);
    first.end();
    expect(trace.getSpan(manager.active())).toBe(first);
    second.end();
    expect(manager.active()).toBe(ROOT_CONTEXT);
    await turn();
    expect(manager.active()).toBe(ROOT_CONTEXT);
  });
  const third = tracer.startSpan('third');
  await manager.with(at(third), async () => {
    await turn();
    expect(trace.getSpan(manager.active())).toBe(third);
  });
  third.end();
});

test('what is not recorded is run without being kept, and inside of a trace ends its place', () => {
  const unrecorded = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 });
  const seen = (place = context.active()) => manager.with(place, () => manager.active());
  expect(seen(at(unrecorded))).toBe(ROOT_CONTEXT);
  const span = tracer.startSpan('recorded', { kind: SpanKind.SERVER });
  manager.with(at(span), () => {
    expect(trace.getSpan(seen(at(span)))).toBe(span);
    expect(seen(ROOT_CONTEXT)).toBe(ROOT_CONTEXT);
  });
  span.end();
});
