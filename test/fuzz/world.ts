// A gateway and a calendar over mocked sources, and what must hold of every answer of theirs: no
// server error, nothing of the inside in it, no hang; and of the process: no unexpected error.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { listen } from '../../src/diagnostics.ts';
import { ApiError, SourceError } from '../../src/errors.ts';
import { type ScriptedFeed, scriptedFeed } from '../calendar/freshness/scripted-feed.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { assignment, check, lecture, own } from '../harness/rows.ts';

/** How long an answer may take; the gateway's own deadline is shorter. */
const HANG_MS = 30_000;
/** File names, stacks, addresses and codes of the system. */
const INSIDE = /node_modules|\/src\/|\bat \w+ \(|ECONN|127\.0\.0\.1|ERR_[A-Z_]{4,}|SELECT /;
const CHECK = check({ course: 1, at: '2026-03-10T09:00+09:00' });

/** What the runs share. */
export interface World {
  readonly graph: MockGraph;
  readonly feed: ScriptedFeed;
  /** Posts a body as student-1, with a valid token. Rejects for an answer that must not be. */
  post(body: string): Promise<string>;
  /** Sends bytes over a connection of its own. Rejects for an answer that must not be. */
  send(head: string, body?: string): Promise<string>;
  /** A path of a subscription, and a sync token, both valid. */
  readonly subscription: string;
  readonly syncToken: string;
  readonly token: string;
  /** Throws what has gone wrong unnoticed since the last call. */
  assertQuiet(): void;
  close(): Promise<void>;
}

/** Starts it. */
export async function startWorld(): Promise<World> {
  const feed = scriptedFeed();
  const graph = await startGraph({
    sources: 'mock',
    clock: systemClock,
    feeds: [feed],
    responseCacheBytes: 2 ** 20,
    rows: {
      enrollments: { 'student-1': [1], 'student-2': [1, 2] },
      teaches: { 'teacher-1': [1] },
      items: [
        lecture({ course: 1, at: '2026-03-10T09:00+09:00' }),
        CHECK,
        assignment({ course: 1, at: '2026-03-11T00:00+09:00' }),
        own('student-1', CHECK, { outcome: 'PRESENT' }),
      ],
    },
  });
  const unexpected: unknown[] = [];
  const notice = (error: unknown) => void unexpected.push(error);
  process.on('unhandledRejection', notice);
  const stop = listen('calendar:error', ({ error }) => {
    if (!(error instanceof SourceError) && !(error instanceof ApiError)) unexpected.push(error);
  });
  const token = await graph.token('student-1');
  const url = graph.gatewayUrl ?? '';
  const post = async (body: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(HANG_MS);
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body, signal });
    const text = await answer.text();
    accept(answer.status, text);
    JSON.parse(text);
    return text;
  };
  const first = JSON.parse(
    await post(
      JSON.stringify({
        query: `{ viewer { calendarSubscription { url }
          calendar(from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z") { syncToken } } }`,
      }),
    ),
  ) as { data: { viewer: { calendarSubscription: { url: string }; calendar: { syncToken: string } } } };
  const { calendarSubscription, calendar } = first.data.viewer;
  return {
    graph,
    feed,
    token,
    post,
    send: (head, body = '') => exchange(Number(new URL(url).port), head, body),
    subscription: new URL(calendarSubscription.url).pathname,
    syncToken: calendar.syncToken,
    assertQuiet() {
      const [error] = unexpected.splice(0);
      if (error !== undefined) throw new Error('an unexpected error', { cause: error });
    },
    async close() {
      stop();
      process.off('unhandledRejection', notice);
      await graph.close();
    },
  };
}

/** Throws for a status of a server error, and for a text that shows the inside. */
function accept(status: number, text: string): void {
  if (status >= 500) throw new Error(`status ${status}: ${text.slice(0, 300)}`);
  if (text.includes('INTERNAL_SERVER_ERROR')) throw new Error(`an error of the server: ${text.slice(0, 300)}`);
  const [inside] = INSIDE.exec(text) ?? [];
  if (inside !== undefined) throw new Error(`the answer shows ${inside}`);
}

/** All that comes back until the server closes the connection. */
async function exchange(port: number, head: string, body: string): Promise<string> {
  // Characters beyond Latin-1 are cut, as a program that writes headers would.
  const bytes = Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
  const socket = connect(port, 'localhost');
  socket.on('error', () => {});
  socket.end(bytes);
  let text = '';
  const reading = (async () => {
    for await (const chunk of socket) text += String(chunk);
  })().catch(() => {});
  const over = new AbortController();
  const isClosed = await Promise.race([
    reading.then(() => true),
    sleep(HANG_MS, false, { signal: over.signal }).catch(() => true),
  ]);
  over.abort();
  socket.destroy();
  if (!isClosed) throw new Error('no end of the answer');
  for (const [, status = ''] of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) accept(Number(status), text);
  return text;
}
