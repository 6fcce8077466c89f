// Variables are checked here before the gateway library checks them: it reports every bad value of
// every list, each in an error of its own.
import type { ApolloGateway } from '@apollo/gateway';
import { getVariableValues } from 'graphql';

/** Most errors of one kind that a request is answered with. */
export const MAX_ERRORS = 10;

/** What Apollo Server takes from a gateway. */
type Served = Pick<ApolloGateway, 'onSchemaLoadOrUpdate' | 'load' | 'stop'>;

/** The same gateway, answering bad variables with at most {@link MAX_ERRORS} errors. */
export function fewErrors(gateway: ApolloGateway): Served {
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
          // Behind the last is one more, which says that there were too many.
          return errors === undefined ? executor(context) : { errors: errors.slice(0, MAX_ERRORS) };
        },
      };
    },
  };
}
