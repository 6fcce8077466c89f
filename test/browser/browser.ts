// Drives Debian's Chromium. Pages record their requests and violations of their policy.
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Debian puts it. */
export const CHROMIUM = '/usr/bin/chromium';

/** A page and its evidence. */
export interface Visit {
  readonly page: Page;
  /** Addresses of all requests. */
  readonly requests: readonly string[];
  /** Names of the GraphQL operations, in order. */
  readonly operations: readonly string[];
  /** What the browser complained about: scripts that failed, what the policy forbade. */
  readonly complaints: readonly string[];
}

/** Starts the browser, with nothing of its own on the network, and without a GPU in software. */
export function launch(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-software-rasterizer',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', ...args, '--disable-component-update', '--disable-sync'],
  });
}

/**
 * Opens My Page in a context of its own: Korean, 1280 × 800, in UTC, without a service worker,
 * unless `options` say otherwise.
 */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const visited = await open(browser, url, options);
  await visited.page.waitForSelector('#stage[aria-busy="false"]');
  return visited;
}

/** Opens any page, likewise. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    locale: 'ko-KR',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const operations: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    requests.push(request.url());
    const operation = /(?:query|mutation) (\w+)/.exec(request.postData() ?? '')?.[1];
    if (operation !== undefined) operations.push(operation);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return { page, requests, operations, complaints };
}
