// `npm run bench:cold-start`: many different students open their month at once, each in a request
// of their own, when nothing has been read before: calls to sources for each request, all sources
// together. A gateway and a calendar as processes; the sources answer by a rule (test/fault).
import { startLoad, startSources } from '../fault/children.ts';
import { createIdentity } from '../fault/identity.ts';
import { startProgram } from '../fault/program.ts';
import { printTable, shown } from './numbers.ts';

const STUDENTS = [1, 200, 1_000];
/** No request is refused, and none ends before its answer. */
const PATIENT = {
  MAX_IN_FLIGHT: '5000',
  MAX_LOOP_DELAY: '60s',
  MAX_USER_REQUESTS: '0',
  GATEWAY_TIMEOUT: '121s',
  CALENDAR_TIMEOUT: '120s',
  SOURCE_TIMEOUT: '60s',
};

const identity = await createIdentity();
const [sources, load] = await Promise.all([startSources(1, identity), startLoad(1, identity)]);
const rows: string[][] = [];
try {
  for (const count of STUDENTS) rows.push(await measure(count));
} finally {
  sources.stop();
  load.stop();
}
console.log('\nStudents who open their month at once, nothing read before\n');
printTable([['students', 'calls', 'calls/request', 'answered', 'longest wait, ms'], ...rows]);

/** One burst, in processes that have answered many requests of others. */
async function measure(count: number): Promise<string[]> {
  const program = await startProgram({ sources, env: PATIENT });
  try {
    const known = { first: 100_000, count: 20 };
    await load.run({ urls: program.urls, workers: 10, requests: 1_000, users: known });
    await sources.forget();
    const { samples } = await load.run({
      urls: program.urls,
      workers: count,
      requests: count,
      users: { first: 0, count },
    });
    const calls = Object.values(await sources.counts()).reduce((sum, one) => sum + one.calls, 0);
    const answers = Array.from({ length: samples.length / 4 }, (_, index) => samples.slice(4 * index, 4 * index + 4));
    const answered = answers.filter(([, , status, isWhole]) => status === 200 && isWhole === 1).length;
    const longest = Math.max(...answers.map(([, ms = 0]) => ms));
    return [shown(count), shown(calls), shown(calls / count), shown(answered), shown(longest)];
  } finally {
    await program.close();
  }
}
