// My Page in a real browser over the real services: what it shows, where, and what each control
// does.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { MyPage } from '../../src/web/page/graph-types.ts';
import { describeWith, findBinary } from '../harness/child-server.ts';
import { eventually } from '../harness/eventually.ts';
import { operation } from '../harness/operations.ts';
import { CHROMIUM, launch, visit } from './browser.ts';
import { askAs, monthOf, type Shown, todayInSeoul } from './oracle.ts';
import { type Site, startSite } from './site.ts';

const DAY_MS = 86_400_000;
/** An instant so many days from now. */
const iso = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

describeWith({ found: findBinary([CHROMIUM]) !== undefined, debian: 'chromium' }, 'My Page', () => {
  let site: Site;
  let browser: Browser;
  let month: readonly Shown[];

  beforeAll(async () => {
    site = await startSite();
    browser = await launch();
    month = await monthOf(site.url, 'student-1');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Every event on the month's grid, with its cell's day and the time written on it. */
  const onGrid = (page: Page) =>
    page.locator('[role="gridcell"][data-date] .event').evaluateAll((events) =>
      events.map((event) => ({
        id: (event as HTMLElement).dataset.event,
        day: (event.closest('[data-date]') as HTMLElement).dataset.date,
        time: event.querySelector('.mark-time')?.textContent,
      })),
    );

  test.each(['UTC', 'Asia/Seoul', 'America/New_York'])(
    'a browser in %s shows the events of the month on the days and at the times of the home zone',
    async (timezoneId) => {
      const { page } = await visit(browser, site.url, { timezoneId });
      const expected = new Map(month.map(({ event, day, time }) => [event.id, { id: event.id, day, time }]));
      const shown = (await onGrid(page)).filter(({ id = '' }) => expected.has(id));
      expect(shown.length).toBeGreaterThan(30);
      expect(shown).toEqual(shown.map(({ id = '' }) => expected.get(id)));
      await page.click('#view-list');
      const listed = await page.locator('.list .row').evaluateAll((rows) =>
        rows.map((row) => ({
          id: (row as HTMLElement).dataset.event,
          day: (row.closest('[data-day]') as HTMLElement).dataset.day,
          time: row.querySelector('.row-when')?.textContent?.slice(0, 5),
        })),
      );
      const byId = (a: { id?: string | undefined }, b: { id?: string | undefined }) =>
        (a.id ?? '') < (b.id ?? '') ? -1 : 1;
      expect(listed.toSorted(byId)).toEqual([...expected.values()].toSorted(byId));
      await page.context().close();
    },
    60_000,
  );

  test.each(['UTC', 'America/New_York'])(
    'a browser in %s shows the lectures of a week at the hours of the home zone',
    async (timezoneId) => {
      const { page } = await visit(browser, site.url, { timezoneId });
      await page.click('#view-week');
      const expected = new Map(month.map(({ event, time }) => [event.id, time]));
      const places = await page.evaluate(() => {
        const top = (element: Element) => element.getBoundingClientRect().top;
        const lectures = [...document.querySelectorAll<HTMLElement>('.event.kind-LECTURE')];
        const slots = [...document.querySelectorAll<HTMLElement>('[data-time]')];
        return lectures.map((lecture) => {
          const nearest = slots.toSorted(
            (a, b) => Math.abs(top(a) - top(lecture)) - Math.abs(top(b) - top(lecture)),
          )[0];
          return { id: lecture.dataset.event ?? '', time: nearest?.dataset.time?.slice(0, 5) };
        });
      });
      const known = places.filter(({ id }) => expected.has(id));
      expect(known.length).toBeGreaterThan(0);
      expect(known).toEqual(known.map(({ id }) => ({ id, time: expected.get(id) })));
      await page.context().close();
    },
  );

  test('events that do not fit into a day cell are counted, and shown on a click', async () => {
    const { page } = await visit(browser, site.url);
    const countOn = (day: string) => month.filter((one) => one.day === day).length;
    const day = month.find((one) => countOn(one.day) > 4)?.day ?? '';
    const cell = page.locator(`[role="gridcell"][data-date="${day}"]`);
    await cell.getByText(/^\+\d+개 더$/).click();
    expect(await page.locator('[role="dialog"] .event').count()).toBe(countOn(day));
    await page.context().close();
  });

  test('an attendance check is drawn as a part of its lecture, and alone when lectures are switched off', async () => {
    const { page } = await visit(browser, site.url);
    expect(await page.locator('.event.kind-ATTENDANCE').count()).toBe(0);
    expect(await page.locator('.event.kind-LECTURE', { hasText: '출석: 완료' }).count()).toBeGreaterThan(0);
    await page.locator('.event.kind-LECTURE', { hasText: '출석: 완료' }).first().click();
    await page.locator('#panel .row.kind-ATTENDANCE').click();
    await page.locator('#panel .panel-kind', { hasText: '출석' }).waitFor();
    await page.keyboard.press('Escape');
    await page.click('#kind-LECTURE');
    expect(await page.locator('.event.kind-ATTENDANCE').count()).toBeGreaterThan(0);
    await page.context().close();
  });

  test('a kind or a course that is switched off is hidden until it is switched on', async () => {
    const { page } = await visit(browser, site.url);
    const lectures = page.locator('.event.kind-LECTURE');
    const before = await lectures.count();
    const button = page.locator('#kind-LECTURE');
    await button.click();
    expect([await lectures.count(), await button.getAttribute('aria-pressed')]).toEqual([0, 'false']);
    await button.click();
    expect([await lectures.count(), before > 0]).toEqual([before, true]);
    const course = month[0]?.event.course.title ?? '';
    await page.locator('#filters').getByRole('button', { name: course, exact: true }).click();
    expect(await page.locator('.event', { hasText: course }).count()).toBe(0);
    await page.context().close();
  });

  test('with everything switched off the page says that the filters hide all events', async () => {
    const { page } = await visit(browser, site.url);
    for (const kind of ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT']) await page.click(`#kind-${kind}`);
    expect(await page.locator('#empty').textContent()).toBe('고른 종류와 과목에 맞는 일정이 없습니다.');
    await page.context().close();
  });

  test('the details of an event are requested only when it is opened', async () => {
    const { page, operations } = await visit(browser, site.url);
    expect(operations).toEqual(['MyPage']);
    await page.locator('.event.kind-LECTURE').first().click();
    await page.getByText('담당 교수').waitFor();
    expect(operations).toEqual(['MyPage', 'LectureDetail']);
    await page.context().close();
  });

  test('the sidebar lists upcoming and overdue assignments and conflicts', async () => {
    const { page } = await visit(browser, site.url);
    const now = Date.now();
    const window = { from: new Date(now - 40 * DAY_MS).toISOString(), to: new Date(now + 40 * DAY_MS).toISOString() };
    const { viewer } = await askAs<MyPage>(site.url, 'student-1', operation('my-page'), window);
    if (viewer === null) throw new Error('nobody');
    const rows = page.locator('#sidebar .row');
    const shown = await rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.event));
    const { upcoming, overdue, calendar } = viewer;
    expect(upcoming.nodes.length).toBeGreaterThan(0);
    expect(shown).toEqual([...upcoming.nodes, ...overdue.nodes].map(({ id }) => id));
    const today = page.locator('#sidebar .conflict');
    const ahead = calendar.conflicts.filter(({ endsAt }) => Date.parse(endsAt) >= now);
    expect(ahead.length).toBeGreaterThan(0);
    expect(await today.count()).toBeGreaterThan(0);
    expect(await today.count()).toBeLessThanOrEqual(ahead.length);
    await page.context().close();
  });

  test('an extension shows the original date and the reason', async () => {
    const assignment = month.find(
      ({ event }) =>
        event.kind === 'ASSIGNMENT' && event.course.ern.endsWith('course/1') && event.dateOverride === null,
    )?.event;
    if (assignment === undefined) throw new Error('course 1 has assignments');
    const endsAt = new Date(Date.parse(assignment.endsAt) + DAY_MS).toISOString();
    const extension = { ern: assignment.ern, user: 'student-1', endsAt, reason: '입원' };
    await askAs(site.url, 'teacher-1', operation('grant-extension'), extension);
    await eventually('student-1 has the extension', async () => {
      const events = (await monthOf(site.url, 'student-1')).map(({ event }) => event);
      return events.some(({ id, dateOverride }) => id === assignment.id && dateOverride !== null);
    });
    const { page } = await visit(browser, site.url);
    await page.click('#view-list');
    // Days that are over may be folded up.
    await page.locator(`.list-day .row[data-event="${assignment.id}"]`).dispatchEvent('click');
    await page.locator('#panel[open]').getByText('입원').waitFor();
    expect(await page.locator('#panel').textContent()).toContain('원래 마감은');
    await page.context().close();
  });

  test('the keyboard alone reaches an event, its panel, and returns to the event', async () => {
    const { page } = await visit(browser, site.url);
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.event);
    for (let tabs = 0; tabs < 30 && (await focused()) === undefined; tabs += 1) await page.keyboard.press('Tab');
    const event = await focused();
    expect(event).toBeDefined();
    await page.keyboard.press('Enter');
    await page.locator('#panel[open]').waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('dialog')?.id)).toBe('panel');
    await page.keyboard.press('Escape');
    expect(await page.locator('#panel[open]').count()).toBe(0);
    expect(await focused()).toBe(event);
    await page.context().close();
  });

  test('the subscription address is shown, copied and rotated, with what it shows chosen beside it', async () => {
    const { page } = await visit(browser, site.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.click('#open-subscribe');
    const address = page.locator('#subscribe .field input');
    const value = async () => {
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#subscribe .field input')?.value);
      return address.inputValue();
    };
    const first = await value();
    expect(first).toMatch(/^https?:\/\/localhost:\d+\/calendar\/\S+\.ics\?lang=ko$/);
    const link = page.locator('#subscribe a.strong');
    expect(await link.getAttribute('href')).toBe(first.replace(/^https?/, 'webcal'));
    await page.getByRole('button', { name: '복사' }).click();
    await page.getByText('복사했습니다.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first);
    await page.locator('#subscribe').getByLabel('출석').uncheck();
    await page.locator('#subscribe').getByLabel('과제를 할 일로').check();
    await page.locator('#subscribe').getByLabel('미리 알림').selectOption('하루 전');
    expect(await value()).toBe(first.replace('?', '?kinds=lecture,assignment&todo=1&remind=1440&'));
    expect((await fetch(await value())).status).toBe(200);
    await page.getByRole('button', { name: '주소 새로 만들기' }).click();
    await page.getByText('새 주소를 만들었습니다.').waitFor();
    expect(await value()).not.toBe(first);
    await page.context().close();
  });

  test('a phone shows the list from today on, within its width', async () => {
    const { page } = await visit(browser, site.url, { viewport: { width: 390, height: 844 } });
    expect(await page.locator('.list .row').count()).toBeGreaterThan(0);
    expect(await page.locator('#view-month').isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });

  test('a phone shows the month above the list, where a tap on a day with events goes to that day', async () => {
    const { page } = await visit(browser, site.url, { viewport: { width: 390, height: 844 } });
    const days = page.locator('.phone-month button:not([disabled])');
    const withEvents = [...new Set(month.map(({ day }) => day))].sort();
    expect(await days.allInnerTexts()).toEqual(withEvents.map((day) => String(Number(day.slice(8)))));
    // A day before today is in the folded part.
    for (const day of [withEvents[0], withEvents.at(-1)]) {
      await days.getByText(String(Number(day?.slice(8))), { exact: true }).click();
      await page.locator(`.list-day[data-day="${day}"] button:focus`).waitFor();
    }
    await page.context().close();
  });

  test('another language changes all texts and is remembered', async () => {
    const { page } = await visit(browser, site.url);
    await page.click('#language');
    expect(await page.locator('#title').textContent()).toBe('My Page');
    await page.reload();
    await page.waitForSelector('#stage[aria-busy="false"]');
    expect([await page.locator('html').getAttribute('lang'), await page.locator('#today').textContent()]).toEqual([
      'en',
      'Today',
    ]);
    await page.context().close();
  });

  test('a teacher’s change appears by itself, without a request for the whole month', async () => {
    const { page, operations } = await visit(browser, site.url);
    await page.locator('#live[data-on="true"]').waitFor();
    const lecture = month.find(({ event }) => event.kind === 'LECTURE' && event.course.ern.endsWith('course/1'))?.event;
    if (lecture === undefined) throw new Error('student-1 takes course 1');
    const to = {
      startsAt: `${lecture.startsAt.slice(0, 11)}18:30:00+09:00`,
      endsAt: `${lecture.startsAt.slice(0, 11)}19:20:00+09:00`,
    };
    await page.click('#view-list');
    const begin = performance.now();
    await askAs(site.url, 'teacher-1', operation('reschedule-lecture'), { ern: lecture.ern, ...to, room: '옮긴 방' });
    await page
      .locator(`[data-event="${lecture.id}"]`, { hasText: '18:30–19:20 · 옮긴 방' })
      .waitFor({ state: 'attached' });
    // Printed only: a busy machine is not a failure.
    process.stdout.write(`an edit shows on an open page after ${Math.round(performance.now() - begin)} ms\n`);
    expect([operations.includes('Changes'), operations.filter((one) => one === 'MyPage')]).toEqual([true, ['MyPage']]);
    await page.context().close();
  });

  test('the demo tools change the calendar, and a stopped service is reported', async () => {
    const { page } = await visit(browser, site.url);
    await page.click('#tools summary');
    await page.locator('#tools form', { hasText: '과제 추가' }).getByRole('button').click();
    // In the sidebar: a full day hides what is due last behind its count.
    await page.locator('.row', { hasText: '새 과제' }).first().waitFor({ state: 'attached' });
    await page.click('#switch-attendance');
    await page.locator('.source[data-kind="ATTENDANCE"]:not(.source-FRESH)').waitFor();
    expect(await page.locator('.source-FRESH').count()).toBe(2);
    await page.getByRole('button', { name: '출석 다시 켜기' }).click();
    await page.locator('.source-FRESH[data-kind="ATTENDANCE"]').waitFor({ timeout: 60_000 });
    await page.context().close();
  }, 90_000);

  test('a parent sees their child’s calendar live, can choose another child, and nobody else', async () => {
    const { page } = await visit(browser, site.url);
    await page.selectOption('#user', 'observer-1');
    await page.locator('h1', { hasText: 'student-1의 캘린더' }).waitFor();
    await page.locator('#live[data-on="true"]').waitFor();
    expect(await page.locator('.event').count()).toBeGreaterThan(30);
    expect(await page.locator('#open-subscribe').count()).toBe(0);
    const input = { course: 'ern:lms:course/1', title: '부모도 보는 과제', startsAt: iso(0), endsAt: iso(1) };
    await askAs(site.url, 'teacher-1', operation('create-assignment'), { input });
    await page.locator('.row', { hasText: '부모도 보는 과제' }).first().waitFor({ state: 'attached' });
    await page.selectOption('#whose', 'student-2');
    await page.locator('h1', { hasText: 'student-2의 캘린더' }).waitFor();
    await page.waitForSelector('#stage[aria-busy="false"]');
    await page.goto(`${site.url}/?user=student-9`);
    await page.getByText('이 캘린더를 볼 권한이 없습니다.').waitFor();
    expect(await page.locator('.event').count()).toBe(0);
    await page.context().close();
  }, 60_000);

  test('a teacher can enter a student and sees the events of their own courses', async () => {
    const { page } = await visit(browser, site.url);
    await page.selectOption('#user', 'teacher-1');
    await page.locator('#whose').fill('student-1');
    await page.locator('#whose').press('Enter');
    await page.locator('h1', { hasText: 'student-1의 캘린더' }).waitFor();
    await page.locator('.event').first().waitFor();
    const courses = await page.locator('#filters [id^="course-"]').allTextContents();
    const all = new Set(month.map(({ event }) => event.course.title));
    expect(courses.length).toBeGreaterThan(0);
    expect(courses.length).toBeLessThan(all.size);
    await page.context().close();
  }, 60_000);

  test('deadlines and lectures of one day stand in the order of their time', async () => {
    const { page } = await visit(browser, site.url);
    const cells = await page
      .locator('[role="gridcell"][data-date]')
      .evaluateAll((found) =>
        found.map((cell) =>
          [...cell.querySelectorAll<HTMLElement>('.event')]
            .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
            .map((event) => event.querySelector('.mark-time')?.textContent ?? ''),
        ),
      );
    expect(cells.some((times) => times.length > 2)).toBe(true);
    for (const times of cells) expect(times).toEqual(times.toSorted());
    await page.context().close();
  }, 60_000);

  test('a week shows whole what is early, late or over midnight, and the list what is open today', async () => {
    const today = todayInSeoul();
    const at = (time: string, days = 0) =>
      new Date(Date.parse(`${today}T${time}:00+09:00`) + days * DAY_MS).toISOString();
    const create = (title: string, startsAt: string, endsAt: string) =>
      askAs(site.url, 'teacher-1', 'mutation ($input: CreateLectureInput!) { createLecture(input: $input) { ern } }', {
        input: { course: 'ern:lms:course/1', title, startsAt, endsAt },
      });
    await create('이른 강의', at('06:30'), at('07:15'));
    await create('늦은 강의', at('22:30'), at('23:30'));
    const { page } = await visit(browser, site.url);
    await page.click('#view-week');
    for (const [title, minutes] of [
      ['이른 강의', 45],
      ['늦은 강의', 60],
    ] as const) {
      const event = page.locator('.event', { hasText: title });
      await event.waitFor();
      const height = (await event.boundingBox())?.height ?? 0;
      // Two slots of at least 32 px are an hour.
      expect([title, height > (minutes / 60) * 60]).toEqual([title, true]);
    }
    expect(await page.locator('[data-time="06:00:00"]').count()).toBeGreaterThan(0);
    await create('긴 강의', at('09:00', -1), at('18:00', 1));
    await page.click('#view-list');
    const open = page.locator(`[data-day="${today}"] .row`, { hasText: '긴 강의' });
    await open.waitFor();
    expect(await open.locator('.row-when').textContent()).toMatch(/09:00 – .*18:00/);
    await page.context().close();
  }, 60_000);

  test('a stopped service is reported, the other events stay, and a retry works', async () => {
    await site.stop('assignment');
    // Another user, whose assignments nobody has read yet.
    const { page } = await visit(browser, `${site.url}/#as`, {});
    await page.evaluate(() => sessionStorage.setItem('calendar.user', 'student-7'));
    await page.reload();
    const status = page.locator('.source[data-kind="ASSIGNMENT"]');
    await page.locator('.source-UNAVAILABLE').waitFor();
    expect(await status.textContent()).toBe('과제를 불러오지 못했습니다다시 시도');
    expect(await page.locator('.event.kind-LECTURE').count()).toBeGreaterThan(0);
    await site.start('assignment');
    await status.getByRole('button', { name: '다시 시도' }).click();
    await page.locator('.source-FRESH[data-kind="ASSIGNMENT"]').waitFor({ timeout: 60_000 });
    expect(await page.locator('.event.kind-ASSIGNMENT').count()).toBeGreaterThan(0);
    await page.context().close();
  }, 120_000);
});
