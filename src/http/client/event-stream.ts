// Streams of server-sent events from another service, as bytes: there is no total deadline, but the
// headers must arrive soon, and silence ends the stream. They use connections of their own, because
// each holds one while it lasts.
import { Pool } from 'undici';
import { SourceError } from '../../errors.ts';
import { withTraceHeaders } from '../../tracing.ts';
import { parseSourceUrl } from './source-url.ts';

const HEAD_MS = 3_000;
/** The time of three heartbeats. */
const SILENCE_MS = 45_000;

/** The streams of one service. */
export interface EventStreams {
  /**
   * Throws SourceError unless a stream begins. Reading throws when the stream breaks; `signal` ends
   * it.
   */
  open(call: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  }): Promise<AsyncIterable<Uint8Array>>;
  /** Ends all streams. */
  close(): Promise<void>;
}

/** `url`: any URL of the service; throws ConfigError for one that must not be called. */
export function createEventStreams(url: string): EventStreams {
  const { origin } = parseSourceUrl('url', url);
  const pool = new Pool(origin, { headersTimeout: HEAD_MS, bodyTimeout: SILENCE_MS, connect: { timeout: HEAD_MS } });
  return {
    async open({ path, headers, signal }) {
      const all = withTraceHeaders({ ...headers, accept: 'text/event-stream' });
      const request = { method: 'GET', path, headers: all, signal } as const;
      const {
        statusCode,
        headers: head,
        body,
      } = await pool.request(request).catch((cause: unknown) => {
        throw new SourceError('UNREACHABLE', 'no stream', { cause });
      });
      if (statusCode === 200 && String(head['content-type']).startsWith('text/event-stream')) return body;
      await body.dump().catch(() => undefined);
      throw new SourceError(statusCode === 403 ? 'FORBIDDEN' : 'BAD_RESPONSE', `status ${statusCode} for a stream`);
    },
    close: () => pool.destroy(),
  };
}
