// Which part of the CPU metrics and traces have at the hot page: `npm run bench:telemetry-share`.
// The program runs with all of them under Node's profiler, is asked by wrk and scraped every five
// seconds; counted is the time in our metrics and in OpenTelemetry, and all that they call. Garbage
// is not: `npm run bench:telemetry` compares whole processes, which is less exact.
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness/free-port.ts';
import { startCollector } from './collector.ts';
import { printTable, shown } from './numbers.ts';
import { startBuilt } from './program.ts';
import { wrk } from './wrk.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHARES = ['0.001', '0.01'];
const ROUNDS = 3;
const WARM_UP_SECONDS = 5;
const SECONDS = 20;
const SCRAPE_MS = 5_000;

const METRICS = /\/dist\/telemetry\/(metrics|registry)\.js$/;
const TRACES = /@opentelemetry\/|\/dist\/telemetry\/(traces|resting-context)\.js$/;
/** Of these only their own time: what they call is the work that is traced. */
const OWN = /\/dist\/(tracing|http\/server\/trace-requests)\.js$/;

const collector = await startCollector();
const rows: string[][] = [];
for (const share of SHARES) {
  for (let round = 0; round < ROUNDS; round += 1) rows.push(await measure(share));
}
collector.close();
console.log(
  `\nOne student's month from the response cache, by wrk, 16 connections, one process; per cent of its CPU.\n`,
);
printTable([['traced', 'requests/s', 'metrics', 'traces', 'both'], ...rows]);

async function measure(share: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const metricsPort = String(await freePort());
  const settings = {
    METRICS_PORT: metricsPort,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: share,
  };
  const { child, request } = await startBuilt(ROOT, settings, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const scrape = async () => (await fetch(`http://localhost:${metricsPort}/metrics`)).text();
  await wrk(request, { seconds: WARM_UP_SECONDS });
  const scraping = setInterval(() => void scrape(), SCRAPE_MS);
  const { perSecond, failed } = await wrk(request, { seconds: SECONDS });
  clearInterval(scraping);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  child.kill('SIGTERM');
  await once(child, 'exit');
  const [file = ''] = await readdir(folder);
  const { metrics, traces } = sharesOf(JSON.parse(await readFile(join(folder, file), 'utf8')) as Profiler.Profile);
  return [share, shown(perSecond), percent(metrics), percent(traces), percent(metrics + traces)];
}

function percent(part: number): string {
  return (100 * part).toFixed(2);
}

/** Parts of the time in which something ran, in the last seconds of the profile. */
function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile) {
  const partOf = classifier(nodes);
  const end = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const time = { others: 0, metrics: 0, traces: 0, idle: 0 };
  let at = 0;
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    at += delta;
    if (end - at <= SECONDS * 1e6) time[partOf(id)] += delta;
  }
  const all = time.others + time.metrics + time.traces;
  return { metrics: time.metrics / all, traces: time.traces / all };
}

/** Returns a function that says what runs at a node of the profile, by the files that called it. */
function classifier(nodes: Profiler.Profile['nodes']) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const within = (id: number, file: RegExp): boolean => {
    for (let one: number | undefined = id; one !== undefined; one = callers.get(one)) {
      if (file.test(frames.get(one)?.url ?? '')) return true;
    }
    return false;
  };
  return (id: number) => {
    const { functionName = '', url = '' } = frames.get(id) ?? {};
    if (functionName === '(idle)') return 'idle';
    if (within(id, METRICS)) return 'metrics';
    return within(id, TRACES) || OWN.test(url) ? 'traces' : 'others';
  };
}
