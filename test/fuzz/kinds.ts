// Every kind of input that comes from outside: how it is made, and what is done with it.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { tellChanges } from '../../src/calendar/freshness/feed.ts';
import { createPollFeed } from '../../src/calendar/freshness/poll.ts';
import { EVENT_KINDS } from '../../src/calendar/model/event.ts';
import { parseCursor } from '../../src/calendar/read/agenda.ts';
import { unpackToken } from '../../src/calendar/shape/sync-token.ts';
import { parseResults, type SourceQuery } from '../../src/calendar/sources/entities.ts';
import { SOURCE_ADAPTERS } from '../../src/calendar/sources/kinds.ts';
import { SourceError } from '../../src/errors.ts';
import { documentFrom } from '../gateway/graph/random-document.ts';
import { manualClock } from '../harness/clock.ts';
import { edited, editedText, edits, oddValue } from './mutate.ts';
import type { World } from './world.ts';

const { LECTURE } = SOURCE_ADAPTERS;

/** A kind of input. */
export interface Kind {
  readonly name: string;
  /** Its share of all inputs; those that need no server are cheap, so there are more of them. */
  readonly weight: number;
  readonly property: (world: World) => fc.IAsyncProperty<[unknown]>;
}

function kind<T>(
  name: string,
  weight: number,
  input: (world: World) => fc.Arbitrary<T>,
  run: (world: World, given: T) => unknown,
): Kind {
  return {
    name,
    weight,
    property: (world) =>
      fc.asyncProperty(input(world), async (given) => {
        await run(world, given);
        world.assertQuiet();
      }) as fc.IAsyncProperty<[unknown]>,
  };
}

const schema = buildSchema(readFileSync(new URL('../schema/baseline.graphql', import.meta.url), 'utf8'));

const documents = kind(
  'GraphQL documents',
  3,
  () => fc.infiniteStream(fc.nat({ max: 1_000 })),
  (world, choices) => world.post(JSON.stringify({ query: documentFrom(schema, choices) })),
);

const texts = kind(
  'GraphQL texts',
  2,
  () => editedText('query A($x: Int = 1) @skip(if: false) { a: viewer { ...F } } fragment F on User { id __typename }'),
  (world, query) => world.post(JSON.stringify({ query })),
);

const OPERATION = `query Q($from: DateTime!, $to: DateTime!, $zone: TimeZone, $filter: EventFilter, $age: Int, $wait: Int,
  $first: Int, $after: String, $user: ID!, $id: ID!, $course: ERN) {
  viewer {
    calendar(from: $from, to: $to, timeZone: $zone, filter: $filter, maxAge: $age, timeout: $wait) {
      from to now events { id title } days { date segments(first: $first) { startsAt } } summary { total }
      conflicts { kind } completeness version
    }
    upcoming(first: $first, after: $after, filter: $filter, timeZone: $zone) { edges { cursor } completeness }
    overdue(first: $first, after: $after) { nodes { id } }
    freeBusy(from: $from, to: $to) { busy { startsAt } }
    calendarSubscription(course: $course) { url }
  }
  user(id: $user) { id }
  scheduleEvent(id: $id) { id }
}`;
const VALID = {
  from: '2026-03-01T00:00:00+09:00',
  to: '2026-04-01T00:00:00+09:00',
  zone: 'Asia/Seoul',
  filter: { kinds: ['LECTURE'], courses: ['ern:lms:course/1'], completion: ['PENDING'], search: 'a' },
  age: 10,
  wait: 100,
  first: 5,
  after: null,
  user: 'student-1',
  id: 'student-1|ern:lms:course/1/lecture/1',
  course: null,
};
const variables = kind(
  'variables',
  3,
  () => edits,
  (world, changes) => world.post(JSON.stringify({ query: OPERATION, variables: edited(VALID, changes) })),
);

const bodies = kind(
  'bodies',
  2,
  () =>
    fc.oneof(
      edits.map((changes) => edited({ query: '{ viewer { id } }', variables: {} }, changes)),
      oddValue,
    ),
  (world, body) => world.post(JSON.stringify(body) ?? ''),
);

