// `npm run schema -- --out FOLDER [--sdl name=FILE]… [--url name=URL]…`: composes your subgraphs in
// the place of ours, or in addition to them, into a folder of your choice.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { parseSourceUrl } from '../../src/http/client/source-url.ts';
import { compose, forClients, type SubgraphDefinition, services } from './generate.ts';

/** The arguments; each of `sdl` and `url` is `name=value`. */
export interface ComposeOptions {
  readonly out: string;
  readonly sdl?: readonly string[];
  readonly url?: readonly string[];
}

/**
 * Writes supergraph.graphql, public.graphql and possibleTypes.json, and returns what it did, in
 * lines. Throws an Error that says what was expected and given, and then has written nothing.
 */
export function composeInto({ out, sdl = [], url = [] }: ComposeOptions): readonly string[] {
  const [files, urls] = [pairs('--sdl', sdl), pairs('--url', url)];
  const ours = services();
  const names = [...new Set([...ours.map(({ name }) => name), ...files.keys(), ...urls.keys()])];
  const subgraphs = names.map((name) =>
    definitionOf(
      name,
      ours.find((one) => one.name === name),
      files.get(name),
      urls.get(name),
    ),
  );
  const { supergraph, hints } = compose(subgraphs);
  const texts = new Map([['supergraph.graphql', supergraph], ...forClients(subgraphs)]);
  mkdirSync(out, { recursive: true });
  for (const [name, text] of texts) writeFileSync(join(out, name), text);
  return [
    ...subgraphs.map(
      (one) => `subgraph ${one.name}: ${files.get(one.name) ?? `schema/${one.name}.graphql`}, at ${one.url}`,
    ),
    ...hints.map((hint) => `hint: ${hint}`),
    ...[...texts.keys()].map((name) => `wrote ${join(out, name)}`),
    `The gateway serves it with SUPERGRAPH=${join(out, 'supergraph.graphql')}.`,
  ];
}

function definitionOf(
  name: string,
  ours: SubgraphDefinition | undefined,
  file: string | undefined,
  url = ours?.url,
): SubgraphDefinition {
  if (url === undefined) throw new Error(`--url ${name}=…: expected, because ${name} is none of our subgraphs`);
  if (file === undefined && ours === undefined) {
    throw new Error(`--sdl ${name}=…: expected, because ${name} is none of our subgraphs`);
  }
  parseSourceUrl(`--url ${name}`, url);
  return { name, url, typeDefs: file === undefined && ours !== undefined ? ours.typeDefs : sdlIn(name, file ?? '') };
}

function sdlIn(name: string, file: string) {
  if (!existsSync(file)) throw new Error(`--sdl ${name}: expected a file of SDL, given ${file}`);
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--sdl ${name}: expected SDL in ${file}: ${error instanceof Error ? error.message : ''}`);
  }
}

function pairs(option: string, given: readonly string[]): Map<string, string> {
  return new Map(
    given.map((text) => {
      const [, name, value] = /^([a-z][a-z0-9_-]*)=(.+)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) throw new Error(`${option}: expected name=value, given ${text}`);
      return [name, value];
    }),
  );
}
