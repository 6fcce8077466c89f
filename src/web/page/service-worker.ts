// Keeps the page's own files in the browser, so that My Page opens without a connection and then
// says that it knows nothing. It keeps no answer of the API: an event is never shown from here.

/** What a service worker's events have; the page's types do not know them. */
interface WorkerEvent extends Event {
  readonly request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

const PAGE = '/';
const FILES = '/page/assets/';
const worker = self as unknown as Worker;
const on = (type: string, listener: (event: WorkerEvent) => void) =>
  self.addEventListener(type, (event) => listener(event as WorkerEvent));

on('install', (event) => event.waitUntil(fetch(PAGE).then(keep).then(worker.skipWaiting.bind(worker))));
on('activate', (event) => event.waitUntil(worker.clients.claim()));
on('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (mode === 'navigate' && pathname === PAGE) event.respondWith(openPage(event));
  else if (pathname.startsWith(FILES)) event.respondWith(openFile(event.request));
});

/** The server's page, which is kept; without a connection the one that was kept. */
async function openPage(event: WorkerEvent): Promise<Response> {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept === undefined) throw error;
    return kept;
  }
}

/**
 * A file's name changes with its content, so a kept one is right for the page that names it. It is
 * found by its address: the page's request has other headers than the one it was kept with.
 */
async function openFile(request: Request): Promise<Response> {
  return (await caches.match(request.url)) ?? fetch(request);
}

/** Keeps a page and the files it names, in place of those that were kept before. */
async function keep(response: Response): Promise<void> {
  if (!response.ok) return;
  const cache = await caches.open('page');
  const html = await response.clone().text();
  const files = new Set([...html.matchAll(/(?:src|href)="(\/page\/assets\/[^"]+)"/g)].map(([, path = '']) => path));
  const kept = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  await cache.addAll([...files].filter((path) => !kept.includes(path)));
  await cache.put(PAGE, response);
  await Promise.all(kept.filter((path) => path !== PAGE && !files.has(path)).map((path) => cache.delete(path)));
}