const NAMES = [
  'Authorization',
  'Content-Type',
  'Accept',
  'Accept-Encoding',
  'Content-Encoding',
  'Content-Length',
  'Transfer-Encoding',
  'Expect',
  'Upgrade',
  'Host',
  'If-None-Match',
  'Origin',
  'Access-Control-Request-Method',
  'X-Request-Id',
  'X-Forwarded-For',
  'Forwarded',
  'X-Deadline-Ms',
  'Apollo-Federation-Include-Trace',
  'Last-Event-Id',
  'Cookie',
];
const headerValue = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constantFrom(
    'application/json',
    'chunked',
    '100-continue',
    '*/*',
    'gzip',
    'identity;q=0',
    '1e9',
    '-1',
    'h2c',
    '"a',
  ),
);
const headers = kind(
  'headers',
  2,
  () =>
    fc.tuple(
      fc.constantFrom(
        'POST /graphql',
        'GET /graphql?documentId=a',
        'GET /readyz',
        'OPTIONS /graphql',
        'HEAD /',
        'PUT /x',
      ),
      fc.array(fc.tuple(fc.constantFrom(...NAMES), headerValue), { maxLength: 5 }),
      fc.boolean(),
    ),
  (world, [line, given, isSignedIn]) => {
    const body = '{"query":"{ viewer { id } }"}';
    const valid = ['Host: localhost', 'Connection: close', 'Content-Type: application/json'];
    if (isSignedIn) valid.push(`Authorization: Bearer ${world.token}`);
    const lines = [...valid, `Content-Length: ${body.length}`, ...given.map(([name, value]) => `${name}: ${value}`)];
    return world.send([`${line} HTTP/1.1`, ...lines].join('\r\n'), body);
  },
);

const paths = kind(
  '.ics paths',
  2,
  ({ subscription }) =>
    fc.tuple(
      fc.constantFrom('GET', 'HEAD'),
      fc.oneof(
        editedText(subscription),
        fc.string({ maxLength: 60 }).map((text) => `/calendar/${text}`),
      ),
      fc.array(fc.tuple(fc.constantFrom('kinds', 'course', 'todos', 'language', 'alarm', 'x'), fc.string()), {
        maxLength: 3,
      }),
    ),
  async (world, [method, path, parameters]) => {
    const query = parameters.map(([name, value]) => `${name}=${value}`).join('&');
    const text = await world.send(`${method} ${path}?${query} HTTP/1.1\r\nHost: localhost\r\nConnection: close`);
    const isWhole = path.split('?')[0] === world.subscription;
    if (!isWhole && text.includes('BEGIN:VCALENDAR')) throw new Error('another address has a calendar');
  },
);

const syncTokens = kind(
  'sync tokens',
  4,
  ({ syncToken }) =>
    fc.oneof(
      editedText(syncToken),
      fc.string(),
      edits.map((changes) => fullToken(changes)),
    ),
  async (world, since) => {
    const state = unpackToken(since, Date.now());
    // Those that can be read are rare, so that each goes through the graph.
    if (state === null && since.length % 8 > 0) return;
    const query =
      'query ($since: String!) { viewer { calendarChanges(since: $since) { isFullSync removed completeness } } }';
    const text = await world.post(JSON.stringify({ query, variables: { since } }));
    if (text.includes('"errors"')) throw new Error(`a token is never an error: ${text}`);
  },
);
const fullToken = (changes: Parameters<typeof edited>[1]) => {
  const args = { from: VALID.from, to: VALID.to, timeZone: null, filter: VALID.filter };
  return `full.${Buffer.from(JSON.stringify(edited(['student-1', args], changes)) ?? '').toString('base64url')}`;
};

const cursors = kind(
  'cursors',
  3,
  () =>
    fc.oneof(
      fc.string({ unit: 'binary' }),
      editedText('UPCOMING 1772000000000 student-1|ern:lms:course/1/lecture/1').map((text) =>
        Buffer.from(text).toString('base64url'),
      ),
    ),
  async (world, after) => {
    if (parseCursor('UPCOMING', after) === null && after.length % 8 > 0) return;
    const query = 'query ($after: String) { viewer { upcoming(after: $after) { nodes { id } } } }';
    await world.post(JSON.stringify({ query, variables: { after } }));
  },
);

