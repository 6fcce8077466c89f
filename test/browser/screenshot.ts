// `npm run screenshot`: the README's picture of My Page, from the sample data, signed in as a demo
// student.
import { fileURLToPath } from 'node:url';
import { launch, visit } from './browser.ts';
import { startSite } from './site.ts';

const PICTURE = fileURLToPath(new URL('../../src/web/my-page.png', import.meta.url));

const site = await startSite();
const browser = await launch();
const { page } = await visit(browser, site.url, { viewport: { width: 1280, height: 840 }, deviceScaleFactor: 1.5 });
await page.locator('#live[data-on="true"]').waitFor();
await page.screenshot({ path: PICTURE });
await browser.close();
await site.close();
process.stdout.write(`${PICTURE}\n`);
