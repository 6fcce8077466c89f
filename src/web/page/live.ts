// Receives notifications of changes: it reads the gateway's server-sent events with fetch, because
// EventSource cannot send a token. It reconnects by itself and continues after the last event; a
// stream that is silent is replaced. Without a valid token it waits for `wake`.

/** A notification: kinds and months (YYYY-MM; null: any); `everything`: for every user. */
export interface ChangeNotification {
  readonly kinds: readonly string[];
  readonly months: readonly string[] | null;
  readonly everything?: boolean;
}

/** Over how long the pages' questions are spread when everything may have changed. */
const SPREAD_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** The server sends a heartbeat every 15 s: after three that are missing the stream is dead. */
const SILENT_MS = 45_000;

/** Options of {@link LiveConnection}. */
export interface LiveOptions {
  /** The current token; null while there is none that is valid. */
  readonly token: () => string | null;
  /** Owner of the calendar; null: the signed-in user. */
  readonly user: string | null;
  readonly onChange: (notification: ChangeNotification) => void;
  readonly onState: (isLive: boolean) => void;
}

/** The page's connection to `/live`. */
export class LiveConnection {
  readonly #options: LiveOptions;
  #last: string | null = null;
  #retryMs = FIRST_RETRY_MS;
  #stream = new AbortController();
  #heardAt = 0;
  #endWait = () => {};

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** Listens while the page is open. Ends when there is no stream, or no right to the calendar. */
  async listen(): Promise<void> {
    for (;;) {
      const status = await this.#connect();
      this.#options.onState(false);
      if (status === 403 || status === 404) return;
      if (status === 401) await this.#wait(null);
      else await this.#wait(this.#retryMs * (0.5 + Math.random()));
      this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    }
  }

  /** Reconnects now if it waits or its stream is silent: online again, seen again, a new token. */
  wake(): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#endWait();
    this.#endIfSilent();
  }

  /** Reads one stream to its end; resolves with its status, 0 without an answer. */
  async #connect(): Promise<number> {
    const { user } = this.#options;
    const token = this.#options.token();
    if (token === null) return 401;
    const address = user === null ? '/live' : `/live?user=${encodeURIComponent(user)}`;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(this.#last === null ? {} : { 'last-event-id': this.#last }),
    };
    this.#heardAt = performance.now();
    this.#stream = new AbortController();
    const { signal } = this.#stream;
    const response: Response | null = await fetch(address, { headers, signal }).catch(() => null);
    if (!response?.ok || response.body === null) return response?.status ?? 0;
    this.#options.onState(true);
    this.#retryMs = FIRST_RETRY_MS;
    const watching = setInterval(() => this.#endIfSilent(), SILENT_MS / 3);
    await this.#read(response.body);
    clearInterval(watching);
    return response.status;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    for await (const { id, data } of eventsOf(body)) {
      this.#heardAt = performance.now();
      this.#last = id ?? this.#last;
      if (data === null) continue;
      const notification = JSON.parse(data) as ChangeNotification;
      const delay = delayOf(notification, Math.random());
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      this.#options.onChange(notification);
    }
  }

  #endIfSilent(): void {
    if (performance.now() - this.#heardAt > SILENT_MS) this.#stream.abort();
  }

  /** Waits so long, or until `wake`; null: until `wake`. */
  async #wait(ms: number | null): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#endWait = resolve;
      if (ms !== null) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}

/**
 * How long, in milliseconds, the page waits before it asks what changed. After a gap everything may
 * have changed for every open page at once: their questions are spread. `random` in [0, 1).
 */
export function delayOf({ everything = false }: ChangeNotification, random: number): number {
  return everything ? random * SPREAD_MS : 0;
}

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
