// What a client of the gateway may read of an error: what a subgraph said under a code of
// gatewayError, our own refusals, and GraphQL's complaints about the query. Everything else becomes
// one sentence; addresses and stacks never pass.
import { ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ApiError, type ErrorCode } from '../../errors.ts';
import { formatError } from '../../http/server/format-error.ts';
import { tooLarge } from './limits.ts';

/**
 * Codes a subgraph may use to speak to the client. Its UNAUTHENTICATED would be about our token,
 * not the client's.
 */
const SUBGRAPH_CODES: ReadonlySet<unknown> = new Set<ErrorCode>([
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'OVERLOADED',
  'UNAVAILABLE',
]);

/**
 * Apollo Server's `formatError` for the gateway. `maxTokens`: the parser's limit, to say it in our
 * words.
 */
export function createFormatError(maxTokens: number) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const shown = error instanceof GraphQLError ? gatewayError(formatted, error, maxTokens) : undefined;
    return withRealPath(shown ?? formatError(formatted, error));
  };
}

/** What is particular to a gateway; undefined for what is the same in every server. */
function gatewayError(formatted: GraphQLFormattedError, error: GraphQLError, maxTokens: number) {
  const { message, path = [] } = formatted;
  const { code, serviceName, validationErrorCode } = error.extensions;
  // Validation wraps what a rule reports, and gives it a code of its own; the parser's limit has no
  // code at all.
  if (error.originalError instanceof ApiError) return error.originalError.toJSON();
  if (/^Syntax Error: Document contains more th\w+ \d+ tokens/.test(message))
    return tooLarge('tokens', maxTokens).toJSON();
  if (validationErrorCode === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED) {
    return { message: 'Introspection is not allowed here.', extensions: { code } };
  }
  return serviceName !== undefined && SUBGRAPH_CODES.has(code) ? { message, path, extensions: { code } } : undefined;
}

/**
 * The gateway writes `@` for "every item of this list"; clients know names and indexes only, so the
 * path ends before.
 */
function withRealPath(error: GraphQLFormattedError): GraphQLFormattedError {
  const end = error.path?.indexOf('@') ?? -1;
  return end < 0 ? error : { ...error, path: error.path?.slice(0, end) ?? [] };
}
