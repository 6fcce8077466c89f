// Reads the files of schema/: the SDL and My Page's operations, from their place beside the program
// (never from the current directory).
import { readFileSync } from 'node:fs';
import { EVENT_KINDS, type EventKind, eventTypeOf, KINDS } from './event-kinds.ts';

/** The subgraphs this project has; each has `schema/<name>.graphql`. */
export type SubgraphName = 'calendar' | Lowercase<EventKind>;

/** The SDL text of one subgraph, or the composed supergraph. Throws when the file is not there. */
export function readSchema(name: SubgraphName | 'supergraph'): string {
  const text = readFileSync(new URL(`../schema/${name}.graphql`, import.meta.url), 'utf8');
  return name === 'calendar' ? withKinds(text) : text;
}

/** My Page's operations by id, as JSON; they are always on the allow-list. */
export function readPersistedDocuments(): string {
  return readFileSync(new URL('../schema/persisted-documents.json', import.meta.url), 'utf8');
}

/** The calendar's SDL with the kinds of the registry that it does not name itself. */
function withKinds(sdl: string): string {
  const further = EVENT_KINDS.filter((kind) => !sdl.includes(`\ntype ${eventTypeOf(kind)} `));
  const [, common = ''] = /^interface ScheduleEvent [^{]*\{\n([^}]*)\}/m.exec(sdl) ?? [];
  return [sdl, ...further.map((kind) => kindSdl(kind, common, sdl))].join('\n');
}

/** What the calendar says of one kind: its name, its events, and the resource behind them. */
function kindSdl(kind: EventKind, common: string, sdl: string): string {
  const { resource, lateLimit, lecture } = KINDS[kind];
  const link =
    resource && `  "The resource. Null when its service does not answer."\n  ${resource.field}: ${resource.type}\n`;
  const isNew = resource !== null && !sdl.includes(`\ntype ${resource.type} `);
  return `extend enum EventKind {
  ${kind}
}

"An event of the kind ${kind} on a user's calendar."
type ${eventTypeOf(kind)} implements Node & ScheduleEvent {
${common}${lateLimit === null ? '' : `  ${lateLimit.field}: DateTime\n`}${lecture === null ? '' : `  ${lecture}: Lecture\n`}${link ?? ''}}
${isNew ? `\ntype ${resource.type} @key(fields: "ern", resolvable: false) {\n  ern: ERN!\n}\n` : ''}`;
}
