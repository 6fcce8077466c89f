// All errors and their codes. Messages say what was expected and what was given, and never contain
// internals (hosts, SQL, stacks).
import { GraphQLError } from 'graphql';

/** Stable codes in `extensions.code`. Other errors are shown as INTERNAL_SERVER_ERROR. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'QUERY_TOO_LARGE'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'OVERLOADED'
  | 'UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** An error for clients: message and code are shown as they are. */
export class ApiError extends GraphQLError {
  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message, { extensions: { ...details, code } });
    this.name = 'ApiError';
  }
}

/**
 * An error of bad input: the argument, what was expected, and what was given (cut at 64
 * characters).
 */
export function badInput(argument: string, expected: string, given: unknown): ApiError {
  return new ApiError('BAD_USER_INPUT', `${argument}: expected ${expected}, given ${echo(given)}`, { argument });
}

/** Input as an error may show it: JSON, at most 64 characters, no control characters. */
export function echo(given: unknown): string {
  const text = (JSON.stringify(given) ?? String(given)).replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return text.length > 64 ? `${text.slice(0, 61)}...` : text;
}

/** Why a source could not be read; the schema's `SourceReason` without REVALIDATING. */
export type FailureReason = 'TIMEOUT' | 'UNREACHABLE' | 'OVERLOADED' | 'CIRCUIT_OPEN' | 'BAD_RESPONSE' | 'FORBIDDEN';

/**
 * A longer Retry-After is cut to this, so that one odd answer cannot silence a source for hours.
 */
const MAX_RETRY_AFTER_MS = 60_000;

/** A call to another service failed. `detail` is for logs only and never reaches a client. */
export class SourceError extends Error {
  readonly reason: FailureReason;
  /**
   * How long, in milliseconds, the service asked not to be called (`Retry-After`), if it did: at
   * most 60 s of it.
   */
  readonly retryAfterMs: number | undefined;

  constructor(reason: FailureReason, detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(`${reason}: ${detail}`, { cause: options.cause });
    this.name = 'SourceError';
    this.reason = reason;
    const { retryAfterMs } = options;
    this.retryAfterMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  }
}

/** A wrong configuration: the start stops with this message, which names the variable. */
export class ConfigError extends Error {
  constructor(variable: string, expected: string, given: unknown) {
    super(`${variable}: expected ${expected}, given ${echo(given)}`);
    this.name = 'ConfigError';
  }
}
