// The one vocabulary of errors. Everything a client or an operator can meet has a code here;
// messages say what was expected and what was given, and never carry internals (hosts, SQL,
// stacks).
import { GraphQLError } from 'graphql';

/**
 * Stable codes a GraphQL client sees in `extensions.code`. Anything else is shown as
 * INTERNAL_SERVER_ERROR.
 */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'QUERY_TOO_LARGE'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'OVERLOADED'
  | 'UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** An error made for the client: its message and code are shown as they are. */
export class ApiError extends GraphQLError {
  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message, { extensions: { ...details, code } });
    this.name = 'ApiError';
  }
}

/**
 * Bad input, always in one form: which argument, what was expected, what was given (cut at 64
 * characters).
 */
export function badInput(argument: string, expected: string, given: unknown): ApiError {
  return new ApiError('BAD_USER_INPUT', `${argument}: expected ${expected}, given ${echo(given)}`, { argument });
}

/** Input as an error may repeat it: JSON, at most 64 characters, no control characters. */
export function echo(given: unknown): string {
  const text = (JSON.stringify(given) ?? String(given)).replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return text.length > 64 ? `${text.slice(0, 61)}...` : text;
}

/** Why a source could not be read; the schema's `SourceReason` less REVALIDATING. */
export type FailureReason = 'TIMEOUT' | 'UNREACHABLE' | 'OVERLOADED' | 'CIRCUIT_OPEN' | 'BAD_RESPONSE' | 'FORBIDDEN';

/**
 * A source that asks for more is asked again all the same: one odd answer must not silence it for
 * hours.
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

/** The configuration is wrong: the start stops with this message, which names the variable. */
export class ConfigError extends Error {
  constructor(variable: string, expected: string, given: unknown) {
    super(`${variable}: expected ${expected}, given ${echo(given)}`);
    this.name = 'ConfigError';
  }
}
