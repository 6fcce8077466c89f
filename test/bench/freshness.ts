// The freshness probe: `npm run bench:freshness`. For each way of hearing of changes, and for a design that copies events
// into a table, how long an edit takes to show on another's My Page through the gateway, and what it asks of the services.
// Real Redis, real PostgreSQL; everything else in this process, the probe included. About four and a half minutes.
import pg from 'pg';
import { systemClock } from '../../src/clock.ts';
import { POSTGRES, startPostgres } from '../harness/postgres-server.ts';
import { type RealGraph, startEverything } from '../harness/real-graph.ts';
import { REDIS, startRedis } from '../harness/redis-server.ts';
import { copyingCalendar, type Evidence } from './copying.ts';
import { printTable, quantile, shown } from './numbers.ts';
import { Probe } from './probe.ts';

const COPY_MS = 5_000;
const WINDOW_MS = 5_000;
const SETTLE_MS = 4_000;

interface Row {
  readonly name: string;
  readonly waits: readonly number[];
  readonly idle: Evidence;
  readonly busy: Evidence;
}

if (!REDIS.found || !POSTGRES.found) throw new Error('needs the Debian packages redis-server and postgresql');
let databases = 0;
const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
try {
  const poll = { FRESHNESS: 'poll', POLL_INTERVAL: '1s' };
  const short = { FRESHNESS: 'none', SLICE_TTL: '2s', STALE_WHILE_REVALIDATE: '0s' };
  // The copying design and those that wait for seconds too leave each other alone; the quick ones are measured by themselves.
  const slow = async () => [
    await measure('none (SLICE_TTL shortened to 2 s)', short, 10, 2_000),
    await measure('poll, every 1 s', poll, 20, 1_000),
    await measure('poll, written past the gateway', poll, 20, 1_000, (graph) => graph.behind),
  ];
  const [copied, ours] = await Promise.all([measureCopying(8), slow()]);
  const rows = [
    ...ours,
    await measure('redis', { FRESHNESS: 'redis', REDIS_URL: redis.url }, 150, 100),
    await measure('cdc', async (url) => ({ FRESHNESS: 'cdc', CDC_DATABASE_URL: url }), 150, 100),
    copied,
  ];
  print(rows);
} finally {
  await Promise.all([redis.close(), postgres.close()]);
}

type Settings = Readonly<Record<string, string>>;

/** One way of hearing of changes, on a database of its own. */
async function measure(
  name: string,
  settings: Settings | ((url: string) => Promise<Settings>),
  edits: number,
  pauseMs: number,
  writing: (graph: RealGraph) => RealGraph['query'] = (graph) => graph.query,
): Promise<Row> {
  const url = await newDatabase();
  const given = typeof settings === 'function' ? await settings(url) : settings;
  const graph = await startEverything({ DATABASE_URL: url, SAMPLE_DATA: 'true', ...given });
  try {
    if (given.FRESHNESS !== 'none') await graph.watched();
    return await rowOf(name, new Probe(graph, writing(graph)), edits, pauseMs, () => evidenceOf(graph));
  } finally {
    await graph.close();
  }
}

async function measureCopying(edits: number): Promise<Row> {
  const evidence: Evidence = { calls: 0, rows: 0 };
  const settings = { DATABASE_URL: await newDatabase(), SAMPLE_DATA: 'true', FRESHNESS: 'none' };
  const graph = await startEverything(settings, systemClock, copyingCalendar(COPY_MS, evidence));
  try {
    const copied = evidence.rows;
    const row = await rowOf(`copying, every ${COPY_MS / 1_000} s`, new Probe(graph), edits, COPY_MS, () => ({
      ...evidence,
    }));
    console.error(`The copying design first copied ${shown(copied)} rows.`);
    return row;
  } finally {
    await graph.close();
  }
}

async function rowOf(name: string, probe: Probe, edits: number, pauseMs: number, count: () => Evidence): Promise<Row> {
  await probe.page();
  const waits = await probe.edits(edits, pauseMs);
  const during = async (perSecond: number): Promise<Evidence> => {
    // Two rounds of the copying worker at least: what a round costs must not depend on when it is looked at.
    const forMs = Math.max(WINDOW_MS, name.startsWith('copying') ? 2 * COPY_MS : 0);
    const before = count();
    await probe.traffic(forMs, perSecond);
    const after = count();
    const each = (total: number) => total / (forMs / 1_000);
    return { calls: each(after.calls - before.calls), rows: each(after.rows - before.rows) };
  };
  // What was read just after the last edits is read once more; then it is idle.
  await probe.traffic(SETTLE_MS, 0);
  const row = { name, waits, idle: await during(0), busy: await during(10) };
  console.error(`${name}: done`);
  return row;
}

/** What the calendar has asked of the services; the probe's own edits are not among it. */
function evidenceOf({ calls }: RealGraph): Evidence {
  const asked = calls.filter(({ query }) => !query.startsWith('mutation'));
  return { calls: asked.length, rows: asked.reduce((sum, call) => sum + call.rows, 0) };
}

async function newDatabase(): Promise<string> {
  databases += 1;
  const name = `freshness_${databases}`;
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return postgres.url.replace(/[^/]*$/, name);
}

function print(rows: readonly Row[]): void {
  const at = (share: number) => (row: Row) => shown(quantile(row.waits, share));
  const [p50, p99, most] = [at(0.5), at(0.99), at(1)];
  const evidence = ({ calls, rows: read }: Evidence) => [shown(calls), shown(read)];
  printTable([
    ['edit → visible, ms', 'edits', 'p50', 'p99', 'max', 'idle: calls/s', 'rows/s', '10 edits/s: calls/s', 'rows/s'],
    ...rows.map((row) => [
      row.name,
      String(row.waits.length),
      p50(row),
      p99(row),
      most(row),
      ...evidence(row.idle),
      ...evidence(row.busy),
    ]),
  ]);
  console.log(`
From sending the mutation until another user's page, read every 5 ms through the gateway, shows it. Calls and rows: what
is asked of the three services and what they answer (items and changes), while that page is read ten times a second.
With a Redis stream the services write to it themselves; with cdc the calendar reads PostgreSQL's log.
Copying waits for its next round: every 180 s that is 90 s in the middle and 180 s at most, with a 36th of the calls.
${rows.length} programs in one run, Node ${process.versions.node}.`);
}
