// What clients see of an error, by allow-list: our own errors, GraphQL's errors about the query,
// and one generic sentence for everything else. The original goes to the diagnostics channel
// `calendar:error`.
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';
import { requestOfError } from './request-id.ts';

/** Codes of GraphQL and Apollo Server that concern only the request. */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * Apollo Server's `formatError`. Keeps message, path and locations of errors that may be shown;
 * replaces all others.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  if (original instanceof ApiError) return formatted;
  // A literal that a scalar refuses: validation changes the code of the scalar's error.
  if (error instanceof GraphQLError && error.originalError instanceof ApiError) {
    const { extensions } = error.originalError;
    return { ...formatted, message: shorten(formatted.message), extensions };
  }
  const code = formatted.extensions?.code;
  if (REQUEST_CODES.has(code)) {
    return { ...formatted, message: shorten(formatted.message), extensions: { code } };
  }
  reportError(original, { path: formatted.path, requestId: requestOfError(error) });
  return { ...formatted, message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/**
 * GraphQL's messages repeat input in full: names, and values after these words (graphql 16's
 * coerceInputValue, ValuesOfCorrectType and its scalars). Our answers repeat at most 64 characters.
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
