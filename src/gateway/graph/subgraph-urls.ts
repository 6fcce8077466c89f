// The subgraphs that a composed supergraph names, with their URLs.
import { Kind, parse, visit } from 'graphql';

/** URL by name, as `@join__graph` says. Empty for a text that is no supergraph. */
export function subgraphUrls(supergraph: string): Readonly<Record<string, string>> {
  const urls: Record<string, string> = {};
  visit(parsed(supergraph), {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'join__graph') return;
      const values = given.map(({ name, value }) => [name.value, value.kind === Kind.STRING ? value.value : '']);
      const { name: subgraph, url } = Object.fromEntries(values) as Readonly<Record<string, string>>;
      if (subgraph !== undefined && url !== undefined) urls[subgraph] = url;
    },
  });
  return urls;
}

function parsed(text: string) {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return { kind: Kind.DOCUMENT, definitions: [] } as const;
  }
}
