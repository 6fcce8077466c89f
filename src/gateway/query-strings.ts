// Parses query strings, an equal one once: parsing that of a persisted document is a twentieth of
// what a hot answer costs. Requests share the result, so it is frozen; what follows from a query
// can be remembered by it.
import { parse } from 'node:querystring';
import { BoundedMap } from '../bounded-map.ts';

/** How many query strings are remembered, and the maximum length of one. */
const REMEMBERED = 500;
const MAX_REMEMBERED_LENGTH = 8_192;

/** A parser for fastify. */
export function queryStringParser(): (text: string) => Readonly<Record<string, unknown>> {
  const remembered = new BoundedMap<string, Readonly<Record<string, unknown>>>(REMEMBERED);
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const query = Object.freeze(parse(text));
    if (text.length <= MAX_REMEMBERED_LENGTH) remembered.set(text, query);
    return query;
  };
}
