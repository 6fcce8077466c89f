// A fourth source of a kind of its own: in a copy of the project, an SDL, a file and a line are
// added, and nothing else is changed. Then it is built, started and asked as a user would.
import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CHROMIUM, launch, visit } from '../../browser/browser.ts';
import { describeLongWith, findBinary } from '../../harness/child-server.ts';
import { freePort } from '../../harness/free-port.ts';
import { PATIENT } from '../../harness/patient.ts';
import { end, launch as start } from '../../harness/server-process.ts';
import { startExamService } from './service.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SECRET = 'a secret for tests, thirty-two bytes at least';
const PORTS = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'] as const;

const NOW = Date.now();
/** The Sunday that begins the present week in Seoul, so many days later, at a local time. */
const at = (day: number, time = '00:00') => {
  const now = new Date(NOW + 9 * 3_600_000);
  const date = new Date(now.getTime() + (day - now.getUTCDay()) * 86_400_000).toISOString().slice(0, 10);
  return `${date}T${time}:00+09:00`;
};
const EXAMS = [
  { id: '1', title: '시험 기간', startsAt: at(1), endsAt: at(4), wholeDays: true, room: null },
  { id: '2', title: '자료구조 시험', startsAt: at(2, '10:00'), endsAt: at(2, '12:00'), wholeDays: false, room: '101' },
];

