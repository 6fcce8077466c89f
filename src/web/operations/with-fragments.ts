// Adds the fragments that a document uses, directly or through other fragments, each once. Works on
// plain text, so that the page needs no parser.

/**
 * The document followed by the fragments that it uses. `library`: a text that contains only
 * fragments.
 */
export function withFragments(document: string, library: string): string {
  const fragments = new Map<string, string>();
  for (const text of library.split(/^(?=fragment )/m)) {
    const name = /^fragment (\w+)/.exec(text)?.[1];
    // The comment above the next fragment ends this one.
    if (name !== undefined) fragments.set(name, text.slice(0, text.lastIndexOf('}') + 1));
  }
  const used = new Set<string>();
  const use = (text: string) => {
    for (const [, name = ''] of text.matchAll(/\.\.\.(?!\s*on\b)\s*(\w+)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      use(fragments.get(name) ?? '');
    }
  };
  use(document);
  return [document.trim(), ...[...used].map((name) => fragments.get(name))].join('\n\n');
}
