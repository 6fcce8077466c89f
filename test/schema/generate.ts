// Generates from the SDL: the composed supergraph and each subgraph's resolver types. Does not
// write.
import { existsSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { codegen } from '@graphql-codegen/core';
import * as documents from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { composeServices as composePublic } from '@theguild/federation-composition';
import { buildSchema, type DocumentNode, isAbstractType, lexicographicSortSchema, parse, printSchema } from 'graphql';
import { EVENT_KINDS, KINDS, serviceOf } from '../../src/event-kinds.ts';
import { idOf } from '../../src/gateway/graph/persisted-documents.ts';
import { readSchema, type SubgraphName } from '../../src/schema.ts';
import { OPERATION_FILES, OPERATIONS, operation } from '../harness/operations.ts';

/** Where each subgraph is by default; the gateway's configuration overrides these. */
export const DEFAULT_URLS = Object.fromEntries([
  ['calendar', 'http://localhost:4100/graphql'],
  ...EVENT_KINDS.map((kind) => [serviceOf(kind), `http://localhost:${KINDS[kind].port}/graphql`]),
]) as Readonly<Record<SubgraphName, string>>;

/** Every subgraph, in the order of the default ports. */
export const SUBGRAPHS = Object.keys(DEFAULT_URLS) as readonly SubgraphName[];

/** One subgraph as a composer takes it. */
export interface SubgraphDefinition {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** The subgraphs of this project. */
export function services(): SubgraphDefinition[] {
  return SUBGRAPHS.map((name) => ({ name, url: DEFAULT_URLS[name], typeDefs: parse(readSchema(name)) }));
}

/** The supergraph SDL and what the composer remarked. Throws the composer's errors, all of them. */
export function compose(subgraphs: readonly SubgraphDefinition[] = services()): {
  supergraph: string;
  hints: string[];
} {
  const result = composeServices([...subgraphs]);
  if (result.errors !== undefined) throw new AggregateError(result.errors, result.errors.join('\n'));
  return { supergraph: `${result.supergraphSdl.trimEnd()}\n`, hints: result.hints.map(String) };
}

/** All are texts. */
const SCALARS = Object.fromEntries(
  ['DateTime', 'Date', 'TimeZone', 'ERN', 'URL', 'ID'].map((name) => [name, 'string']),
);

/**
 * The TypeScript of one subgraph's types and resolvers. Scalars are strings, enums string literals.
 */
export async function resolverTypes(name: SubgraphName): Promise<string> {
  const head = `// Made by \`npm run schema\` from schema/${name}.graphql. Not to be edited.\n`;
  const text = await codegen({
    filename: 'schema-types.generated.ts',
    documents: [],
    schema: parse(readSchema(name)),
    config: {
      federation: true,
      useTypeImports: true,
      enumsAsTypes: true,
      strictScalars: true,
      // The calendar knows of a user only who it is.
      ...(name === 'calendar' ? { mappers: { User: '{ readonly id: string }' } } : {}),
      scalars: { ...SCALARS, _FieldSet: 'string' },
    },
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
  });
  return head + text;
}

/**
 * What clients need: the public schema with its descriptions, and which types are behind each
 * interface and union (`possibleTypes` of Apollo Client). By file name.
 */
export function forClients(subgraphs: readonly SubgraphDefinition[]): Map<string, string> {
  const { errors, publicSdl } = composePublic([...subgraphs]);
  if (publicSdl === undefined) throw new AggregateError(errors ?? [], 'the SDL files do not compose');
  const schema = lexicographicSortSchema(buildSchema(publicSdl));
  const possibleTypes = Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(isAbstractType)
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  );
  return new Map([
    ['public.graphql', `${printSchema(schema)}\n`],
    ['possibleTypes.json', `${JSON.stringify(possibleTypes, null, 2)}\n`],
  ]);
}

/**
 * My Page's operations as typed documents (`TypedDocumentNode`), with the types of their variables
 * and answers, for clients in TypeScript.
 */
export async function typedDocuments(publicSdl: string): Promise<string> {
  const text = await codegen({
    filename: 'typed-documents.generated.ts',
    schema: parse(publicSdl),
    documents: OPERATION_FILES.map(({ name, text: source }) => ({ location: name, document: parse(source) })),
    config: { useTypeImports: true, enumsAsTypes: true, strictScalars: true, scalars: SCALARS },
    plugins: [{ operations: {} }, { documents: {} }],
    pluginMap: { operations, documents },
  });
  return `// Made by \`npm run schema\` from src/web/operations. Not to be edited.\n${text}`;
}

/** Every generated file: path from the project's root → text. */
export async function generated(): Promise<Map<string, string>> {
  const files = new Map([['schema/supergraph.graphql', compose().supergraph]]);
  const clients = forClients(services());
  for (const [name, text] of clients) files.set(`schema/${name}`, text);
  files.set('schema/typed-documents.generated.ts', await typedDocuments(clients.get('public.graphql') ?? ''));
  for (const name of SUBGRAPHS) {
    const folder = name === 'calendar' ? 'src/calendar/graphql' : `src/services/${name}`;
    // A service of others has no folder here.
    if (!existsSync(new URL(`../../${folder}`, import.meta.url))) continue;
    files.set(`${folder}/schema-types.generated.ts`, await resolverTypes(name));
  }
  files.set('schema/persisted-documents.json', `${JSON.stringify(persistedDocuments(), null, 2)}\n`);
  return files;
}

/** My Page's operations as it sends them, by the id a client may send instead. */
function persistedDocuments(): Record<string, string> {
  return Object.fromEntries(OPERATIONS.map(operation).map((text) => [idOf(text), text]));
}
