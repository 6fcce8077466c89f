// Checks variables before the gateway library does, because it reports every malformed value of
// every list as an error of its own.
import { getVariableValues } from 'graphql';
import { type Served, withExecutor } from './served.ts';

/** Maximum number of such errors in an answer. */
export const MAX_ERRORS = 10;

/** The same gateway, with at most {@link MAX_ERRORS} errors for malformed variables. */
export function fewErrors(gateway: Served): Served {
  return withExecutor(gateway, (execute) => async (context) => {
    const { schema, operation, request } = context;
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, {
      maxErrors: MAX_ERRORS,
    });
    // A last error says that there were too many.
    return errors === undefined ? execute(context) : { errors: errors.slice(0, MAX_ERRORS) };
  });
}
