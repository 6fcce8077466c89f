// Every metric of this program: its name, its labels, and the diagnostics channel it is counted
// from. No other part knows that there are metrics.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Gauge, type HttpRequestReport, listen, publish, type ResponseCacheReport } from '../diagnostics.ts';
import { type Labels, Metric, type Series } from './registry.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** A poll comes each second, and a heartbeat of Kafka may take 3 s. */
const LAGS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60];
/** Series that are remembered. */
const REMEMBERED = 8;
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500];

const METRICS = {
  httpServer: histogram('http_server_request_duration_seconds', 'Duration of requests, by server and route.', SECONDS),
  httpClient: histogram('http_client_request_duration_seconds', 'Duration of the gateway’s calls.', SECONDS),
  sourceRequests: counter('calendar_source_requests_total', 'Calls of the calendar to a source, by outcome.'),
  sourceSeconds: histogram('calendar_source_duration_seconds', 'Duration of calls to a source.', SECONDS),
  batchSize: histogram('calendar_source_batch_size', 'Queries in one call to a source.', SIZES),
  dropped: counter('calendar_items_dropped_total', 'Malformed items that were left out.'),
  responseCache: counter(
    'calendar_response_cache_requests_total',
    'Requests of GraphQL, by what the response cache did.',
  ),
  overhead: histogram(
    'calendar_gateway_overhead_seconds',
    'Execution at the gateway, without waiting for subgraphs.',
    SECONDS,
  ),
  shed: counter('calendar_requests_shed_total', 'Requests that were refused at once, because of load.'),
  answers: counter('calendar_answers_total', 'Calendars that were read, by completeness.'),
  breaker: gauge('calendar_breaker_state', 'Circuit breaker of a source: 0 closed, 1 open.'),
  cacheRequests: counter('calendar_cache_requests_total', 'Reads of a cache, by the state of what was given.'),
  cacheLoads: counter('calendar_cache_loads_total', 'Values that a cache began to load, by source and reason.'),
  cacheBytes: gauge('calendar_cache_bytes', 'Estimated bytes in a cache.'),
  cacheEntries: gauge('calendar_cache_entries', 'Values in a cache.'),
  invalidations: counter('calendar_invalidations_total', 'What a feed has invalidated, by its reach.'),
  feedLag: histogram('calendar_feed_lag_seconds', 'Time from a write until the calendar hears of it.', LAGS),
  feedLive: gauge('calendar_feed_live', 'Whether a change feed is live: 0 or 1.'),
  feedAge: gauge('calendar_feed_watermark_age_seconds', 'Time since a feed was last known to be complete.'),
  feedGaps: counter('calendar_feed_gaps_total', 'Times that a feed may have lost changes.'),
  feedMalformed: counter('calendar_feed_malformed_total', 'Changes that could not be read.'),
  feedFailures: counter('calendar_feed_failures_total', 'Lost connections of a feed.'),
  errors: counter('calendar_unexpected_errors_total', 'Errors in the log, by type.'),
  build: gauge('calendar_build_info', 'The version that runs; always 1.'),
  memory: gauge('process_resident_memory_bytes', 'Resident memory.'),
  cpu: counter('process_cpu_seconds_total', 'CPU time, user and system.'),
  started: gauge('process_start_time_seconds', 'Start of the process since 1970.'),
  loopDelay: gauge(
    'nodejs_eventloop_delay_p99_seconds',
    'Delay of the event loop, 99th percentile since the last scrape.',
  ),
} as const;

/** The name of every metric. */
export const METRIC_NAMES: readonly string[] = Object.values(METRICS).map(({ name }) => name);

/** The metrics of this process. */
export interface Metrics {
  /** All metrics as text for Prometheus. */
  text(): string;
  /** Ends counting. */
  stop(): void;
}

/** Starts counting. `version` and `part`: what runs, for `calendar_build_info`. */
export function startMetrics(about: { readonly version: string; readonly part: string }): Metrics {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const stops = [...countRequests(), ...countCalls(), ...countFeeds()];
  METRICS.build.set({ version: about.version, part: about.part }, 1);
  METRICS.started.set({}, Math.round(Date.now() / 1000 - process.uptime()));
  return {
    text() {
      publish('calendar:gauges-wanted', { add: take });
      const { user, system } = process.cpuUsage();
      METRICS.cpu.set({}, (user + system) / 1e6);
      METRICS.memory.set({}, process.memoryUsage.rss());
      METRICS.loopDelay.set({}, Number.isNaN(delay.mean) ? 0 : delay.percentile(99) / 1e9);
      delay.reset();
      return Object.values(METRICS)
        .map((metric) => metric.text())
        .join('');
    },
    stop() {
      delay.disable();
      for (const stop of stops) stop();
    },
  };
}

