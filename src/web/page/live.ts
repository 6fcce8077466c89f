// Receives notifications of changes: it reads the gateway's server-sent events with fetch, because
// EventSource cannot send a token. It reconnects by itself and continues after the last event.

import { EVENT_KINDS } from '../../event-kinds.ts';

/** A notification: kinds and months (YYYY-MM; null: any). */
export interface ChangeNotification {
  readonly kinds: readonly string[];
  readonly months: readonly string[] | null;
}

/** Over how long the pages' questions are spread when everything may have changed. */
const SPREAD_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/**
 * Listens while the page is open. Ends when there is no stream, or the token or the user is
 * refused.
 */
export async function listen(options: {
  readonly token: string;
  /** Owner of the calendar; null: the signed-in user. */
  readonly user: string | null;
  readonly onChange: (notification: ChangeNotification) => void;
  readonly onState: (isLive: boolean) => void;
}): Promise<void> {
  const { token, user, onChange, onState } = options;
  const address = user === null ? '/live' : `/live?user=${encodeURIComponent(user)}`;
  let last: string | null = null;
  let retryMs = FIRST_RETRY_MS;
  for (;;) {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      ...(last === null ? {} : { 'last-event-id': last }),
    };
    const response: Response | null = await fetch(address, { headers }).catch(() => null);
    if (response !== null && [401, 403, 404].includes(response.status)) return;
    if (response?.ok && response.body !== null) {
      onState(true);
      retryMs = FIRST_RETRY_MS;
      for await (const { id, data } of eventsOf(response.body)) {
        last = id ?? last;
        if (data === null) continue;
        const notification = JSON.parse(data) as ChangeNotification;
        await wait(delayOf(notification, Math.random()));
        onChange(notification);
      }
    }
    onState(false);
    await wait(retryMs * (0.5 + Math.random()));
    retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
  }
}

/**
 * How long, in milliseconds, the page waits before it asks what changed. Everything may have
 * changed for every open page at once: their questions are spread. `random` in [0, 1).
 */
export function delayOf({ kinds, months }: ChangeNotification, random: number): number {
  return months === null && EVENT_KINDS.every((kind) => kinds.includes(kind)) ? random * SPREAD_MS : 0;
}

const wait = (ms: number) => (ms === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms)));

/** The events of a stream, until it ends or breaks. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
    if (done) return;
    const texts = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = texts.pop() ?? '';
    for (const text of texts) yield parseEvent(text);
  }
}

interface StreamEvent {
  readonly id: string | null;
  readonly data: string | null;
}

/** Parses an event of our gateway: each field once, on one line (HTML §9.2.6). */
function parseEvent(text: string): StreamEvent {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(text)?.[1] ?? null;
  return { id: field('id'), data: field('data') };
}
