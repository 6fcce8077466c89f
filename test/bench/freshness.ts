// The freshness probe: `npm run bench:freshness`. For each change feed, and for a design that
// copies events into a table: how long an edit takes to show on another user's page through the
// gateway, and how many calls that costs. Real servers, one process for each feed. About seven
// minutes; `npm run bench:freshness -- kafka` measures only what has this in its name, and
// `-- --beside 1711cec` measures that commit's program too, in turns with this one's.

import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { RealServer } from '../harness/child-server.ts';
import { startGraph } from '../harness/graph.ts';
import { createTopics, JAVA, startKafka, topicsOf } from '../harness/kafka/broker.ts';
import { runSql, startDebezium } from '../harness/kafka/debezium.ts';
import { POSTGRES, startPostgres } from '../harness/postgres-server.ts';
import type { RealGraph } from '../harness/real-graph.ts';
import { REDIS, startRedis } from '../harness/redis-server.ts';
import { copyingCalendar, type Evidence } from './copying.ts';
import { printTable, quantile, shown } from './numbers.ts';
import { builtCommit } from './older-commit.ts';
import { Probe } from './probe.ts';

const THIS_FILE = fileURLToPath(import.meta.url);
/** How often each of them is measured. */
const ROUNDS = Number(process.env.ROUNDS ?? 1);
const COPY_MS = 5_000;
const WINDOW_MS = 5_000;
const SETTLE_MS = 4_000;

interface Row {
  readonly name: string;
  readonly waits: readonly number[];
  readonly idle: Evidence;
  readonly busy: Evidence;
}

/** What a child is told: where the servers are. */
interface Servers {
  readonly redis: string;
  readonly postgres: string;
  readonly kafka: string;
}

const POLL = { FRESHNESS: 'poll', POLL_INTERVAL: '1s' };
const SHORT = { FRESHNESS: 'none', SLICE_TTL: '2s', STALE_WHILE_REVALIDATE: '0s' };

/** What is measured, each in a process of its own. */
const MEASURES: Readonly<Record<string, (name: string, servers: Servers) => Promise<Row>>> = {
  'none (SLICE_TTL shortened to 2 s)': (name, { postgres }) => measure(name, postgres, () => SHORT, 10, 2_000),
  'poll, every 1 s': (name, { postgres }) => measure(name, postgres, () => POLL, 20, 1_000),
  'poll, written past the gateway': (name, { postgres }) =>
    measure(
      name,
      postgres,
      () => POLL,
      20,
      1_000,
      (graph) => graph.behind,
    ),
  redis: (name, { postgres, redis }) =>
    measure(name, postgres, () => ({ FRESHNESS: 'redis', REDIS_URL: redis }), 150, 100),
  cdc: (name, { postgres }) =>
    measure(name, postgres, (url) => ({ FRESHNESS: 'cdc', CDC_DATABASE_URL: url }), 150, 100),
  'kafka, written by the relay': (name, { postgres, kafka }) =>
    measure(name, postgres, () => kafkaSettings(kafka, 'relayed', true), 150, 100),
  'kafka, written by Debezium': (name, { postgres, kafka }) => measureDebezium(name, postgres, kafka),
  [`copying, every ${COPY_MS / 1_000} s`]: (name, { postgres }) => measureCopying(name, postgres, 8),
};

const { positionals, values } = parseArgs({ allowPositionals: true, options: { beside: { type: 'string' } } });
const [name = ''] = positionals;
if (process.send === undefined) await measureAll(name, values.beside);
else process.once('message', (servers: Servers) => void answer(name, servers));

/** The child's part. */
async function answer(name: string, servers: Servers): Promise<void> {
  process.send?.(await MEASURES[name]?.(name, servers));
  process.disconnect();
}

/** `part`: of the names of what is measured. `commit`: an older one to measure as well. */
async function measureAll(part: string, commit: string | undefined): Promise<void> {
  const missing = [REDIS, POSTGRES, JAVA].filter(({ found }) => !found).map(({ debian }) => debian);
  if (missing.length > 0) throw new Error(`needs the Debian packages ${missing.join(', ')}`);
  const older = commit === undefined ? undefined : join(await builtCommit(commit), 'test/bench/freshness.ts');
  const [redis, postgres, kafka] = await Promise.all([startRedis(), startPostgres(), startKafka()]);
  try {
    for (const prefix of ['relayed', 'calendar']) await createTopics(kafka, prefix);
    const rows: Row[] = [];
    const servers = { redis: redis.url, postgres: postgres.url, kafka: kafka.url };
    for (const name of Object.keys(MEASURES).filter((one) => one.includes(part))) {
      const isComparable = older !== undefined && !name.startsWith('kafka');
      const [rounds = [], olderRounds] = await inTurns(name, servers, isComparable ? [THIS_FILE, older] : [THIS_FILE]);
      if (olderRounds !== undefined) rows.push(pooled(`${name}, ${commit}`, olderRounds));
      rows.push(pooled(name, rounds));
      console.error(`${name}: done`);
    }
    print(rows);
  } finally {
    await Promise.all([redis.close(), postgres.close(), kafka.close()]);
  }
}

