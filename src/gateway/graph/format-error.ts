// What the gateway shows of an error: a subgraph's message under an allowed code, its own refusals,
// and GraphQL's errors about the query. Everything else becomes one generic sentence; URLs and
// stacks are never shown.
import { ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ApiError, type ErrorCode } from '../../errors.ts';
import { formatError } from '../../http/server/format-error.ts';
import { tooLarge } from './limits.ts';

/**
 * Codes that a subgraph may show to clients. Its UNAUTHENTICATED would be about the internal token.
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
 * Apollo Server's `formatError` for the gateway. `maxTokens`: the parser's limit, for its message.
 */
export function createFormatError(maxTokens: number) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const shown = error instanceof GraphQLError ? gatewayError(formatted, error, maxTokens) : undefined;
    return withRealPath(shown ?? formatError(formatted, error));
  };
}

/** Errors that only a gateway has; undefined for all others. */
function gatewayError(formatted: GraphQLFormattedError, error: GraphQLError, maxTokens: number) {
  const { message, path = [] } = formatted;
  const { code, serviceName, validationErrorCode } = error.extensions;
  // Validation wraps the error of a rule and changes its code; the parser's limit has no code.
  if (error.originalError instanceof ApiError) return error.originalError.toJSON();
  if (/^Syntax Error: Document contains more th\w+ \d+ tokens/.test(message))
    return tooLarge('tokens', maxTokens).toJSON();
  if (validationErrorCode === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED) {
    return { message: 'Introspection is not allowed here.', extensions: { code } };
  }
  return serviceName !== undefined && SUBGRAPH_CODES.has(code) ? { message, path, extensions: { code } } : undefined;
}

/**
 * The gateway library writes `@` for "every item of this list". Clients know names and indexes
 * only, so the path ends before it.
 */
function withRealPath(error: GraphQLFormattedError): GraphQLFormattedError {
  const end = error.path?.indexOf('@') ?? -1;
  return end < 0 ? error : { ...error, path: error.path?.slice(0, end) ?? [] };
}
