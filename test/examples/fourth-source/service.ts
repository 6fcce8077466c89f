// A service of exams of one course, which every user attends: what a team of its own would run.
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { jwtVerify } from 'jose';

/** An exam or a period of exams; instants as RFC 3339 texts. */
export interface Exam {
  readonly id: string;
  readonly title: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly wholeDays: boolean;
  readonly room: string | null;
}

interface Key {
  readonly ern: string;
  readonly audience: string;
}

const course = { ern: 'ern:lms:course/exams', title: '학사', color: '#8844aa' };
const typeDefs = parse(readFileSync(new URL('exam.graphql', import.meta.url), 'utf8'));

/** Starts it; `secret` is the INTERNAL_SECRET of the calendar. */
export async function startExamService(options: {
  exams: readonly Exam[];
  secret: Uint8Array;
  port: number;
}): Promise<{ url: string; close: () => Promise<void> }> {
  const items = options.exams.map(({ id, ...exam }) => {
    return { ...exam, ern: `${course.ern}/exam/${id}`, audience: course.ern, course };
  });
  const find = ({ ern }: Pick<Key, 'ern'>) => items.find((item) => item.ern === ern) ?? null;
  const resolvers = {
    Query: { exam: (_: unknown, key: { ern: string }) => find(key) },
    Exam: { __resolveReference: find, allowed: () => '계산기' },
    User: { __resolveReference: ({ id }: { id: string }) => ({ id, examAudiences: [course.ern] }) },
    ExamItem: { __resolveReference: (key: Key) => (key.audience === course.ern ? find(key) : null) },
    ExamSlice: {
      __resolveReference: (key: { audience: string; from: string; to: string }) => ({
        ...key,
        items: items.filter(
          ({ audience, startsAt, endsAt }) =>
            audience === key.audience &&
            Date.parse(startsAt) < Date.parse(key.to) &&
            Date.parse(endsAt) > Date.parse(key.from),
        ),
      }),
    },
  };
  const server = new ApolloServer({ schema: buildSubgraphSchema({ typeDefs, resolvers }) });
  const { url } = await startStandaloneServer(server, {
    listen: { port: options.port, host: 'localhost' },
    context: async ({ req }) => {
      const token = req.headers.authorization?.replace('Bearer ', '') ?? '';
      await jwtVerify(token, options.secret, { algorithms: ['HS256'], audience: 'exam' }).catch(refuse);
      return {};
    },
  });
  return { url, close: () => server.stop() };
}

function refuse(): never {
  throw new GraphQLError('This service takes internal tokens only.', { extensions: { http: { status: 401 } } });
}
