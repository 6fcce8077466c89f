// The renewal hook: the page that embeds My Page in a frame is asked for a token before the token
// ends, and gives one with postMessage (HTML §9.3). Only messages of the allowed origins count;
// those of others are ignored without an answer. Described in schema/README.md.

/**
 * What the page sends to the embedding page. `endsAt` in milliseconds; null: nobody is signed in.
 */
export type HookRequest =
  | { readonly type: 'calendar:token-needed'; readonly endsAt: number | null }
  | { readonly type: 'calendar:token-accepted' }
  | { readonly type: 'calendar:token-refused'; readonly reason: string };

/** The part of a window that the hook needs. */
export interface HookWindow {
  readonly parent: unknown;
  addEventListener(type: 'message', listener: (event: HookMessage) => void): void;
}

/** The part of a MessageEvent that the hook reads. */
export interface HookMessage {
  readonly origin: string;
  readonly data: unknown;
  readonly source: unknown;
}

interface Target {
  postMessage(message: HookRequest, targetOrigin: string): void;
}

/** Asks the embedding page for a token. Does nothing on a page that is not embedded. */
export type AskForToken = (endsAt: number | null) => void;

/**
 * Opens the hook. `origins`: those that may give a token. `take` uses a token; it returns null, or
 * in words why it cannot.
 */
export function openTokenHook(
  view: HookWindow,
  origins: readonly string[],
  take: (token: string) => string | null,
): AskForToken {
  view.addEventListener('message', ({ origin, data, source }) => {
    if (!origins.includes(origin) || !isObject(data) || data.type !== 'calendar:token') return;
    const reason = typeof data.token === 'string' ? take(data.token) : 'token: expected a text';
    const answer: HookRequest =
      reason === null ? { type: 'calendar:token-accepted' } : { type: 'calendar:token-refused', reason };
    (source as Target | null)?.postMessage(answer, origin);
  });
  return (endsAt) => {
    if (view.parent === view) return;
    // There is nothing secret in it, and only allowed origins can embed the page (frame-ancestors).
    (view.parent as Target).postMessage({ type: 'calendar:token-needed', endsAt }, '*');
  };
}

/** The page's own origin, and those of the setting EMBED_ORIGINS, which the page's head names. */
export function allowedOrigins(): readonly string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="embed-origins"]');
  return [location.origin, ...(meta?.content ?? '').split(' ').filter(Boolean)];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
