// Where in a trace the program is, kept across awaits (AsyncLocalStorage) while a span is open, and
// only then: as long as it is kept, Node 20 follows every promise of the process, which costs every
// request, whether that one is recorded or not.
import { type Context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-node';

/** See the head of this file. */
export class RestingContext extends AsyncLocalStorageContextManager {
  #open = 0;

  /** Counts the spans that are open. */
  readonly spanProcessor: SpanProcessor = {
    onStart: () => {
      this.#open += 1;
    },
    onEnd: () => {
      this.#open -= 1;
      if (this.#open === 0) this.disable();
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };

  /** Outside of a trace nothing is kept of what is not recorded. */
  override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    run: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const flags = trace.getSpanContext(context)?.traceFlags ?? TraceFlags.NONE;
    const isRecorded = (flags & TraceFlags.SAMPLED) !== 0;
    if (!isRecorded && this.active() === ROOT_CONTEXT) return run.apply(self, args);
    return super.with(context, run, self, ...args);
  }
}