function kafkaSettings(broker: string, prefix: string, isRelayed: boolean): Settings {
  const topics = topicsOf(prefix);
  return { FRESHNESS: 'kafka', KAFKA_BROKERS: broker, KAFKA_TOPICS: topics, KAFKA_RELAY: String(isRelayed) };
}

/** With the connector of deploy/debezium on a Kafka Connect of its own. */
async function measureDebezium(name: string, server: string, broker: string): Promise<Row> {
  let debezium: RealServer | undefined;
  const start = async (url: string) => {
    await runSql(url, 'prepare.sql');
    debezium = await startDebezium(broker, url);
  };
  try {
    return await measure(name, server, () => kafkaSettings(broker, 'calendar', false), 150, 100, undefined, start);
  } finally {
    await debezium?.close();
  }
}

/** The rounds of each of these files. */
async function inTurns(name: string, servers: Servers, files: readonly string[]): Promise<Row[][]> {
  const rounds: Row[][] = files.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, file] of files.entries()) rounds[index]?.push(await inChild(name, servers, file));
  }
  return rounds;
}

/** One row with the waits of all rounds; calls and rows are means. */
function pooled(name: string, rounds: readonly Row[]): Row {
  const mean = (of: (row: Row) => number) => rounds.reduce((sum, row) => sum + of(row), 0) / rounds.length;
  return {
    name,
    waits: rounds.flatMap(({ waits }) => waits),
    idle: { calls: mean(({ idle }) => idle.calls), rows: mean(({ idle }) => idle.rows) },
    busy: { calls: mean(({ busy }) => busy.calls), rows: mean(({ busy }) => busy.rows) },
  };
}

/** `file`: this one, or an older commit's, of which the same is asked. */
async function inChild(name: string, servers: Servers, file: string): Promise<Row> {
  const forked = fork(file, [name], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  forked.send(servers);
  const row = new Promise<Row>((resolve) => forked.once('message', (message) => resolve(message as Row)));
  const ended = once(forked, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code}`);
  });
  return Promise.race([row, ended]);
}

type Settings = Readonly<Record<string, string>>;

/** One way of hearing of changes, on a database of its own. */
async function measure(
  name: string,
  server: string,
  settings: (database: string) => Settings,
  edits: number,
  pauseMs: number,
  writing: (graph: RealGraph) => RealGraph['query'] = (graph) => graph.query,
  started: (database: string) => Promise<void> = () => Promise.resolve(),
): Promise<Row> {
  const url = await newDatabase(server);
  const given = settings(url);
  const graph = await startGraph({ sources: 'real', settings: { DATABASE_URL: url, SAMPLE_DATA: 'true', ...given } });
  try {
    await started(url);
    if (given.FRESHNESS !== 'none') await graph.waitForLiveFeeds();
    return await rowOf(name, new Probe(graph, writing(graph)), edits, pauseMs, () => evidenceOf(graph));
  } finally {
    await graph.close();
  }
}

async function measureCopying(name: string, server: string, edits: number): Promise<Row> {
  const evidence: Evidence = { calls: 0, rows: 0 };
  const settings = {
    DATABASE_URL: await newDatabase(server),
    SAMPLE_DATA: 'true',
    FRESHNESS: 'none',
    MAX_USER_REQUESTS: '0',
  };
  const graph = await startGraph({ sources: 'real', settings, calendar: copyingCalendar(COPY_MS, evidence) });
  try {
    const copied = evidence.rows;
    const row = await rowOf(name, new Probe(graph), edits, COPY_MS, () => ({ ...evidence }));
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
    // Two rounds of the copying worker at least: what a round costs must not depend on when it is
    // looked at.
    const forMs = Math.max(WINDOW_MS, name.startsWith('copying') ? 2 * COPY_MS : 0);
    const before = count();
    await probe.traffic(forMs, perSecond);
    const after = count();
    const each = (total: number) => total / (forMs / 1_000);
    return { calls: each(after.calls - before.calls), rows: each(after.rows - before.rows) };
  };
  // What was read just after the last edits is read once more; then it is idle.
  await probe.traffic(SETTLE_MS, 0);
  return { name, waits, idle: await during(0), busy: await during(10) };
}

/** What the calendar has asked of the services; the probe's own edits are not among it. */
function evidenceOf({ calls }: RealGraph): Evidence {
  const asked = calls.filter(({ query }) => !query.startsWith('mutation'));
  return { calls: asked.length, rows: asked.reduce((sum, call) => sum + call.rows, 0) };
}

async function newDatabase(server: string): Promise<string> {
  const name = `freshness_${randomBytes(4).toString('hex')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return server.replace(/[^/]*$/, name);
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
With Redis and Kafka the services' relays write what the calendar reads; with cdc it reads PostgreSQL's log.
Copying waits for its next round: every 180 s that is 90 s in the middle and 180 s at most, with a 36th of the calls.
${rows.length} programs in one run, Node ${process.versions.node}.`);
}
