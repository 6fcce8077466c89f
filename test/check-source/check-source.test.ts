// `npm run check:source`: the smallest source passes, and each of ten broken ones is told its
// fault.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { SOURCE_ADAPTERS } from '../../src/calendar/sources/kinds.ts';
import { systemClock as clock } from '../../src/clock.ts';
import { SourceError } from '../../src/errors.ts';
import { createTransport, type Transport } from '../../src/http/client/transport.ts';
import { startMinimalSource } from '../examples/minimal-source/source.ts';
import { freePort } from '../harness/free-port.ts';
import { SECRET } from '../harness/test-keys.ts';
import { checkSource, type Subject } from './check-source.ts';
import { reportOf } from './report.ts';

const { ASSIGNMENT } = SOURCE_ADAPTERS;

type Entity = Record<string, unknown> & { items?: Record<string, unknown>[] };
type Fault = (entities: (Entity | null)[], body: string) => (Entity | null)[];

let source: Awaited<ReturnType<typeof startMinimalSource>>;
let transport: Transport;
beforeAll(async () => {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const deadlines = [1, 2, 3].map((n) => ({
    user: '수진|a@b',
    ern: `ern:lms:course/own/assignment/${n}`,
    title: `Essay ${n}`,
    startsAt: at(24 * n),
    endsAt: at(24 * n + (n === 3 ? 0 : 2)),
  }));
  source = await startMinimalSource({ deadlines, secret: SECRET, port: await freePort() });
  transport = createTransport({ url: source.url, clock });
});
afterAll(async () => {
  await transport.close();
  await source.close();
});

const post: Subject['post'] = async (body, claims) => {
  const sign = createInternalSigner({ secret: SECRET, service: claims?.issuer ?? 'calendar', clock });
  const headers: Record<string, string> = claims === null ? {} : { authorization: `Bearer ${await sign(claims)}` };
  return (await transport.post({ body, headers, deadlineMs: 10_000 })).body;
};
const SUBJECT = { adapter: ASSIGNMENT, user: '수진|a@b', clock, timeoutMs: 10_000, batch: 500 };

/** The smallest source with its `_entities` answers made wrong. */
const broken =
  (fault: Fault): Subject['post'] =>
  async (body, claims) => {
    const answer = JSON.parse(await post(body, claims)) as { data?: { _entities?: (Entity | null)[] } };
    if (answer.data?._entities === undefined) return JSON.stringify(answer);
    return JSON.stringify({ data: { _entities: fault(answer.data._entities, body) } });
  };
const eachItem = (change: (item: Record<string, unknown>) => Record<string, unknown>) =>
  broken((entities) =>
    entities.map((entity) => (entity?.items ? { ...entity, items: entity.items.map(change) } : entity)),
  );
const textOf = async (post: Subject['post'], more: Partial<Subject> = {}) =>
  reportOf(await checkSource({ ...SUBJECT, post, ...more }));

test('the smallest source keeps the contract', async () => {
  const { text, passed } = await textOf(post);
  expect(text).toContain('The service keeps the source contract.');
  expect(passed).toBe(true);
  expect(text).toContain('3 items');
});

const shift = (text: unknown, ms: number) => new Date(Date.parse(String(text)) + ms).toISOString();

