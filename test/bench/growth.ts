// npm run bench:growth (or npm run bench -- --growth): how cost grows with what there is more of.
// Two curves are measured at a gateway and a calendar as processes, the others on the calendar's
// read path in this process, on a simulated clock; the streams on a real one. It prints each curve
// with its slope in words, and writes it to results/. About five minutes; no pass marks. Names of
// curves as arguments: those only.
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ChangeLog } from '../../src/calendar/live/change-log.ts';
import { watch } from '../../src/calendar/live/watch.ts';
import { systemClock } from '../../src/clock.ts';
import { freePort } from '../harness/free-port.ts';
import { xorshift } from '../harness/random.ts';
import { lineChart, type Point } from './line-chart.ts';
import { type Requests, type Server, series, startServer } from './load.ts';
import { printTable, shown } from './numbers.ts';
import { studentOf, USUAL_SCHOOL } from './school.ts';
import { createSchool, type SchoolCalendar } from './school-calendar.ts';
import { slopeInWords } from './slope.ts';

/** One curve. */
interface Curve {
  readonly file: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** One more of x, in a sentence. */
  readonly one: string;
  readonly measure: () => Promise<readonly Point[]>;
}

const ENOUGH = { cacheBytes: 2 ** 32, liveTtlMs: 3_600_000 };
const ROUNDS = 3;
const RESULTS = new URL('results/', import.meta.url);
const PAGE = `query ($from: DateTime!, $to: DateTime!) { viewer { id calendar(from: $from, to: $to) {
  now completeness events { id ern kind title startsAt endsAt phase completion course { ern title color } } } } }`;
const MONTH = { from: '2026-02-28T15:00:00Z', to: '2026-03-31T15:00:00Z' };

const servers: Server[] = [];
try {
  const shaped = await startShaped();
  const wanted = process.argv.slice(2).filter((name) => !name.startsWith('--'));
  for (const curve of curves(shaped)) if (wanted.length === 0 || wanted.includes(curve.file)) await report(curve);
} finally {
  for (const server of servers) server.stop();
}

function curves(cpuOfPage: CpuOfPage): readonly Curve[] {
  const cpu = 'CPU µs/answer';
  return [
    {
      file: 'events',
      title: 'Slices warm, answer not stored: gateway and calendar',
      xLabel: 'events of the user in the month, in 5 courses',
      yLabel: cpu,
      one: 'event',
      measure: () => each([10, 50, 200, 1_000, 5_000], (events) => cpuOfPage(events, 5)),
    },
    {
      file: 'courses',
      title: 'Slices warm, answer not stored: gateway and calendar',
      xLabel: 'courses of the user, 500 events in the month',
      yLabel: cpu,
      one: 'course',
      measure: () => each([1, 5, 10, 25, 50], (courses) => cpuOfPage(500, courses)),
    },
    ...usersCurves(),
    {
      file: 'edits',
      title: 'Edits of single students among 2,000, each page read every 100 s',
      xLabel: 'edits a second',
      yLabel: cpu,
      one: 'edit a second',
      measure: () => each([0, 10, 100, 1_000], cpuUnderEdits),
    },
    {
      file: 'replicas',
      title: '500 students read their month ten times, at any calendar',
      xLabel: 'calendar processes',
      yLabel: 'keys asked of sources/answer',
      one: 'calendar process',
      measure: () => each([1, 2, 3, 4], keysWithReplicas),
    },
    {
      file: 'streams',
      title: '10 changes a second of single students, open streams',
      xLabel: 'open streams',
      yLabel: 'CPU ms/s of the calendar',
      one: 'stream',
      measure: () => each([10, 100, 1_000, 5_000], cpuOfStreams),
    },
  ];
}

/** With so many users held, the read of one of them, and the memory of all. */
function usersCurves(): readonly Curve[] {
  const counts = [10, 100, 1_000, 10_000, 50_000];
  const memory: Point[] = [];
  const measure = async () => {
    const school = await createSchool(ENOUGH);
    let held = 0;
    return each(counts, async (users) => {
      for (; held < users; held += 1) await school.read(held);
      memory.push([users, Object.values(school.caches).reduce((sum, { size }) => sum + size.bytes, 0) / 2 ** 10]);
      const random = xorshift(7);
      return cpuOf(1_000, () => school.read(Math.floor(random() * users)));
    });
  };
  const xLabel = 'users whose month is held, of 2,000 courses';
  const what = { xLabel, one: 'user' };
  return [
    { ...what, file: 'users', title: 'The calendar’s read of a month', yLabel: 'CPU µs/answer', measure },
    { ...what, file: 'memory', title: 'The calendar’s caches', yLabel: 'KiB', measure: async () => memory },
  ];
}

type CpuOfPage = (events: number, courses: number) => Promise<number>;

