// Checks answers: a complete JSON text in UTF-8 with a suitable status. Everything else is a
// SourceError with a reason.
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { SourceError } from '../../errors.ts';

const utf8 = new TextDecoder();

/**
 * A complete answer: 2xx, or a GraphQL refusal (4xx `application/graphql-response+json`), with a
 * JSON body.
 */
export class HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body in UTF-8, at least one byte. */
  readonly bytes: Buffer;

  /** Throws SourceError BAD_RESPONSE when the body is empty or not UTF-8. */
  constructor(status: number, headers: IncomingHttpHeaders, bytes: Buffer) {
    if (bytes.byteLength === 0) throw new SourceError('BAD_RESPONSE', 'empty body');
    if (!isUtf8(bytes)) throw new SourceError('BAD_RESPONSE', 'not UTF-8');
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }

  /** The body as text: decoded at each use, and not for those who pass the bytes on. */
  get body(): string {
    return utf8.decode(this.bytes);
  }
}

/**
 * Throws SourceError unless status and headers allow an answer; the body is not needed. `now`:
 * milliseconds since 1970, for a Retry-After that is a date.
 */
export function checkHead(status: number, headers: IncomingHttpHeaders, now: number): void {
  const detail = `status ${status}`;
  if (status === 401 || status === 403) throw new SourceError('FORBIDDEN', detail);
  if (status === 429 || status === 503)
    throw new SourceError('OVERLOADED', detail, retryAfter(headers['retry-after'], now));
  const type = headers['content-type'] ?? '';
  if (!isSuccess(status) && !isGraphQLRefusal(status, type)) throw new SourceError('BAD_RESPONSE', detail);
  if (!/^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(type))
    throw new SourceError('BAD_RESPONSE', `content type ${type}`);
  // We ask for `identity`, so an encoding is refused: a small body must not decompress into a large
  // one.
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new SourceError('BAD_RESPONSE', `content encoding ${encoding}`);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/**
 * A 4xx that says `application/graphql-response+json` is a GraphQL answer, errors and all (GraphQL
 * over HTTP §6.4.2).
 */
function isGraphQLRefusal(status: number, type: string): boolean {
  return status >= 400 && status < 500 && type.startsWith('application/graphql-response+json');
}

/** Retry-After in seconds or as a date (RFC 9110 §10.2.3); other values are ignored. */
function retryAfter(value: string | undefined, now: number): { retryAfterMs?: number } {
  if (value === undefined) return {};
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? { retryAfterMs: Math.max(0, ms) } : {};
}
