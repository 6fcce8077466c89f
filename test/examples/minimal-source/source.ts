// The smallest source: a service that knows the deadlines of each user and nothing else. Everything
// is in the user's own audience. Run it: npx tsx test/examples/minimal-source/main.ts
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { jwtVerify } from 'jose';

/** A deadline of one user; instants as RFC 3339 texts. */
export interface Deadline {
  readonly user: string;
  readonly ern: string;
  readonly title: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

const typeDefs = parse(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));
const course = { ern: 'ern:lms:course/own', title: 'My deadlines', color: '#557799' };
/** All bytes but letters, digits and `. _ ~ @ -` are percent-encoded. */
const encode = (id: string) =>
  [...new TextEncoder().encode(id)]
    .map((byte) => [byte, String.fromCharCode(byte)] as const)
    .map(([byte, char]) => (/[\w.~@-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`))
    .join('');
const audienceOf = (user: string) => `ern:lms:user/${encode(user)}`;

/** Starts it; `secret` is the INTERNAL_SECRET of the calendar, at least 32 bytes. */
export async function startMinimalSource(options: {
  deadlines: readonly Deadline[];
  secret: Uint8Array;
  port: number;
}): Promise<{ url: string; close: () => Promise<void> }> {
  const items = options.deadlines.map(({ user, ...rest }) => ({ ...rest, audience: audienceOf(user), course }));
  const resolvers = {
    User: {
      __resolveReference: ({ id }: { id: string }) => ({
        id,
        assignmentAudiences: options.deadlines.some(({ user }) => user === id) ? [audienceOf(id)] : [],
      }),
    },
    AssignmentSlice: {
      __resolveReference: (key: { audience: string; from: string; to: string }) => {
        const [from, to] = [Date.parse(key.from), Date.parse(key.to)];
        // Half-open: what ends at `from` or starts at `to` is not in it; what has no length is at
        // its start.
        const isIn = (start: number, end: number) => start < to && (end > from || start === from);
        return {
          ...key,
          items: items.filter(
            (one) => one.audience === key.audience && isIn(Date.parse(one.startsAt), Date.parse(one.endsAt)),
          ),
        };
      },
    },
    AssignmentItem: {
      __resolveReference: (key: { ern: string; audience: string }) =>
        items.find(({ ern, audience }) => ern === key.ern && audience === key.audience) ?? null,
    },
  };
  const server = new ApolloServer({ schema: buildSubgraphSchema({ typeDefs, resolvers }) });
  const { url } = await startStandaloneServer(server, {
    listen: { port: options.port, host: 'localhost' },
    context: async ({ req }) => {
      const token = req.headers.authorization?.replace('Bearer ', '') ?? '';
      await jwtVerify(token, options.secret, { algorithms: ['HS256'], audience: 'assignment' }).catch(refuse);
      return {};
    },
  });
  return { url, close: () => server.stop() };
}

function refuse(): never {
  throw new GraphQLError('This service takes internal tokens only.', { extensions: { http: { status: 401 } } });
}
