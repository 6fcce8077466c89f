// npm run test:soak [-- seconds]: the whole program as seven processes, under writes, while its
// PostgreSQL is restarted three times, fails over once, loses connections and has a row locked. No
// process ends, no acknowledged write is lost, and afterwards every student's calendar through each
// gateway is what the tables say. Ten minutes unless told; needs PostgreSQL and Redis.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Query } from '../harness/client.ts';
import { MINE, type Mine } from '../harness/documents.ts';
import { drawn } from '../harness/oracle.ts';
import { xorshift } from '../harness/random.ts';
import { startRedis } from '../harness/redis-server.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { expectedEvents, rowsOf } from './oracle.ts';
import { paced } from './paced.ts';
import { type PostgresPair, startPostgresPair } from './postgres-pair.ts';
import { lostWrites, startWriting } from './writer.ts';

const SECONDS = Number(process.argv[2] ?? 600);
const STUDENTS = 200;
const QUIET_MS = 10_000;
const READS_PER_SECOND = 20;
const DAY_MS = 86_400_000;
const LOCKED = "SELECT FROM lecture.item WHERE ern = 'ern:lms:course/3/lecture/33' FOR UPDATE";

process.setMaxListeners(20);
const seed = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
const random = xorshift(seed);
const window = { from: dayFrom(-25), to: dayFrom(25) };
const pair = await startPostgresPair(random);
const redis = await startRedis();
const cluster = await startCluster(pair.url, redis.url);
try {
  process.exitCode = (await run(cluster, pair)) ? 0 : 1;
} finally {
  await cluster.close();
  await Promise.all([pair.close(), redis.close()]);
}

async function run(program: Cluster, database: PostgresPair): Promise<boolean> {
  const { gateways } = program;
  say(`seed ${seed}, ${SECONDS} s`);
  const writer = startWriting(gateways, random);
  const reader = startReading(gateways);
  await disturb(database);
  await Promise.all([writer.stop(), reader.stop()]);
  say('quiet');
  await sleep(QUIET_MS);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const lost = await lostWrites(client, writer);
  const rows = await rowsOf(client);
  await client.end();
  const equal = await equalCalendars(gateways, (user) => expectedEvents(rows, user, window));
  const wanted = STUDENTS * gateways.length;
  const refused = [...writer.refused].map(([code, count]) => `${count} ${code}`).join(', ');
  say(`writes: ${writer.acknowledged.length} acknowledged, refused: ${refused || 'none'}; lost: ${lost}`);
  say(`reads meanwhile: ${reader.counts()}`);
  say(`calendars equal to the tables: ${equal} of ${wanted}`);
  const gone = program.ended();
  say(`processes that ended: ${gone.length}\n${gone.join('\n')}`);
  return lost === 0 && equal === wanted && gone.length === 0 && writer.acknowledged.length > SECONDS;
}

/** Everything that happens, spread over the time of the run. */
async function disturb(database: PostgresPair): Promise<void> {
  const events: [string, () => Promise<void>][] = [
    ['connections dropped', () => database.dropConnections()],
    ['restarted', () => database.restart()],
    ['a row locked for 20 s', () => database.lockRow(LOCKED, 20_000)],
    ['connections dropped', () => database.dropConnections()],
    ['restarted', () => database.restart()],
    ['failed over', () => database.failOver()],
    ['connections dropped', () => database.dropConnections()],
    ['restarted', () => database.restart()],
    ['connections dropped', () => database.dropConnections()],
  ];
  let lock = Promise.resolve();
  for (const [name, happen] of events) {
    await sleep((SECONDS * 1_000) / (events.length + 1));
    say(name);
    const happening = happen();
    // A restart may end the transaction that holds the lock.
    if (name.startsWith('a row')) lock = happening.catch(() => undefined);
    else await happening;
  }
  await sleep((SECONDS * 1_000) / (events.length + 1));
  await lock;
}

/** Students open their calendars all the time, so that copies are held when something happens. */
function startReading(gateways: readonly Query[]) {
  const counts = new Map<string, number>();
  const read = async (n: number) => {
    const answer = await page(gateways[n % gateways.length] as Query, `student-${1 + (n % STUDENTS)}`);
    const outcome = answer?.completeness ?? 'no answer';
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  };
  const reading = paced(READS_PER_SECOND, read);
  return {
    counts: () => [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', '),
    stop: () => reading.stop(),
  };
}

async function page(query: Query, user: string): Promise<Mine['viewer']['calendar'] | null> {
  const { body } = await query<Mine | null>(user, MINE, window).catch(() => ({ body: { data: null } }));
  return body.data?.viewer?.calendar ?? null;
}

async function equalCalendars(gateways: readonly Query[], want: (user: string) => object[]): Promise<number> {
  let equal = 0;
  for (const query of gateways) {
    for (let n = 1; n <= STUDENTS; n += 1) {
      const answer = await page(query, `student-${n}`);
      const isEqual =
        answer?.completeness === 'COMPLETE' &&
        JSON.stringify(drawn(answer.events)) === JSON.stringify(want(`student-${n}`));
      if (isEqual) equal += 1;
      else
        say(
          `student-${n} differs: ${answer?.completeness}, ${answer?.events.length} of ${want(`student-${n}`).length} events`,
        );
    }
  }
  return equal;
}

function dayFrom(days: number): string {
  return new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + days * DAY_MS).toISOString();
}

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
