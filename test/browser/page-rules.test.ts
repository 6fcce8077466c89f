// Rules for My Page in every state: it contacts only its origin, never violates its own policy, is
// small, needs one request, and is accessible.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeWith, findBinary } from '../harness/child-server.ts';
import { CHROMIUM, launch, open, visit } from './browser.ts';
import { type Site, startSite } from './site.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Script the page may load, in bytes as gzip sends them. */
const SCRIPT_BYTES = 120_000;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describeWith({ found: findBinary([CHROMIUM]) !== undefined, debian: 'chromium' }, 'My Page', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    site = await startSite();
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** What axe finds serious or critical, in words. */
  const offences = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
      return (await axe.run()).violations;
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html.slice(0, 300))
            .join(' ')}`,
      );
  };

  test('the first month is drawn from one GraphQL request', async () => {
    const { page, operations } = await visit(browser, site.url);
    expect(await page.locator('.event').count()).toBeGreaterThan(50);
    expect(operations).toEqual(['MyPage']);
    await page.context().close();
  });

  test.each([
    ['a desktop', { width: 1280, height: 800 }],
    ['a phone', { width: 390, height: 844 }],
  ])('nothing jumps while the page loads on %s: the layout shift is at most 0.1', async (device, viewport) => {
    const { page } = await open(browser, `${site.url}/livez`, { viewport });
    await page.addInitScript(() => {
      const measured = { shift: 0, firstMonthAt: 0 };
      Object.assign(window, { measured });
      new PerformanceObserver((list) => {
        // TypeScript's DOM library has no LayoutShift (Layout Instability, §3).
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          measured.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      new MutationObserver((_, observer) => {
        if (document.querySelector('#stage[aria-busy="false"]') === null) return;
        measured.firstMonthAt = performance.now();
        observer.disconnect();
      }).observe(document, { subtree: true, attributes: true, childList: true });
    });
    await page.goto(site.url);
    await page.locator('#live[data-on="true"]').waitFor();
    await page.waitForSelector('#stage[aria-busy="false"]');
    // Shifts are reported after the frame that shows them.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const { shift, firstMonthAt } = await page.evaluate(
      () => (window as unknown as { measured: { shift: number; firstMonthAt: number } }).measured,
    );
    // The time is printed only: a busy machine is not a failure.
    process.stdout.write(
      `${device}: layout shift ${shift.toFixed(3)}, first month after ${Math.round(firstMonthAt)} ms\n`,
    );
    expect(shift).toBeLessThanOrEqual(0.1);
    await page.context().close();
  });

  test('no request leaves the origin, and the page never violates its own policy', async () => {
    const { page, requests, complaints } = await visit(browser, site.url);
    await page.click('#view-week');
    await page.locator('.event').first().click();
    await page.keyboard.press('Escape');
    await page.click('#next');
    await page.waitForSelector('#stage[aria-busy="false"]');
    const foreign = requests.filter((url) => new URL(url).origin !== new URL(site.url).origin);
    expect([foreign, complaints]).toEqual([[], []]);
    await page.context().close();
  });

  test('the page carries a policy without inline scripts', async () => {
    const response = await fetch(site.url);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=/);
  });

  test(`the page script has at most ${SCRIPT_BYTES / 1000} kB`, () => {
    const assets = new URL('page/assets/', site.built);
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
    const bytes = scripts.map((name) => gzipSync(readFileSync(new URL(name, assets))).byteLength);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(SCRIPT_BYTES);
  });

  test.each(['light', 'dark'] as const)(
    'axe finds no serious fault on month, week, list and panels, signed in as %s',
    async (colorScheme) => {
      const { page } = await visit(browser, site.url, { colorScheme });
      const found: Record<string, string[]> = { month: await offences(page) };
      for (const view of ['week', 'list']) {
        await page.click(`#view-${view}`);
        found[view] = await offences(page);
      }
      await page.locator('#stage > .list > .list-day .row').first().click();
      await page.locator('.behind[aria-busy="false"]').waitFor();
      found.panel = await offences(page);
      await page.keyboard.press('Escape');
      await page.click('#open-subscribe');
      found.subscribe = await offences(page);
      for (const panel of ['search', 'help']) {
        await page.keyboard.press('Escape');
        await page.click(`#open-${panel}`);
        found[panel] = await offences(page);
      }
      for (const user of ['observer-1', 'teacher-1']) {
        await page.evaluate((name) => sessionStorage.setItem('calendar.user', name), user);
        await page.goto(site.url);
        await page.waitForSelector('#stage[aria-busy="false"]');
        expect(await page.locator('#whose').count()).toBe(1);
        found[user] = await offences(page);
      }
      expect(Object.entries(found).filter(([, offence]) => offence.length > 0)).toEqual([]);
      await page.context().close();
    },
    90_000,
  );
});
