// My Page across visits: connections that break, tokens that end, the page that embeds it, and
// addresses that are shared.
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeWith, findBinary } from '../harness/child-server.ts';
import { freePort } from '../harness/free-port.ts';
import { operation } from '../harness/operations.ts';
import { CHROMIUM, launch, open, visit } from './browser.ts';
import { create, todayInSeoul } from './oracle.ts';
import { type Site, startSite } from './site.ts';

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describeWith({ found: findBinary([CHROMIUM]) !== undefined, debian: 'chromium' }, 'My Page across visits', () => {
  let site: Site;
  let browser: Browser;
  /** A page that embeds My Page. It may at `localhost`, and may not at 127.0.0.1. */
  const lms = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<iframe width="1200" height="700" src="${site.url}/"></iframe>`);
  });
  let lmsPort: number;

  beforeAll(async () => {
    lmsPort = await freePort();
    site = await startSite({
      EMBED_ORIGINS: `http://localhost:${lmsPort}`,
      SIGN_IN_URL: 'https://id.test/in?state={state}',
    });
    await new Promise<void>((resolve) => lms.listen(lmsPort, '127.0.0.1', resolve));
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    lms.closeAllConnections();
    lms.close();
    await site?.close();
  });

  /**
   * This month by its name. Without one the page reads two months while some part of the world is
   * in another month than the rest.
   */
  const thisMonth = () => `${site.url}/?month=${todayInSeoul().slice(0, 7)}`;
  const isFilled = (page: Page) => page.waitForSelector('#stage[aria-busy="false"]');
  const text = (page: Page, selector: string) => page.locator(selector).textContent();
  /** The result of a search, whatever month and day it is in. */
  const search = async (page: Page, title: string) => {
    await page.locator('#open-search').click();
    await page.locator('#search input').fill(title);
    await page.keyboard.press('Enter');
    const row = page.locator('#search .row', { hasText: title });
    await row.waitFor();
    return row;
  };
  /** Opens the panel of an event. */
  const find = async (page: Page, title: string) => {
    await (await search(page, title)).click();
    await page.locator('.behind[aria-busy="false"]').waitFor();
  };
  /** What must belong to one answer: the heading and the middle of the grid. */
  const shown = async (page: Page) => {
    const days = await page
      .locator('[role="gridcell"][data-date]')
      .evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset.date ?? ''));
    return { heading: await text(page, '#period'), month: days[14]?.slice(0, 7) };
  };

  test('a step without a connection leaves heading and grid together; the page heals when it is online or in use again', async () => {
    const { page } = await open(browser, `${site.url}/livez`);
    await page.clock.install();
    await page.goto(thisMonth());
    await page.locator('#live[data-on="true"]').waitFor();
    // Without timers nothing heals by itself.
    await page.clock.pauseAt(Date.now() + 60_000);
    const before = await shown(page);
    const fail = async () => {
      await page.click('#next');
      await page.getByText('지금은 캘린더에 연결할 수 없습니다.').waitFor();
      expect(await shown(page)).toEqual(before);
      expect(await page.locator('.source-FRESH').count()).toBe(0);
    };
    const heal = async () => {
      await page.locator('.source-FRESH').nth(2).waitFor();
      expect([await shown(page), await page.locator('#empty').isVisible()]).toEqual([before, false]);
    };
    await page.context().setOffline(true);
    await fail();
    await page.context().setOffline(false);
    await heal();
    await page.locator('#live[data-on="true"]').waitFor();
    await page.route('**/graphql', (route) => route.abort());
    await fail();
    await page.unroute('**/graphql');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await heal();
    await page.context().close();
  }, 60_000);

  test('it can be installed; opened without a connection it shows no event and says why, until it is online', async () => {
    const { page } = await visit(browser, site.url, { serviceWorkers: 'allow', locale: 'en-GB' });
    const devtools = await page.context().newCDPSession(page);
    const { data, errors } = await devtools.send('Page.getAppManifest');
    expect([errors, JSON.parse(data ?? '{}')]).toMatchObject([[], { lang: 'en', display: 'standalone' }]);
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // A test's context is a private window, which is all that is said against it.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
    const events = page.locator('.fc-event, [data-event], .source');
    expect(await events.count()).toBeGreaterThan(3);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    for (const address of [site.url, `${site.url}/?view=week`]) {
      await page.goto(address);
      await page.getByText('It is not known what is scheduled').waitFor();
      expect(await events.count()).toBe(0);
    }
    await page.context().setOffline(false);
    await isFilled(page);
    expect(await page.locator('.source-FRESH').count()).toBe(3);
    await page.context().close();
  }, 60_000);

  test('a step to another month names what is read, and shows its heading with its grid', async () => {
    const { page } = await visit(browser, thisMonth());
    const before = await shown(page);
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/graphql', async (route) => {
      await held;
      await route.continue();
    });
    await page.click('#next');
    await page.locator('#reading', { hasText: '불러오는 중' }).waitFor();
    expect(await shown(page)).toEqual(before);
    answer();
    await isFilled(page);
    const after = await shown(page);
    expect([after.heading === before.heading, after.month === before.month]).toEqual([false, false]);
    expect(await text(page, '#reading')).toBe('');
    await page.context().close();
  }, 60_000);

  test('a token that ends is said, with the way to sign in and back to the same address', async () => {
    const { page } = await open(browser, `${site.url}/dev/token?user=student-1`);
    const token = (await text(page, 'body')) ?? '';
    await page.clock.install();
    await page.evaluate((given) => sessionStorage.setItem('calendar.token', given), token);
    await page.goto(`${site.url}/?view=week`);
    await isFilled(page);
    await page.locator('#live[data-on="true"]').waitFor();
    await page.clock.fastForward('12:00:01');
    await page.getByText('로그인이 만료되었습니다.').waitFor();
    expect(await text(page, '#live')).toBe('로그아웃됨');
    expect(await page.locator('.source-FRESH').count()).toBe(0);
    await page.route('https://id.test/**', (route) => route.fulfill({ body: 'sign-in' }));
    await page.getByRole('link', { name: '로그인' }).click();
    await page.waitForURL(/^https:\/\/id\.test\/in\?state=[0-9a-f]{48}$/);
    const state = new URL(page.url()).searchParams.get('state');
    await page.goto(`${site.url}/#access_token=${token}&state=${state}`);
    await isFilled(page);
    expect(page.url()).toBe(`${site.url}/?view=week`);
    await page.context().close();
  }, 60_000);

  test('a page that embeds it is asked for a token before the end; other origins cannot give one', async () => {
    const token = await (await fetch(`${site.url}/dev/token?user=student-1`)).text();
    const { page } = await open(browser, `${site.url}/livez`);
    // Nobody is signed in: there are no demo users for this page.
    await page.route('**/dev/token?*', (route) => route.fulfill({ status: 404 }));
    await page.addInitScript(() => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      if (window.parent === window) addEventListener('message', ({ data }) => heard.push(data));
    });
    const heard = () =>
      page.evaluate(() => (window as unknown as { heard: { type: string; reason?: string }[] }).heard);
    const give = (given: string) =>
      page.evaluate(
        ([one, target]) => window.frames[0]?.postMessage({ type: 'calendar:token', token: one }, target ?? ''),
        [given, site.url] as const,
      );
    await page.goto(`http://127.0.0.1:${lmsPort}/`);
    expect(await page.frames()[1]?.locator('#title').count()).toBe(0);
    await page.clock.install();
    await page.goto(`http://localhost:${lmsPort}/`);
    const frame = page.frameLocator('iframe');
    await frame.getByText('로그인이 필요합니다.').waitFor();
    await give('nonsense');
    await give(token);
    await frame.locator('#stage[aria-busy="false"]').waitFor();
    await page.clock.fastForward('11:59:30');
    await page.waitForFunction(() => (window as unknown as { heard: unknown[] }).heard.length >= 4);
    expect((await heard()).map(({ type }) => type)).toEqual([
      'calendar:token-needed',
      'calendar:token-refused',
      'calendar:token-accepted',
      'calendar:token-needed',
    ]);
    await page.clock.fastForward('00:01:00');
    await frame.getByText('로그인이 만료되었습니다.').waitFor();
    await give(token);
    await frame.locator('.source-FRESH').nth(2).waitFor();
    await page.context().close();
  }, 60_000);

  test('month, view, filters and the open event are in the address: Back, Forward and a reload show them', async () => {
    const { page, operations } = await visit(browser, site.url);
    const begin = page.url();
    const search = () => new URL(page.url()).searchParams;
    const first = await shown(page);
    await page.click('#next');
    await page.waitForFunction((heading) => document.getElementById('period')?.textContent !== heading, first.heading);
    const second = await shown(page);
    expect([search().get('month'), search().get('view')]).toEqual([second.month, 'month']);
    await page.click('#kind-LECTURE');
    await page.click('#view-list');
    expect([search().get('hide'), search().get('view')]).toEqual(['lecture', 'list']);
    await page.locator('#stage > .list .row').first().click();
    await page.locator('.behind[aria-busy="false"]').waitFor();
    const title = await text(page, '#panel-title');
    const panel = page.locator('#panel[open]');
    const shared = page.url();

    await page.goBack();
    await panel.waitFor({ state: 'detached' });
    await page.goForward();
    await panel.waitFor();
    expect(await text(page, '#panel-title')).toBe(title);
    await page.reload();
    await panel.waitFor();
    expect([await text(page, '#panel-title'), await text(page, '#period')]).toEqual([title, second.heading]);
    expect(await page.locator('#kind-LECTURE').getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('event'));
    expect(await page.locator('#stage .row.kind-LECTURE').count()).toBe(0);

    // Closed, reloaded, opened, list, filter, month: six entries.
    for (let entry = 0; entry < 6 && page.url() !== begin; entry += 1) await page.goBack();
    await page.waitForFunction((heading) => document.getElementById('period')?.textContent === heading, first.heading);
    expect(await shown(page)).toEqual(first);
    expect(await page.locator('#kind-LECTURE').getAttribute('aria-pressed')).toBe('true');

    const other = await visit(browser, shared);
    await other.page.locator('#panel[open]').waitFor();
    expect(await text(other.page, '#panel-title')).toBe(title);
    expect(other.operations.toSorted()).toEqual([expect.stringMatching(/Detail$/), 'MyPage']);
    expect(operations[0]).toBe('MyPage');
    await page.context().close();
    await other.page.context().close();
  }, 60_000);

  test('the URL of an event opens it in another month and on another user’s calendar, or says that it is gone', async () => {
    const from = inHours(30 * 24);
    // 00:30 in Seoul: the first of its day, which no "+n" hides.
    const to = `${inHours(70 * 24).slice(0, 10)}T15:30:00.000Z`;
    const input = { course: 'ern:lms:course/1', title: '먼 과제', startsAt: from, endsAt: to };
    const url = await create(site.url, operation('create-assignment'), input);
    const path = url.slice(url.indexOf('/?'));
    // Also a parent who would see another child, and a teacher.
    for (const user of ['student-1', 'observer-1', 'teacher-1']) {
      const { page } = await open(browser, `${site.url}/livez`);
      await page.evaluate((name) => sessionStorage.setItem('calendar.user', name), user);
      await page.goto(site.url + path);
      await page.locator('#panel[open]').waitFor();
      expect(await text(page, '#panel-title')).toBe('먼 과제');
      await page.locator('#stage .event', { hasText: '먼 과제' }).waitFor();
      expect(new URL(page.url()).searchParams.get('user')).toBe(user === 'student-1' ? null : 'student-1');
      await page.context().close();
    }
    const { page } = await visit(browser, `${site.url}${path}9999`);
    await page.getByText('링크의 일정이 없어졌거나 볼 권한이 없습니다.').waitFor();
    await page.goto(`${site.url}/?month=2026-13`);
    await page.getByText('주소에서 읽을 수 없는 부분: month=2026-13').waitFor();
    await page.context().close();
  }, 60_000);

  test('keys, search and the date picker do what the controls do', async () => {
    const { page } = await visit(browser, site.url);
    const pressed = (view: string) => page.locator(`#view-${view}`).getAttribute('aria-pressed');
    const first = await text(page, '#period');
    await page.keyboard.press('w');
    expect(await pressed('week')).toBe('true');
    await page.keyboard.press('l');
    expect(await pressed('list')).toBe('true');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((heading) => document.getElementById('period')?.textContent !== heading, first);
    await page.keyboard.press('t');
    await page.waitForFunction((heading) => document.getElementById('period')?.textContent === heading, first);
    await page.keyboard.press('m');
    await page.locator('#date').fill('2027-02-03');
    await page.waitForFunction(() => document.getElementById('period')?.textContent === '2027년 2월');
    await isFilled(page);
    expect(new URL(page.url()).searchParams.get('month')).toBe('2027-02');

    const end = inHours(100 * 24);
    const input = { course: 'ern:lms:course/1', title: '찾아볼 과제', startsAt: inHours(0), endsAt: end };
    await create(site.url, operation('create-assignment'), input);
    await page.locator('#date').blur();
    await page.keyboard.press('/');
    await page.locator('#search input').fill('찾아볼');
    await page.keyboard.press('Enter');
    await page.getByText('앞뒤 6개월에서 1개를 찾았습니다.').waitFor();
    await page.locator('#search .row').click();
    await page.locator('#panel[open]').waitFor();
    expect(await text(page, '#panel-title')).toBe('찾아볼 과제');
    await page.locator('#stage .event', { hasText: '찾아볼 과제' }).waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('?');
    await page.locator('#help').getByText('오늘로 이동').waitFor();
    await page.locator('#help').getByLabel('키보드 단축키 사용').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('w');
    await page.keyboard.press('?');
    expect([await pressed('month'), await page.locator('#help[open]').count()]).toEqual(['true', 0]);

    // On paper: what is shown, with the numbers of the weeks, and no controls.
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(
      await page
        .locator('#stage')
        .getByText(/^주 ?\d+$/)
        .count(),
    ).toBeGreaterThanOrEqual(4);
    const isVisible = (selector: string) => page.locator(selector).isVisible();
    expect(await Promise.all(['#period', '#stage', '#sidebar'].map(isVisible))).toEqual([true, true, true]);
    expect(await Promise.all(['#account', '#steps', '#views', '#filters'].map(isVisible))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper).toBe('rgb(255, 255, 255)');
    await page.context().close();
  }, 60_000);

  test('a student checks in and hands in from the panel, which then says so; a parent cannot', async () => {
    const common = { course: 'ern:lms:course/1', startsAt: inHours(-1), endsAt: inHours(1) };
    await create(site.url, operation('create-assignment'), { ...common, title: '지금 낼 과제' });
    const check = `mutation ($input: OpenAttendanceCheckInput!) { openAttendanceCheck(input: $input) { ern } }`;
    const code = { ...common, title: '지금 할 출석', method: 'CODE' };
    await create(site.url, check, code);
    const { page } = await visit(browser, site.url);
    await find(page, '지금 할 출석');
    await page.getByRole('button', { name: '출석하기' }).click();
    await page.locator('#panel').getByText('출석했습니다.').waitFor();
    await page.locator('#panel dd', { hasText: '완료' }).waitFor();
    await page.locator('.behind[aria-busy="false"]').waitFor();
    expect(await page.getByRole('button', { name: '출석하기' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await find(page, '지금 낼 과제');
    await page.getByLabel('과제물 주소 (선택)').fill('https://work.test/1');
    await page.getByRole('button', { name: '제출하기' }).click();
    await page.locator('#panel').getByText('제출했습니다.').waitFor();
    await page.keyboard.press('Escape');
    expect(await (await search(page, '지금 낼 과제')).textContent()).toContain('완료');

    await page.evaluate(() => sessionStorage.setItem('calendar.user', 'observer-1'));
    await create(site.url, operation('create-assignment'), { ...common, title: '부모가 보는 과제' });
    await page.goto(site.url);
    await isFilled(page);
    await find(page, '부모가 보는 과제');
    expect(await page.locator('.event-action').count()).toBe(0);
    await page.context().close();
  }, 60_000);

  test('an administrator is asked whose calendar to show, in place of an empty month', async () => {
    const { page } = await open(browser, `${site.url}/livez`, {
      locale: 'en-US',
      viewport: { width: 390, height: 844 },
    });
    await page.evaluate(() => sessionStorage.setItem('calendar.user', 'admin-1'));
    await page.goto(site.url);
    await page.getByLabel('Whose calendar do you want to see?').fill('student-2');
    expect(await page.locator('#stage').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Show the calendar' }).click();
    await page.locator('h1', { hasText: 'Calendar of student-2' }).waitFor();
    await page.locator('#stage .row').first().waitFor({ state: 'attached' });
    expect(await page.locator('#pick-user').count()).toBe(0);
    await page.context().close();
  });

  test('a teacher moves a lecture, a check and a due date for all, and gives a student more time, each in the panel of the event', async () => {
    const [startsAt, endsAt] = [inHours(24), inHours(48)];
    const input = { course: 'ern:lms:course/1', title: '연장할 과제', startsAt: new Date().toISOString(), endsAt };
    await create(site.url, operation('create-assignment'), input);
    const lecture = { course: input.course, title: '옮길 강의', startsAt, endsAt };
    const createLecture = 'mutation ($input: CreateLectureInput!) { createLecture(input: $input) { ern } }';
    await create(site.url, createLecture, lecture);
    const check = { ...lecture, title: '옮길 출석', startsAt, endsAt };
    const openCheck = 'mutation ($input: OpenAttendanceCheckInput!) { openAttendanceCheck(input: $input) { ern } }';
    await create(site.url, openCheck, check);
    const { page } = await open(browser, `${site.url}/livez`);
    await page.evaluate(() => sessionStorage.setItem('calendar.user', 'teacher-1'));
    await page.goto(site.url);
    await isFilled(page);
    await find(page, '옮길 강의');
    const starts = page.locator('#panel').getByLabel('시작');
    const day = (await starts.inputValue()).slice(0, 10);
    await starts.fill(`${day}T07:07`);
    await page.locator('#panel').getByRole('button', { name: '저장' }).click();
    await page.locator('#panel').getByText('저장했습니다.').first().waitFor();
    await page.locator('#panel dd', { hasText: '07:07' }).waitFor();
    await page.keyboard.press('Escape');
    await find(page, '옮길 출석');
    await starts.fill(`${day}T08:08`);
    await page.locator('#panel').getByRole('button', { name: '저장' }).click();
    await page.locator('#panel dd', { hasText: '08:08' }).waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${site.url}/?user=student-2`);
    await isFilled(page);
    await find(page, '연장할 과제');
    expect(await page.locator('#panel').getByLabel('학생').inputValue()).toBe('student-2');
    const due = page.locator('#panel').getByLabel('마감', { exact: true });
    await due.fill(`${(await due.inputValue()).slice(0, 10)}T23:58`);
    await page.locator('#panel').getByRole('button', { name: '저장' }).first().click();
    await page.locator('#panel').getByText('저장했습니다.').first().waitFor();
    await page.locator('#panel dd', { hasText: '23:58' }).waitFor();
    const dueForAll = page.locator('#panel').getByLabel('모두의 마감');
    await dueForAll.fill(`${(await dueForAll.inputValue()).slice(0, 10)}T22:22`);
    await page.locator('#panel').getByRole('button', { name: '저장' }).last().click();
    await page.locator('#panel').getByText('22:22').waitFor();
    await page.context().close();
  }, 60_000);

  test('reminders are off, ask for permission when they are switched on, and come once', async () => {
    const endsAt = inHours(0.5);
    const input = { course: 'ern:lms:course/1', title: '곧 마감', startsAt: new Date().toISOString(), endsAt };
    await create(site.url, operation('create-assignment'), input);
    const { page } = await open(browser, `${site.url}/livez`);
    // Headless browsers show no notifications.
    await page.addInitScript(() => {
      const shown: string[] = [];
      class Recorded {
        static permission = sessionStorage.getItem('permission') ?? 'default';
        static async requestPermission() {
          Recorded.permission = 'granted';
          sessionStorage.setItem('permission', 'granted');
        }
        constructor(title: string) {
          shown.push(title);
        }
      }
      Object.assign(window, { Notification: Recorded, shown });
    });
    const reminded = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
    const permission = () => page.evaluate(() => Notification.permission);
    await page.goto(site.url);
    await page.locator('#sidebar .row', { hasText: '곧 마감' }).waitFor();
    expect([await reminded(), await permission()]).toEqual([[], 'default']);
    await page.getByRole('button', { name: '마감 1시간 전에 알림' }).click();
    await page.locator('#remind[aria-pressed="true"]').waitFor();
    expect(await reminded()).toContain('곧 마감');
    await page.reload();
    await page.locator('#sidebar .row', { hasText: '곧 마감' }).waitFor();
    await page.locator('#live[data-on="true"]').waitFor();
    expect(await reminded()).toEqual([]);
    await page.context().close();
  }, 60_000);
});
