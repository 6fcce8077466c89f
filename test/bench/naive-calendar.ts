// The benchmark's contender as in tutorials: a subgraph whose resolver fetches everything for one
// user, item by item, with Node's `fetch`, without a cache, between stock Apollo servers.
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { parse } from 'graphql';
import { readSchema } from '../../src/schema.ts';

/** A service, and a token it takes. */
export interface NaiveSource {
  readonly kind: 'LECTURE' | 'ATTENDANCE' | 'ASSIGNMENT';
  readonly url: string;
  readonly token: () => Promise<string>;
}

interface Item {
  readonly ern: string;
  readonly hidden: boolean;
  readonly startsAt: string | null;
}

const AT = { listen: { port: 0, host: '127.0.0.1' } };
const FIELDS = 'ern title startsAt endsAt hidden course { ern title color }';
const TYPES = { LECTURE: 'Lecture', ATTENDANCE: 'Attendance', ASSIGNMENT: 'Assignment' };

/**
 * Starts both; gives the gateway's address. `isCached`: what was read once is never read again,
 * however it changes.
 */
export async function startNaive(sources: readonly NaiveSource[], isCached = false): Promise<string> {
  const calendar = new ApolloServer({
    schema: buildSubgraphSchema({
      typeDefs: parse(readSchema('calendar')),
      resolvers: resolversOver(sources, isCached) as GraphQLResolverMap<unknown>,
    }),
  });
  const { url } = await startStandaloneServer(calendar, AT);
  const supergraphSdl = readSchema('supergraph').replace(/(name: "calendar", url: )"[^"]*"/, `$1"${url}"`);
  const gateway = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }) });
  return (await startStandaloneServer(gateway, AT)).url;
}

function resolversOver(sources: readonly NaiveSource[], isCached: boolean): object {
  const read = new Map<string, Promise<unknown[]>>();
  return {
    Query: { user: (_: unknown, { id }: { id: string }) => ({ id }) },
    User: {
      calendar: async ({ id }: { id: string }, { from, to }: { from: string; to: string }) => {
        const key = `${id} ${from} ${to}`;
        const all = async () =>
          (await Promise.all(sources.map((source) => eventsOf(source, id, from, to)))).flat().toSorted(byStart);
        const events = (isCached ? read.get(key) : undefined) ?? all();
        if (isCached) read.set(key, events);
        return { completeness: 'COMPLETE', events: await events };
      },
    },
    ScheduleEvent: { __resolveType: ({ kind }: { kind: keyof typeof TYPES }) => `${TYPES[kind]}Event` },
  };
}

/** One fetch for the user, then one for each of their courses. */
async function eventsOf(source: NaiveSource, id: string, from: string, to: string) {
  const audiences = `${source.kind.toLowerCase()}Audiences`;
  const user = await entity(source, `... on User { ${audiences} }`, { __typename: 'User', id });
  const slices = await Promise.all(
    (user[audiences] as string[]).map((audience) => {
      const __typename = `${TYPES[source.kind]}Slice`;
      return entity(source, `... on ${__typename} { items { ${FIELDS} } }`, { __typename, audience, from, to });
    }),
  );
  const items = slices.flatMap((slice) => slice.items as Item[]);
  const hidden = new Set(items.filter((item) => item.hidden).map((item) => item.ern));
  return items
    .filter((item) => item.startsAt !== null && !hidden.has(item.ern))
    .map((item) => ({ ...item, kind: source.kind }) as Item & { startsAt: string });
}

async function entity({ url, token }: NaiveSource, selection: string, representation: object) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
    body: JSON.stringify({
      query: `query ($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`,
      variables: { r: [representation] },
    }),
  });
  const { data } = (await answer.json()) as { data: { _entities: [Record<string, unknown>] } };
  return data._entities[0];
}

function byStart(one: { startsAt: string }, other: { startsAt: string }): number {
  return one.startsAt < other.startsAt ? -1 : 1;
}
