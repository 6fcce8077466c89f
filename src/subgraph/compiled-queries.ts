// Executes a subgraph's queries. A query that is asked again and again is compiled by graphql-jit,
// which takes a fraction of graphql-js's time for a long answer. graphql-js stays the reference: it
// executes what is new, what graphql-jit is known to do otherwise, and once more every query whose
// compiled run has an error or throws, so that errors and null are always its own. A resolver may
// therefore run twice for a request that fails.
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  isAbstractType,
  isIntrospectionType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { publish } from '../diagnostics.ts';

/** A valid document, and what it is asked with; the name need not be that of an operation in it. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: object;
}

/** How the operations of one schema are executed. */
export interface Execution {
  readonly schema: GraphQLSchema;
  /** Never rejects for what a resolver does. */
  readonly execute: (operation: Operation) => Promise<ExecutionResult>;
}

/**
 * Characters of the documents that are remembered, and of the longest one. Compiled, a character
 * takes up to 140 bytes, and a document of this length up to 20 ms (measured on Node 20).
 */
const MAX_CHARACTERS = 2 ** 17;
const MAX_LENGTH = 8_192;
/** A document is compiled when it is asked this often: compiling takes as long as some answers. */
const COMPILED_AT = 3;

/** What is known of a document. */
interface Uses {
  count: number;
  /** By operation; null: it is left to graphql-js. */
  readonly compiled: Map<OperationDefinitionNode, CompiledQuery | null>;
}

/**
 * See the head of this file. `makeSchema` is called twice: the resolvers of the second schema are
 * for compiled queries. Documents are recognised by identity, as Apollo Server keeps them.
 */
export function createExecution(makeSchema: () => GraphQLSchema): Execution {
  const schema = makeSchema();
  const guarded = guardResolvers(makeSchema());
  const documents = new LRUCache<DocumentNode, Uses>({ maxSize: MAX_CHARACTERS, maxEntrySize: MAX_LENGTH });
  const plain = async ({ document, operationName, variables, context }: Operation) =>
    execute({ schema, document, operationName, variableValues: variables, contextValue: context });
  const compiledFor = ({ document, operationName }: Operation) => {
    const uses = documents.get(document) ?? { count: 0, compiled: new Map() };
    if (uses.count === 0) documents.set(document, uses, { size: document.loc?.end ?? MAX_LENGTH });
    uses.count += 1;
    if (uses.count < COMPILED_AT) return null;
    const operation = getOperationAST(document, operationName);
    if (operation == null) return null;
    const known = uses.compiled.get(operation);
    if (known !== undefined) return known;
    const made = compile(guarded, document, operation);
    uses.compiled.set(operation, made);
    return made;
  };
  return {
    schema,
    async execute(operation) {
      const compiled = compiledFor(operation);
      const result = compiled === null ? null : await runCompiled(compiled, operation);
      publish('calendar:execution', { compiled: compiled === null ? 'no' : result === null ? 'failed' : 'yes' });
      return result ?? plain(operation);
    },
  };
}

/** Apollo Server takes another execution from an object that stands for a gateway. */
export function asGateway<C extends BaseContext>({
  schema,
  execute,
}: Execution): NonNullable<ApolloServerOptions<C>['gateway']> {
  return {
    onSchemaLoadOrUpdate(take) {
      take({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: async () => ({
      executor: async ({ document, request: { operationName, variables = {} }, context }) =>
        execute({ document, operationName, variables, context }),
    }),
    stop: async () => undefined,
  };
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, name }: OperationDefinitionNode,
): CompiledQuery | null {
  if (operation !== 'query' || !isPlain(document)) return null;
  const compiled = compileQuery(schema, document, name?.value, { disablingCapturingStackErrors: true });
  return isCompiledQuery(compiled) ? compiled : null;
}

/**
 * Whether the document has nothing that graphql-jit 0.8.9 does otherwise: directives in fragments
 * that are used twice (its issue 111), variables within literals of scalars (its GraphQL-JS.md),
 * and names such as `__proto__`, which are no properties in the objects that it writes.
 */
function isPlain(document: DocumentNode): boolean {
  let isFound = false;
  const found = () => {
    isFound = true;
  };
  const nested = (value: unknown) => (hasVariable(value) ? found() : undefined);
  visit(document, {
    [Kind.DIRECTIVE]: found,
    [Kind.LIST]: nested,
    [Kind.OBJECT]: nested,
    [Kind.NAME]: ({ value }) => (value.startsWith('__') && value !== '__typename' ? found() : undefined),
  });
  return !isFound;
}

function hasVariable(value: unknown): boolean {
  return JSON.stringify(value).includes(`"kind":"${Kind.VARIABLE}"`);
}

/** The context of a compiled run: the request's, and what to do when generated code throws. */
interface Run {
  readonly context: object;
  readonly fail: () => void;
}

/** Null: there was an error. */
function runCompiled({ query }: CompiledQuery, { context, variables }: Operation): Promise<ExecutionResult | null> {
  return new Promise<ExecutionResult | null>((resolve) => {
    const fail = () => resolve(null);
    const take = (result: ExecutionResult) => resolve(result.errors === undefined ? result : null);
    try {
      const run: Run = { context, fail };
      const result: ExecutionResult | Promise<ExecutionResult> = query(undefined, run, variables);
      if (result instanceof Promise) result.then(take, fail);
      else take(result);
    } catch {
      fail();
    }
  });
}

/** Makes the resolvers of a schema those of compiled runs; see {@link guard}. */
function guardResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type) && type.resolveType != null) {
      const { resolveType } = type;
      type.resolveType = (value, run: Run, info, abstractType) => resolveType(value, run.context, info, abstractType);
    }
    // Those of introspection are shared by all schemas, and ask for no context.
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (resolve === undefined) continue;
      field.resolve = (source, args, run: Run, info) => guard(resolve(source, args, run.context, info), run.fail);
    }
  }
  return schema;
}

/**
 * The value, with promises that catch what their callbacks throw. graphql-jit does not: what its
 * generated code throws once a promise has settled would be an unhandled rejection, and the run
 * would never end.
 */
function guard(value: unknown, fail: () => void): unknown {
  if (Array.isArray(value)) return value.some(isPromise) ? value.map((one) => guard(one, fail)) : value;
  if (!isPromise(value)) return value;
  const attempt =
    <T>(callback: (settled: T) => void, settle: (settled: T) => T) =>
    (settled: T) => {
      try {
        callback(settle(settled));
      } catch {
        fail();
      }
    };
  return {
    // biome-ignore lint/suspicious/noThenProperty: graphql-jit asks whether it is there.
    then(take: (result: unknown) => void, refuse: (error: unknown) => void) {
      void value.then(
        attempt(take, (result) => guard(result, fail)),
        attempt(refuse, (error) => error),
      );
    },
  };
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
