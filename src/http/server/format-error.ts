// What a client may read of an error, by allow-list: our own errors as they are, GraphQL's own
// complaints about the query, and for everything else one sentence. The original goes to the
// diagnostics channel `calendar:error`.
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';

/** Codes of GraphQL and Apollo Server that speak of the request alone. */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * Apollo Server's `formatError`. Keeps message, path and locations of what may be shown; replaces
 * the rest.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  if (original instanceof ApiError) return formatted;
  const code = formatted.extensions?.code;
  if (REQUEST_CODES.has(code)) {
    return { ...formatted, message: shorten(formatted.message), extensions: { code } };
  }
  reportError(original, formatted.path);
  return { ...formatted, message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/**
 * GraphQL's messages repeat the input at full length: names, and values after these words (graphql
 * 16's coerceInputValue, ValuesOfCorrectType and its scalars). No answer of ours repeats more than
 * 64 characters of it.
 */
function shorten(message: string): string {
  return message
    .slice(0, 2000)
    .replace(
      /(invalid value |value: |found )(.{65,}?)(?=; |\.?$)/gs,
      (_, lead: string, value: string) => lead + cut(value),
    )
    .replace(/\S{65,}/g, cut);
}

function cut(text: string): string {
  return `${text.slice(0, 61)}...`;
}
