// `npm run screenshot`: the README's pictures of My Page, from the sample data, signed in as a demo
// student.
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { launch, visit } from './browser.ts';
import { startSite } from './site.ts';

interface Picture {
  /** The file, src/web/<name>.png. */
  readonly name: string;
  /** What is shown, as in the page's address. */
  readonly address: string;
  readonly width: number;
  readonly height: number;
}

const MONTH: Picture = { name: 'my-page', address: '', width: 1280, height: 840 };
const WEEK: Picture = { name: 'my-page-week', address: '?view=week', width: 1280, height: 840 };
const PHONE: Picture = { name: 'my-page-phone', address: '', width: 390, height: 840 };

async function take(browser: Browser, url: string, locale: string, picture: Picture): Promise<void> {
  const { name, address, ...viewport } = picture;
  const options = { viewport, locale, timezoneId: 'Asia/Seoul', deviceScaleFactor: 1.5 };
  const { page } = await visit(browser, `${url}/${address}`, options);
  await page.locator('#live[data-on="true"]').waitFor();
  const path = fileURLToPath(new URL(`../../src/web/${name}.png`, import.meta.url));
  await page.screenshot({ path });
  await page.context().close();
  process.stdout.write(`${path}\n`);
}

const browser = await launch();
for (const [language, locale, pictures] of [
  ['ko', 'ko-KR', [MONTH, WEEK, PHONE]],
  ['en', 'en-GB', [{ ...MONTH, name: 'my-page-english' }]],
] as const) {
  const site = await startSite({ SAMPLE_LANGUAGE: language });
  for (const picture of pictures) await take(browser, site.url, locale, picture);
  await site.close();
}
await browser.close();