describe('a broken source is told its fault:', () => {
  const cases: [string, Subject['post'], RegExp][] = [
    [
      'it answers without a token',
      (body, claims) => post(body, claims ?? { audience: 'assignment' }),
      /call without a token: expected 401 or 403, given an answer/,
    ],
    [
      'it refuses the gateway',
      (body, claims) =>
        claims?.issuer === 'gateway' ? Promise.reject(new SourceError('FORBIDDEN', 'status 403')) : post(body, claims),
      /iss=gateway, aud=assignment: expected an answer, given FORBIDDEN/,
    ],
    [
      'it names the audience of another user',
      broken((all) => all.map((one) => (one?.id ? { ...one, assignmentAudiences: ['ern:lms:user/other'] } : one))),
      /User.assignmentAudiences of 수진\|a@b: BAD_RESPONSE: malformed assignmentAudiences/,
    ],
    [
      'it answers null for a user it does not know',
      broken((all) => all.map((one) => (String(one?.id).startsWith('nobody') ? null : one))),
      /of an unknown user: expected \[\], given BAD_RESPONSE: no answer/,
    ],
    [
      'its instants have no offset',
      eachItem((item) => ({ ...item, startsAt: String(item.startsAt).replace('Z', '') })),
      /assignment\/1 would be left out: malformed startsAt/,
    ],
    [
      'an item ends before it starts',
      eachItem((item) => ({ ...item, endsAt: shift(item.startsAt, -1) })),
      /would be left out: ends before it starts/,
    ],
    [
      'colours are words',
      eachItem((item) => ({ ...item, course: { ern: 'ern:lms:course/own', title: 'x', color: 'blue' } })),
      /course.color: expected #rrggbb, given blue/,
    ],
    [
      'an item is listed twice',
      broken((all) => all.map((one) => (one?.items ? { ...one, items: [...one.items, ...one.items] } : one))),
      /is listed twice in one slice/,
    ],
    [
      'keys are answered short',
      broken((all) => (all.length > 100 ? all.slice(0, 100) : all)),
      /a full batch[\s\S]*400 of 500 keys have no answer with the same key/,
    ],
    [
      'an item by name differs from its slice',
      broken((all) => all.map((one) => (one?.__typename === 'AssignmentItem' ? { ...one, title: 'other' } : one))),
      /expected what its slice says, given another title/,
    ],
    [
      'an own item that overrides nothing has no end',
      eachItem((item) => ({ ...item, endsAt: null })),
      /overrides no shared item: expected title, course, startsAt and endsAt/,
    ],
  ];
  test.each(cases)('%s', async (_, wrong, expected) => {
    const { text, passed } = await textOf(wrong);
    expect(text).toMatch(expected);
    expect(passed).toBe(false);
  });

  test('its slices are closed at the end', async () => {
    // Asked for [from, to), it answers [from − 1, to + 1).
    const closed: Subject['post'] = (body, claims) =>
      body.includes('AssignmentSlice') && body.includes('"from"') ? widened(body, claims) : post(body, claims);
    const { text } = await textOf(closed);
    expect(text).toMatch(/in a slice that ends when it starts: expected not listed, given the opposite/);
  });

  test('who teaches is no list of names, for the service of lectures', async () => {
    const lectures: Subject['post'] = async (body, claims) => {
      const audience = claims?.audience === 'lecture' ? 'assignment' : (claims?.audience ?? '');
      const [asked, named] = [toAssignments(body), claims && { ...claims, audience }];
      const answer = JSON.parse(await post(asked.replace(' teaches observes', ''), named)) as Answer;
      for (const one of answer.data?._entities ?? []) if (one?.id) Object.assign(one, { teaches: [7], observes: null });
      return toLectures(JSON.stringify(answer));
    };
    const { text } = await textOf(lectures, { adapter: SOURCE_ADAPTERS.LECTURE });
    expect(text).toMatch(/User.teaches and User.observes of 수진\|a@b: BAD_RESPONSE: malformed teaches or observes/);
    const { passed } = await textOf(
      async (body, claims) => {
        if (body.includes(' teaches observes')) throw new SourceError('BAD_RESPONSE', 'status 400');
        return lectures(body, claims);
      },
      { adapter: SOURCE_ADAPTERS.LECTURE },
    );
    expect(passed).toBe(true);
  });

  test('it is too slow', async () => {
    const { text } = await textOf(post, { timeoutMs: -1 });
    expect(text).toMatch(/a full batch[\s\S]*expected at most -1 ms/);
  });
});

interface Answer {
  readonly data?: { readonly _entities?: readonly (Entity | null)[] };
}

/** The smallest source as one of lectures. */
const toAssignments = (text: string) =>
  text
    .replaceAll('lectureAudiences', 'assignmentAudiences')
    .replaceAll('lectureTaught', 'assignmentTaught')
    .replaceAll('LectureSlice', 'AssignmentSlice')
    .replaceAll('LectureItem', 'AssignmentItem');
const toLectures = (text: string) =>
  text
    .replaceAll('assignmentAudiences', 'lectureAudiences')
    .replaceAll('assignmentTaught', 'lectureTaught')
    .replaceAll('AssignmentSlice', 'LectureSlice')
    .replaceAll('AssignmentItem', 'LectureItem');

async function widened(body: string, claims: Parameters<Subject['post']>[1]): Promise<string> {
  const request = JSON.parse(body) as { variables: { representations: Record<string, string>[] } };
  const asked = request.variables.representations;
  const wide = asked.map((key) => ({ ...key, from: shift(key.from, -1), to: shift(key.to, 1) }));
  const answer = JSON.parse(await post(JSON.stringify({ ...request, variables: { representations: wide } }), claims));
  const entities = (answer.data._entities as Entity[]).map((one, n) => ({
    ...one,
    from: asked[n]?.from,
    to: asked[n]?.to,
  }));
  return JSON.stringify({ data: { _entities: entities } });
}
