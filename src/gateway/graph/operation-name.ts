// Checks which operation of a document is meant. The gateway library would report an unknown name,
// or a kind of operation that the schema does not have, as a server error.
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { badInput } from '../../errors.ts';

/**
 * Refuses, with 400 and OPERATION_RESOLUTION_FAILURE, a request that does not name its operation,
 * or names an operation of a kind that the schema does not have.
 */
export const requireKnownOperation: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, ...found }) {
        // Its type says that it is always there, but it can be absent.
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
