// Makes valid JSON wrong in random places, and values that programs often take badly.
import fc from 'fast-check';

const ODD: readonly unknown[] = [
  null,
  true,
  '',
  0,
  -1,
  1e308,
  2 ** 53,
  [],
  {},
  [[[[[]]]]],
  '\u0000',
  '\ud800',
  '\u202e',
  '__proto__',
  'constructor',
  'x'.repeat(5_000),
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:60+14:00',
  '2026-03-10T00:00:00',
  'ern:lms:course/',
  'ern:lms:user/%zz',
  'ern:lms:course/2',
];

/** Any value of JSON: an odd one, or a random one. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 3 }));

/** One change somewhere in a value. */
interface Edit {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'repeat' | 'rename';
  readonly value: unknown;
}

/** Some changes. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'replace', 'remove', 'repeat', 'rename'),
    value: oddValue,
  }),
  { minLength: 1, maxLength: 4 },
);

type Node = Record<string, unknown> | unknown[];

/** The value with the edits, each at one of its places. */
export function edited(value: unknown, changes: readonly Edit[]): unknown {
  const root: Node = [structuredClone(value)];
  for (const { at, how, value: by } of changes) {
    const places = placesIn(root);
    const [node, key] = places[at % places.length] as [Node, string];
    if (how === 'replace') set(node, key, structuredClone(by));
    else if (Array.isArray(node)) {
      if (how === 'remove' && node !== root) node.splice(Number(key), 1);
      else if (node !== root) node.push(structuredClone(node[Number(key)]));
    } else {
      if (how === 'rename') set(node, `${key}x`, node[key]);
      Reflect.deleteProperty(node, key);
    }
  }
  return root[0];
}

/** As JSON.parse sets it: `__proto__`, too, is a name like others. */
function set(node: Node, key: string, value: unknown): void {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesIn(node: Node, found: [Node, string][] = []): [Node, string][] {
  for (const [key, value] of Object.entries(node)) {
    found.push([node, key]);
    if (typeof value === 'object' && value !== null) placesIn(value as Node, found);
  }
  return found;
}

/** A text with characters changed, cut or added. */
export const editedText = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3, unit: 'binary' })), { maxLength: 4 }),
      fc.nat({ max: 2 * text.length }),
    )
    .map(([changes, length]) => {
      let result = text;
      for (const [at, by] of changes) {
        const place = at % (result.length + 1);
        result = result.slice(0, place) + by + result.slice(place + by.length);
      }
      return result.slice(0, Math.max(1, length));
    });