/** The copy: what git has of the project, with its packages. */
function copyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fourth-'));
  for (const name of ['src', 'schema', 'test', '.build', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    const filter = (path: string) => !path.endsWith('node_modules');
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describeLongWith({ found: findBinary([CHROMIUM]) !== undefined, debian: 'chromium' }, 'a fourth source', () => {
  const closing: (() => unknown)[] = [];
  let copy: string;
  let service: Awaited<ReturnType<typeof startExamService>>;
  let gateway: string;
  let query: (text: string, variables?: object) => Promise<unknown>;

  beforeAll(async () => {
    copy = copyProject();
    closing.push(() => rmSync(copy, { recursive: true }));
    // The SDL, the kind's file, and its line.
    cpSync(here('exam.graphql'), join(copy, 'schema/exam.graphql'));
    cpSync(here('exam.ts'), join(copy, 'src/kinds/exam.ts'));
    appendFileSync(join(copy, 'src/kinds/all.ts'), "export { EXAM } from './exam.ts';\n");

    const run = (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: copy });
    await run('--import', 'tsx', 'test/schema/compose.ts');
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    for (const args of [[], ['-p', 'src/web'], ['-p', 'src/tsconfig.json']]) await run(compiler, ...args);
    await run(join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '-c', 'src/web/vite.config.ts', '--mode', 'page');

    const ports = await Promise.all(PORTS.map(async (name) => [name, String(await freePort())] as const));
    service = await startExamService({
      exams: EXAMS,
      secret: new TextEncoder().encode(SECRET),
      port: await freePort(),
    });
    closing.unshift(() => service.close());
    const settings = { INTERNAL_SECRET: SECRET, FRESHNESS: 'none', GRAPHIQL: 'false', EXAM_URL: service.url };
    const env = { PATH: process.env.PATH, ...Object.fromEntries(ports), ...PATIENT, ...settings };
    gateway = `http://localhost:${ports[0]?.[1]}`;
    const isReady = () =>
      fetch(`${gateway}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    const program = await start(process.execPath, ['dist/main.js'], { cwd: copy, env }, isReady, 120_000);
    closing.unshift(() => end(program, 'SIGTERM'));
    const token = await (await fetch(`${gateway}/dev/token?user=student-1`)).text();
    query = async (text, variables = {}) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const body = JSON.stringify({ query: text, variables });
      return (await fetch(`${gateway}/graphql`, { method: 'POST', headers, body })).json();
    };
  }, 300_000);
  afterAll(async () => {
    for (const close of closing) await close();
  });

  test('its events are in the calendar, of whole days and of hours, with a link to what is behind them', async () => {
    const text = `query ($from: DateTime!, $to: DateTime!) { viewer {
      calendar(from: $from, to: $to, filter: { kinds: [EXAM] }) { completeness sources { kind status }
        events { __typename title timing busyStatus startsAt ... on ExamEvent { exam { allowed } } } }
      freeBusy(from: $from, to: $to) { completeness } } }`;
    const common = { __typename: 'ExamEvent', exam: { allowed: '계산기' } };
    expect(await query(text, { from: at(0), to: at(7) })).toEqual({
      data: {
        viewer: {
          calendar: {
            completeness: 'COMPLETE',
            sources: [{ kind: 'EXAM', status: 'FRESH' }],
            events: [
              { ...common, title: '시험 기간', timing: 'ALL_DAY', busyStatus: 'FREE', startsAt: at(1) },
              { ...common, title: '자료구조 시험', timing: 'INTERVAL', busyStatus: 'BUSY', startsAt: at(2, '10:00') },
            ],
          },
          freeBusy: { completeness: 'COMPLETE' },
        },
      },
    });
  });

  test('it is listed behind our three, with a status of its own and a count', async () => {
    const text = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) {
      sources { kind } summary { byKind { kind } } } } }`;
    const kinds = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT', 'EXAM'].map((kind) => ({ kind }));
    const calendar = { sources: kinds, summary: { byKind: kinds } };
    expect(await query(text, { from: at(0), to: at(7) })).toEqual({ data: { viewer: { calendar } } });
  });

  test('its service keeps the source contract', async () => {
    const args = ['--url', service.url, '--source', 'exam', '--user', 'student-1', '--timeout', '20000'];
    const env = { PATH: process.env.PATH, INTERNAL_SECRET: SECRET };
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/check-source/main.ts', ...args], {
      cwd: copy,
      env,
    });
    expect((await run).stdout).toContain('The service keeps the source contract.');
  }, 60_000);

  test('a subscription has whole days as dates, and a kind in its words', async () => {
    const { data } = (await query('{ viewer { calendarSubscription { url } } }')) as Subscription;
    const address = new URL(data.viewer.calendarSubscription.url);
    const answer = await fetch(`${gateway}${address.pathname}?kinds=exam&lang=ko`);
    const text = (await answer.text()).replaceAll('\r\n ', '');
    const date = (day: number) => at(day).slice(0, 10).replaceAll('-', '');
    expect(text).toContain(`DTSTART;VALUE=DATE:${date(1)}\r\nDTEND;VALUE=DATE:${date(4)}\r\n`);
    expect(text).toContain(`DTSTART:${date(2)}T010000Z\r\nDTEND:${date(2)}T030000Z\r\n`);
    expect(text.match(/CATEGORIES:학사,시험/g)).toHaveLength(2);
    expect(text).toContain('X-WR-CALNAME:강의 일정: 시험');
  });

  test('My Page draws whole days over their days without a time, and has its switch and its panel', async () => {
    const browser = await launch();
    closing.unshift(() => browser.close());
    const { page, complaints } = await visit(browser, gateway);
    await page.click('#view-week');
    const [period, exam] = [
      page.locator('.event.kind-EXAM', { hasText: '시험 기간' }),
      page.locator('.event.kind-EXAM', { hasText: '자료구조' }),
    ];
    await period.waitFor();
    expect([await period.count(), await exam.count()]).toEqual([1, 1]);
    expect(await period.locator('.mark-time').count()).toBe(0);
    const [wide, narrow] = [await period.boundingBox(), await exam.boundingBox()];
    expect((wide?.width ?? 0) / (narrow?.width ?? 1)).toBeGreaterThan(2.5);
    await period.click();
    await page.locator('#panel .panel-kind', { hasText: '시험' }).waitFor();
    await page.locator('#panel .behind[aria-busy="false"]').waitFor({ state: 'attached' });
    expect(await page.locator('#panel .behind .quiet').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.click('#kind-EXAM');
    expect(await page.locator('.event.kind-EXAM').count()).toBe(0);
    expect(complaints).toEqual([]);
  }, 60_000);
});

interface Subscription {
  readonly data: { readonly viewer: { readonly calendarSubscription: { readonly url: string } } };
}