/** A gateway and a calendar over a school in which a student's number says how much there is. */
async function startShaped(): Promise<CpuOfPage> {
  const names = ['PORT', 'CALENDAR_PORT', 'SCHOOL_PORT'];
  const [PORT = '', CALENDAR_PORT = '', SCHOOL_PORT = ''] = await Promise.all(
    names.map(async () => `${await freePort()}`),
  );
  const start = async (role: string, settings: Readonly<Record<string, string>>) => {
    const server = await startServer(role, { settings });
    servers.push(server);
    return server;
  };
  const school = await start('school', { PORT: SCHOOL_PORT });
  const settings = {
    ...{ PORT, CALENDAR_PORT, HOST: '127.0.0.1', GRAPHIQL: 'false', FRESHNESS: 'none', SLICE_TTL: '1h' },
    ...{ GATEWAY_TIMEOUT: '61s', CALENDAR_TIMEOUT: '60s', SOURCE_TIMEOUT: '60s', MAX_USER_REQUESTS: '0' },
    ...{ MAX_ANSWER: '64MiB', MAX_SOURCE_ANSWER: '64MiB' },
    ...Object.fromEntries(
      ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'].map((kind) => [`${kind}_URL`, `${school.url}/${kind}`]),
    ),
    INTERNAL_SECRET: 'a secret for benchmarks, thirty-two bytes at least',
  };
  const calendar = await start('calendar', settings);
  const gateway = await start('gateway', settings);
  const cpuNow = async () => (await gateway.cost()).cpuMs + (await calendar.cost()).cpuMs;
  return async (events, courses) => {
    const requests = await pageOf(gateway, `student-${studentOf(events, courses)}`);
    const count = Math.max(20, Math.min(300, Math.round(40_000 / events)));
    await sent(gateway, requests, Math.min(100, count));
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await cpuNow();
      await sent(gateway, requests, count);
      rounds.push((((await cpuNow()) - before) / count) * 1_000);
    }
    return Math.min(...rounds);
  };
}

async function sent(gateway: Server, requests: Requests, count: number): Promise<void> {
  const { failed } = await series(gateway, requests, 4, count);
  if (failed > 0) throw new Error(`${failed} of ${count} requests failed`);
}

async function pageOf(gateway: Server, user: string): Promise<Requests> {
  const token = await (await fetch(new URL(`/dev/token?user=${user}`, gateway.url))).text();
  const body = JSON.stringify({ query: PAGE, variables: MONTH });
  return { body: () => body, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } };
}

/** Ten simulated seconds of 20 pages each, with so many edits in each second. */
async function cpuUnderEdits(edits: number): Promise<number> {
  const [users, pages, seconds] = [2_000, 20, 10];
  const school = await createSchool(ENOUGH);
  for (let student = 0; student < users; student += 1) await school.read(student);
  const random = xorshift(7);
  const anyone = () => Math.floor(random() * users);
  const second = async () => {
    for (let edit = 0; edit < edits; edit += 1) school.edit(anyone());
    for (let page = 0; page < pages; page += 1) await school.read(anyone());
    await school.clock.advance(1_000);
  };
  return (await cpuOf(seconds, second)) / pages;
}

/** Keys that the calendars load, when each request comes to any of them. */
async function keysWithReplicas(replicas: number): Promise<number> {
  const [users, visits] = [500, 5_000];
  const schools: SchoolCalendar[] = [];
  for (let replica = 0; replica < replicas; replica += 1) schools.push(await createSchool(ENOUGH));
  const random = xorshift(7);
  for (let visit = 0; visit < visits; visit += 1) {
    await schools[Math.floor(random() * replicas)]?.read(Math.floor(random() * users));
  }
  const loads = schools.flatMap((school) => Object.values(school.counts().loads));
  return loads.reduce((sum, count) => sum + count, 0) / visits;
}

/** So many streams for so long of real time that each has a heartbeat. */
async function cpuOfStreams(streams: number): Promise<number> {
  const [forMs, perSecond] = [16_000, 10];
  const changeLog = new ChangeLog();
  // Each has a signal of its own, like each connection.
  const stops = Array.from({ length: streams }, () => new AbortController());
  const ownOf = (student: number) => `ern:lms:user/student-${student}`;
  const read = async (student: number) => {
    const courses = USUAL_SCHOOL.coursesOf(student).map((course) => `ern:lms:course/${course}`);
    const audiences = new Set([ownOf(student), ...courses]);
    const options = {
      changeLog,
      clock: systemClock,
      audiencesOf: async () => audiences,
      ownAudiences: [ownOf(student)],
    };
    const { signal } = stops[student] as AbortController;
    for await (const _ of watch(options, null, signal)) if (signal.aborted) return;
  };
  const all = Array.from({ length: streams }, (_, student) => read(student));
  await pause(500);
  const random = xorshift(7);
  const timer = setInterval(() => {
    changeLog.append(`ATTENDANCE|${ownOf(Math.floor(random() * streams))}|2026-03`);
  }, 1_000 / perSecond);
  const begin = process.cpuUsage();
  await pause(forMs);
  const { user, system } = process.cpuUsage(begin);
  clearInterval(timer);
  for (const stop of stops) stop.abort();
  await Promise.all(all);
  return (user + system) / forMs;
}

/** Microseconds of CPU of one time, in the round that is least disturbed. */
async function cpuOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = process.cpuUsage();
    for (let time = 0; time < times; time += 1) await work();
    const { user, system } = process.cpuUsage(begin);
    rounds.push((user + system) / times);
  }
  return Math.min(...rounds);
}

async function each(xs: readonly number[], y: (x: number) => Promise<number>): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const x of xs) points.push([x, await y(x)]);
  return points;
}

async function report(curve: Curve): Promise<void> {
  const { file, title, xLabel, yLabel, one } = curve;
  const points = await curve.measure();
  console.log(`\n${title}\n`);
  printTable([
    [xLabel, ...points.map(([x]) => shown(x))],
    [yLabel, ...points.map(([, y]) => shown(y))],
  ]);
  console.log(`\n${slopeInWords(points, yLabel, one)}`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(new URL(`growth-${file}.svg`, RESULTS), lineChart({ title, xLabel, yLabel, points }));
}
