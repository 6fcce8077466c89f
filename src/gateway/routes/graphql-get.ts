// GET /graphql: persisted documents only (GraphQL over HTTP, draft, appendix A). The bearer token
// is required, so no other site can make a browser ask. Pure.
import { badInput } from '../../errors.ts';
import { parseJson } from '../../json.ts';

/** The parameters of the query string; a parameter that is given twice is a list. */
export type GetQuery = Readonly<Record<string, unknown>>;

/** Whether the request names a persisted document, by `documentId` or in Apollo Client's form. */
export function namesDocument({ documentId, extensions }: GetQuery): boolean {
  return documentId !== undefined || extensions !== undefined;
}

/** The body that a POST would have. Throws BAD_USER_INPUT naming the parameter. */
export function bodyOfGet({ documentId, operationName, variables, extensions, query }: GetQuery): object {
  if (query !== undefined) throw badInput('query', 'documentId with GET, or POST', query);
  return {
    ...(documentId === undefined ? {} : { documentId: one('documentId', documentId) }),
    ...(operationName === undefined ? {} : { operationName: one('operationName', operationName) }),
    ...(variables === undefined ? {} : { variables: json('variables', variables) }),
    ...(extensions === undefined ? {} : { extensions: json('extensions', extensions) }),
  };
}

function one(name: string, given: unknown): string {
  if (typeof given === 'string') return given;
  throw badInput(name, 'one value', given);
}

function json(name: string, given: unknown): unknown {
  return parseJson(one(name, given), () => badInput(name, 'JSON', given));
}
