// Which operation of a document is meant. Left to the gateway library, a name that is not in the document would be an
// error of the server's; it is the request's.
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { badInput } from '../../errors.ts';

/** Refuses, with 400 and OPERATION_RESOLUTION_FAILURE, a request that does not say which of its operations is meant. */
export const requireKnownOperation: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, ...found }) {
        // Typed as always there, and absent all the same.
        if ((found.operation as unknown) !== undefined) return;
        const { message } = badInput('operationName', 'the name of an operation in the query', request.operationName);
        throw new GraphQLError(message, {
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
        });
      },
    };
  },
};
