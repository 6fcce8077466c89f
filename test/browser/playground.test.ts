// The playground for a new user: signed in, with examples that answer, and nothing from another
// origin.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeWith, findBinary } from '../harness/child-server.ts';
import { CHROMIUM, launch, open } from './browser.ts';
import { type Site, startSite } from './site.ts';

/** Examples that are for another user than the one who is signed in first. */
const ASKED_BY: Readonly<Record<string, string>> = { Children: 'observer-1', NewAssignment: 'teacher-1' };

describeWith({ found: findBinary([CHROMIUM]) !== undefined, debian: 'chromium' }, 'the playground', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    site = await startSite({ GRAPHIQL: 'true' });
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Runs what is in the editor, once it is there; gives the answer. */
  const run = async (page: Page, operation: string): Promise<{ data?: unknown; errors?: unknown }> => {
    await page.locator('.graphiql-query-editor').getByText(operation, { exact: true }).first().waitFor();
    const answered = page.waitForResponse(
      (response) =>
        response.url().endsWith('/graphql') && (response.request().postData() ?? '').includes(` ${operation}`),
      { timeout: 100_000 },
    );
    await page.locator('.graphiql-execute-button').click();
    return (await answered).json() as Promise<{ data?: unknown; errors?: unknown }>;
  };

  test('the first Run in the first tab answers, without a click on a tab before', async () => {
    const { page } = await open(browser, `${site.url}/graphiql`);
    const { data, errors } = await run(page, 'MyPage');
    expect([errors, data]).toMatchObject([undefined, { viewer: { calendar: { completeness: 'COMPLETE' } } }]);
    await page.context().close();
  }, 120_000);

  test('every example tab answers without an error, and no other origin is contacted', async () => {
    const { page, requests, complaints } = await open(browser, `${site.url}/graphiql`);
    const tabs = page.locator('.graphiql-tab-button');
    await tabs.nth(1).waitFor();
    const names = await tabs.allTextContents();
    expect(names).toEqual(expect.arrayContaining(['MyPage', 'Month', 'ToDo', 'SyncLoop', 'Children']));
    const answers: Record<string, unknown> = {};
    for (const [index, name] of names.entries()) {
      await tabs.nth(index).click();
      await page.locator('.user-menu select').selectOption(ASKED_BY[name] ?? 'student-1');
      const { data, errors } = await run(page, name);
      answers[name] = errors ?? (data === null ? 'no data' : 'data');
    }
    expect(answers).toEqual(Object.fromEntries(names.map((name) => [name, 'data'])));
    const foreign = requests.filter((url) => /^https?:/.test(url) && new URL(url).origin !== new URL(site.url).origin);
    expect([foreign, complaints]).toEqual([[], []]);
    await page.context().close();
  }, 120_000);

  test('the playground shows the schema documentation', async () => {
    const { page } = await open(browser, `${site.url}/graphiql`);
    await page.getByRole('button', { name: /documentation/i }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().click();
    await page.locator('.graphiql-doc-explorer').getByText('The signed-in user.').waitFor();
    await page.context().close();
  }, 60_000);
});
