// Checks variables before the gateway library does, because it reports every malformed value of
// every list as an error of its own.
import type { ApolloGateway } from '@apollo/gateway';
import { getVariableValues } from 'graphql';

/** Maximum number of such errors in an answer. */
export const MAX_ERRORS = 10;

/** What Apollo Server accepts as a gateway. */
export type Served = Pick<ApolloGateway, 'onSchemaLoadOrUpdate' | 'load' | 'stop'>;

/** The same gateway, with at most {@link MAX_ERRORS} errors for malformed variables. */
export function fewErrors(gateway: Served): Served {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(options) {
      const { executor, ...loaded } = await gateway.load(options);
      return {
        ...loaded,
        async executor(context) {
          const { schema, operation, request } = context;
          const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, {
            maxErrors: MAX_ERRORS,
          });
          // A last error says that there were too many.
          return errors === undefined ? executor(context) : { errors: errors.slice(0, MAX_ERRORS) };
        },
      };
    },
  };
}
