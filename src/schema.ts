// Reads the files of schema/: the SDL and My Page's operations, from their place beside the program
// (never from the current directory).
import { readFileSync } from 'node:fs';

/** The subgraphs this project has; each has `schema/<name>.graphql`. */
export type SubgraphName = 'calendar' | 'lecture' | 'attendance' | 'assignment';

/** The SDL text of one subgraph, or the composed supergraph. Throws when the file is not there. */
export function readSchema(name: SubgraphName | 'supergraph'): string {
  return readFileSync(new URL(`../schema/${name}.graphql`, import.meta.url), 'utf8');
}

/** My Page's operations by id, as JSON; they are always on the allow-list. */
export function readPersistedDocuments(): string {
  return readFileSync(new URL('../schema/persisted-documents.json', import.meta.url), 'utf8');
}