const CHANGE = { ern: 'ern:lms:course/1/lecture/1', audience: 'ern:lms:course/1', from: VALID.from, to: VALID.to };
const changes = kind(
  'changes of a feed',
  12,
  () => fc.tuple(fc.constantFrom(...EVENT_KINDS, null), fc.array(edits, { maxLength: 3 })),
  async (world, [of, all]) => {
    const given = all.map((one) => ({ kind: of, raw: edited(CHANGE, one) }));
    await world.feed.say(...tellChanges(EVENT_KINDS, given));
  },
);

const pages = kind(
  'answers of a polled source',
  6,
  () =>
    fc.array(
      fc.oneof(
        edits.map((one) => JSON.stringify(edited(POLLED, one))),
        fc.string(),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  async (_, answers) => {
    const clock = manualClock();
    let calls = 0;
    const post = async () => answers[calls++ % answers.length] ?? '';
    const feed = createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, clock, random: () => 0 });
    const over = new AbortController();
    const reading = (async () => {
      for await (const message of feed.changes(over.signal)) void message;
    })();
    await clock.advance(3_000);
    over.abort();
    await reading;
    if (calls > 40) throw new Error(`${calls} calls in three seconds`);
  },
);
const POLLED = { data: { page: { cursor: '7', changes: [CHANGE] } } };

const MONTH = { name: '2026-03', from: Date.parse(VALID.from), to: Date.parse(VALID.to) };
const SLICES: readonly SourceQuery[] = [
  { ask: 'slice', audience: 'ern:lms:course/1', month: MONTH },
  { ask: 'slice', audience: 'ern:lms:user/student-1', month: MONTH },
  { ask: 'audiences', userId: 'student-1' },
];
const ITEM = {
  ...CHANGE,
  title: 'Lecture',
  course: { ern: 'ern:lms:course/1', title: 'Course', color: '#336699' },
  startsAt: '2026-03-10T00:00:00Z',
  endsAt: '2026-03-10T01:00:00Z',
  updatedAt: '2026-03-01T00:00:00Z',
  hidden: false,
};
const SPAN = { from: VALID.from, to: VALID.to, revision: '1' };
const ANSWER = {
  data: {
    _entities: [
      { __typename: 'LectureSlice', audience: 'ern:lms:course/1', ...SPAN, items: [ITEM, ITEM] },
      { __typename: 'LectureSlice', audience: 'ern:lms:user/student-1', ...SPAN, items: [] },
      { __typename: 'User', id: 'student-1', lectureAudiences: ['ern:lms:course/1'], lectureTaught: [] },
    ],
  },
};
const answers = kind(
  'answers of a source',
  20,
  () =>
    fc.oneof(
      edits.map((one) => JSON.stringify(edited(ANSWER, one)) ?? ''),
      editedText(JSON.stringify(ANSWER)),
    ),
  (_, body) => {
    try {
      const [shared] = parseResults(LECTURE, SLICES, body);
      if (shared === undefined || shared === null || shared instanceof Error || !('items' in shared)) return;
      const foreign = shared.items.find(({ audience }) => audience !== 'ern:lms:course/1');
      if (foreign !== undefined) throw new Error(`an item of ${foreign.audience}`);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  },
);

const served = kind(
  'answers of a source, served',
  1,
  () => fc.tuple(fc.constantFrom('lecture' as const, 'attendance' as const, 'assignment' as const), edits),
  async (world, [source, changes]) => {
    await world.graph.sources[source].fault({ answer: (answer) => edited(answer, changes) });
    try {
      const page = JSON.stringify({ query: OPERATION, variables: { ...VALID, filter: null, age: 0, wait: null } });
      const text = await world.post(page);
      // A title is the source's own text: it may name anything.
      const named = JSON.stringify(JSON.parse(text, (name, value) => (name === 'title' ? undefined : value)));
      if (/course\/2|student-2/.test(named)) throw new Error(`somebody else's: ${text}`);
    } finally {
      await world.graph.sources[source].heal();
    }
  },
);

/** All of them. */
export const KINDS: readonly Kind[] = [
  documents,
  texts,
  variables,
  bodies,
  headers,
  paths,
  syncTokens,
  cursors,
  changes,
  pages,
  answers,
  served,
];
