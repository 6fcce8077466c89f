// Which operation of a document is meant. Left to the gateway library, a name that is not in the
// document, or a kind of operation that the schema does not have, would be reported as an error of
// the server.
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { badInput } from '../../errors.ts';

/**
 * Refuses, with 400 and OPERATION_RESOLUTION_FAILURE, a request that does not say which of its
 * operations is meant, or means an operation of a kind that the schema does not have.
 */
export const requireKnownOperation: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, ...found }) {
        // Typed as always there, but it can be absent.
        const kind = (found.operation as OperationDefinitionNode | undefined)?.operation;
        if (kind === undefined) {
          throw refused('operationName', 'the name of an operation in the query', request.operationName);
        }
        if (!found.schema.getRootType(kind)) throw refused('query', 'a kind of operation that the schema has', kind);
      },
    };
  },
};

function refused(argument: string, expected: string, given: unknown): GraphQLError {
  const { message } = badInput(argument, expected, given);
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } });
}