function countCalls(): readonly (() => void)[] {
  return [
    listen('calendar:subgraph-call', ({ subgraph, ms, error }) => {
      METRICS.httpClient.observe({ subgraph_name: subgraph, error_type: error ?? '' }, ms / 1000);
    }),
    listen('calendar:source-call', ({ kind, size, ms, failures }) => {
      const source = kind.toLowerCase();
      METRICS.sourceRequests.add({ source, outcome: failures[0]?.reason ?? 'OK' });
      METRICS.sourceSeconds.observe({ source }, ms / 1000);
      METRICS.batchSize.observe({ source }, size);
    }),
    listen('calendar:dropped-items', ({ kind, items }) => {
      const count = items.reduce((sum, slice) => sum + slice.count, 0);
      METRICS.dropped.add({ source: kind.toLowerCase() }, count);
    }),
    listen('calendar:gateway-overhead', ({ ms }) => METRICS.overhead.observe({}, ms / 1000)),
    listen('calendar:shed-request', ({ reason }) => METRICS.shed.add({ reason })),
    listen('calendar:answer', ({ completeness }) => METRICS.answers.add({ completeness })),
    listen('calendar:breaker', ({ service, use, isOpen }) => {
      METRICS.breaker.set({ source: service, use }, Number(isOpen));
    }),
    listen('calendar:error', ({ error }) => {
      METRICS.errors.add({ error_type: error instanceof Error ? error.name : 'unknown' });
    }),
  ];
}

/** Counts what there is of every request. */
function countRequests(): readonly (() => void)[] {
  const requests = remembering(hasSameLabels, (report) => METRICS.httpServer.of(labelsOf(report)));
  const answers = remembering<ResponseCacheReport>(
    (a, b) => a.status === b.status,
    ({ status }) => METRICS.responseCache.of({ status }),
  );
  return [
    listen('calendar:http-request', (report) => requests(report).observe(report.ms / 1000)),
    listen('calendar:response-cache', (report) => answers(report).add(1)),
  ];
}

/**
 * Finds the series of a report. Most have the labels of one of the last few: to look for them in
 * the metric takes longer, because what is there has left the processor's cache meanwhile.
 */
function remembering<Report>(
  hasSameLabels: (a: Report, b: Report) => boolean,
  find: (report: Report) => Series,
): (report: Report) => Series {
  const last: { readonly report: Report; readonly series: Series }[] = [];
  return (report) => {
    for (const one of last) if (hasSameLabels(report, one.report)) return one.series;
    const series = find(report);
    if (last.length === REMEMBERED) last.shift();
    last.push({ report, series });
    return series;
  };
}

function labelsOf({ server, route, method, status, operation = '', error = '' }: HttpRequestReport): Labels {
  return {
    server,
    http_route: route,
    http_request_method: method,
    http_response_status_code: `${status}`,
    graphql_operation_name: operation,
    error_type: error,
  };
}

function hasSameLabels(a: HttpRequestReport, b: HttpRequestReport): boolean {
  return (
    a.operation === b.operation &&
    a.status === b.status &&
    a.route === b.route &&
    a.method === b.method &&
    a.server === b.server &&
    a.error === b.error
  );
}

function countFeeds(): readonly (() => void)[] {
  return [
    listen('calendar:feed-changes', ({ feed, reach, malformed, lagMs }) => {
      for (const [name, count] of Object.entries(reach)) METRICS.invalidations.add({ feed, reach: name }, count);
      METRICS.feedMalformed.add({ feed }, malformed);
      for (const [kind, ms] of Object.entries(lagMs)) METRICS.feedLag.observe({ feed, kind }, ms / 1000);
    }),
    listen('calendar:feed-gap', ({ feed }) => {
      METRICS.feedGaps.add({ feed });
      METRICS.invalidations.add({ feed, reach: 'everything' });
    }),
    listen('calendar:feed-failure', ({ feed }) => METRICS.feedFailures.add({ feed })),
  ];
}

/** Takes a value that a part gives when it is asked. */
function take(gauge: Gauge): void {
  if (gauge.of === 'feed') {
    METRICS.feedLive.set({ feed: gauge.feed }, Number(gauge.isLive));
    for (const [kind, ageMs] of Object.entries(gauge.ageMs)) {
      METRICS.feedAge.set({ feed: gauge.feed, kind }, ageMs / 1000);
    }
    return;
  }
  const { cache, bytes, entries, reads, loads } = gauge;
  METRICS.cacheBytes.set({ cache }, bytes);
  METRICS.cacheEntries.set({ cache }, entries);
  for (const { source, reason, count } of loads) METRICS.cacheLoads.set({ cache, source, reason }, count);
  for (const [state, count] of Object.entries(reads)) METRICS.cacheRequests.set({ cache, state }, count);
}

function counter(name: string, help: string): Metric {
  return new Metric('counter', name, help);
}

function gauge(name: string, help: string): Metric {
  return new Metric('gauge', name, help);
}

function histogram(name: string, help: string, limits: readonly number[]): Metric {
  return new Metric('histogram', name, help, limits);
}
