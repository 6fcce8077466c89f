// Promise: in random worlds, every answer about a user is what the table of rights in
// schema/README.md says, for every kind of viewer, known user and field. The oracle reads the table
// and the rows and shares no code with the product. A failure prints its seed.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Principal } from '../../src/auth/principal.ts';
import { type Client, createClient } from '../harness/client.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { MARCH } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';
import type { MockGraph } from '../harness/mock-graph.ts';
import { type Relation, verdictOf } from '../harness/rights-table.ts';
import { assignment, courseErn, type ItemRow, lecture, moved } from '../harness/rows.ts';

const student: Principal = { id: '', roles: ['student'], scopes: [] };
/** Every kind of user: what their tokens say; the rows are drawn. */
const TOKENS: Readonly<Record<string, Partial<Principal>>> = {
  'student-1': {},
  'student-2': {},
  'student-3': {},
  assistant: {},
  'assistant-with-role': { roles: ['student', 'teacher'] },
  'teacher-1': { roles: ['teacher'] },
  'teacher-2': { roles: ['teacher'] },
  'observer-1': { roles: ['observer'] },
  'observer-who-teaches': { roles: ['observer', 'teacher'] },
  administrator: { roles: ['admin'], scopes: ['calendar:read-any'] },
  'administrator-without-scope': { roles: ['admin'] },
  'scope-without-role': { scopes: ['calendar:read-any'] },
  'administrator-who-teaches': { roles: ['admin', 'teacher'] },
  stranger: { roles: [] },
};
const USERS = Object.keys(TOKENS);
const SUBJECTS = [...USERS, 'unknown'];
const principalOf = (id: string): Principal => ({ ...student, ...TOKENS[id], id });

const SECTIONS = [1, 2].map((course) => `${courseErn(course)}/section/1`);
const AUDIENCES = [1, 2, 3, 4, ...SECTIONS];
/** In each audience a lecture in the future, none next to another, and a deadline in the past. */
const ITEMS: readonly ItemRow[] = AUDIENCES.flatMap((audience, index) => {
  const course = typeof audience === 'number' ? audience : Number(/\d+/.exec(audience)?.[0]);
  const listed = { course, audience: courseErn(audience) };
  return [
    lecture({ ...listed, at: `2026-03-${10 + index}T09:00+09:00` }),
    assignment({ ...listed, at: `2026-03-01T0${index}:00+09:00`, lasts: 60 }),
  ];
});

const someOf = <T>(values: readonly T[]) => fc.subarray([...values]);
const world = fc.record({
  attends: fc.array(someOf(AUDIENCES), { minLength: USERS.length, maxLength: USERS.length }),
  teaches: fc.array(someOf(AUDIENCES), { minLength: USERS.length, maxLength: USERS.length }),
  observes: fc.array(someOf(USERS), { minLength: USERS.length, maxLength: USERS.length }),
  /** Who has rows as a member, teacher and observer: otherwise everybody would be related. */
  members: someOf(USERS),
  teachers: someOf(USERS),
  observers: someOf(USERS),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

let graph: MockGraph;
let client: Client;
let clock: ManualClock;
beforeAll(async () => {
  clock = manualClock();
  graph = await startGraph({ sources: 'mock', clock, gateway: false });
  client = createClient(graph.calendarUrl, (id) => graph.sign({ audience: 'calendar', user: principalOf(id) }));
});
afterAll(async () => {
  await client.close();
  await graph.close();
});

/** Puts the world into the services; the extended deadline has passed, too. */
function settle(given: World): void {
  const { rows } = graph;
  const fill = <T>(record: Record<string, readonly T[]>, who: readonly string[], drawn: readonly (readonly T[])[]) => {
    for (const [index, user] of USERS.entries()) record[user] = who.includes(user) ? (drawn[index] ?? []) : [];
  };
  fill(rows.enrollments, given.members, given.attends);
  fill(rows.teaches, given.teachers, given.teaches);
  fill(rows.observes, given.observers, given.observes);
  const extended = ITEMS.filter(({ kind }) => kind === 'ASSIGNMENT').flatMap((item) =>
    USERS.filter((user) => attended(user).has(item.audience)).map((user) =>
      moved(user, item, { endsAt: '2026-03-01T20:00+09:00', reason: `reason of ${user}` }),
    ),
  );
  rows.items.splice(0, rows.items.length, ...ITEMS, ...extended);
}

// The oracle: the rows, and the words of the table.

const attended = (user: string) => new Set((graph.rows.enrollments[user] ?? []).map(courseErn));
const taughtBy = (user: string) => new Set((graph.rows.teaches[user] ?? []).map(courseErn));
const audiencesOf = (user: string) => new Set([...attended(user), ...taughtBy(user)]);
const lies = (name: string, whole: string) => name === whole || name.startsWith(`${whole}/`);

function isKnown(user: string): boolean {
  return audiencesOf(user).size > 0 || (graph.rows.observes[user] ?? []).length > 0;
}

/** The courses and sections of which the viewer is staff and in which the user is. */
function sharedStaff(viewer: string, user: string): readonly string[] {
  if (!principalOf(viewer).roles.includes('teacher')) return [];
  return [...taughtBy(viewer)].filter((course) => [...audiencesOf(user)].some((audience) => lies(audience, course)));
}

function relationsOf(viewer: string, user: string): ReadonlySet<Relation> {
  const { roles, scopes } = principalOf(viewer);
  const relations = new Set<Relation>(['everybody']);
  if (viewer === user) relations.add('self');
  if (roles.includes('observer') && graph.rows.observes[viewer]?.includes(user)) relations.add('observer');
  if (sharedStaff(viewer, user).length > 0) relations.add('staff');
  if (roles.includes('admin') && scopes.includes('calendar:read-any') && isKnown(user)) relations.add('administrator');
  return relations;
}

/** What the viewer may see of the user by this row of the table; null: a refusal. */
function seenItems(field: string, viewer: string, user: string): readonly ItemRow[] | null {
  const verdict = verdictOf(field, relationsOf(viewer, user));
  if (verdict === 'NONE') return null;
  const all = ITEMS.filter(({ audience }) => audiencesOf(user).has(audience));
  const courses = sharedStaff(viewer, user);
  return verdict === 'ALL' ? all : all.filter(({ audience }) => courses.some((course) => lies(audience, course)));
}

const ernsOf = (items: readonly ItemRow[]) => items.map(({ ern }) => ern).toSorted(compare);
const compare = (a: string, b: string) => (a < b ? -1 : 1);
const FORBIDDEN = 'FORBIDDEN';

/** Every answer about one user, as the table has it. */
function expectedOf(viewer: string, user: string): Record<string, unknown> {
  const list = (field: string, wanted: (item: ItemRow) => boolean = () => true) => {
    const items = seenItems(field, viewer, user);
    return items === null ? FORBIDDEN : ernsOf(items.filter(wanted));
  };
  const isTaught = ({ audience, course }: ItemRow) =>
    taughtBy(user).has(audience) || taughtBy(user).has(course?.ern ?? '');
  const isExtended = ({ kind, audience }: ItemRow) => kind === 'ASSIGNMENT' && attended(user).has(audience);
  const seesReasons = verdictOf('dateOverride.reason', relationsOf(viewer, user)) === 'ALL';
  const haveCommonCourse = [...audiencesOf(viewer)].some((audience) => audiencesOf(user).has(audience));
  const busy = verdictOf('freeBusy', relationsOf(viewer, user), { haveCommonCourse });
  const lectures = ITEMS.filter(({ kind, audience }) => kind === 'LECTURE' && audiencesOf(user).has(audience));
  const named = seenItems('scheduleEvent', viewer, user);
  return {
    calendar: list('calendar'),
    upcoming: list('upcoming', ({ kind }) => kind === 'LECTURE'),
    overdue: list('overdue', (item) => item.kind === 'ASSIGNMENT' && !isTaught(item)),
    calendarChanges: list('calendarChanges'),
    reasons: list('calendar', isExtended) === FORBIDDEN ? FORBIDDEN : seesReasons ? list('calendar', isExtended) : [],
    freeBusy: busy === 'NONE' ? FORBIDDEN : lectures.map(({ startsAt }) => startsAt ?? '').toSorted(compare),
    events: ITEMS.map(({ ern }) => (named === null ? FORBIDDEN : named.some((item) => item.ern === ern) ? ern : null)),
  };
}

// The answers.

interface Reply {
  readonly [alias: string]: unknown;
}
interface Shown {
  readonly ern: string;
  readonly dateOverride: { readonly reason: string | null } | null;
}
interface ShownUser {
  readonly calendar: { readonly events: readonly Shown[] };
  readonly upcoming: { readonly nodes: readonly Shown[] };
  readonly overdue: { readonly nodes: readonly Shown[] };
  readonly calendarChanges: { readonly upserted: readonly Shown[] };
}

const WINDOW = `from: "${MARCH.from}", to: "${MARCH.to}"`;
const DOCUMENT = `{ ${SUBJECTS.map((user, n) => {
  const events = ITEMS.map(({ kind, ern }, i) => `e${n}_${i}: scheduleEvent(id: "${kind}!${user}!${ern}") { ern }`);
  return `u${n}: user(id: "${user}") {
    calendar(${WINDOW}) { events { ern dateOverride { reason } } } upcoming(first: 100) { nodes { ern } }
    overdue(first: 100) { nodes { ern } } calendarChanges(since: "") { upserted { ern } } }
    ${events.join(' ')}`;
}).join(' ')} }`;

/** A query of its own: the field may not be null, so a refusal empties the whole answer. */
async function busyTo(viewer: string, user: string): Promise<unknown> {
  const document = `{ freeBusy(user: "${user}", ${WINDOW}) { busy { startsAt } } }`;
  const { body } = await client.query<{ freeBusy: { busy: { startsAt: string }[] } }>(viewer, document);
  const [error] = body.errors ?? [];
  if (error !== undefined) return error.extensions.code;
  return body.data.freeBusy.busy.map(({ startsAt }) => new Date(startsAt).toISOString()).toSorted(compare);
}

async function answersTo(viewer: string): Promise<readonly Record<string, unknown>[]> {
  const { body } = await client.query<Reply>(viewer, DOCUMENT);
  const codes = new Map(body.errors?.map(({ path, extensions }) => [String(path?.[0]), extensions.code]));
  const answer = <T>(alias: string, read: (value: T) => unknown) =>
    codes.get(alias) ?? (body.data[alias] === null ? null : read(body.data[alias] as T));
  const erns = (events: readonly Shown[]) => events.map(({ ern }) => ern).toSorted(compare);
  const busy = await Promise.all(SUBJECTS.map((user) => busyTo(viewer, user)));
  return SUBJECTS.map((_, n) => {
    const about = (read: (user: ShownUser) => unknown) => answer(`u${n}`, read);
    return {
      calendar: about(({ calendar }) => erns(calendar.events)),
      upcoming: about(({ upcoming }) => erns(upcoming.nodes)),
      overdue: about(({ overdue }) => erns(overdue.nodes)),
      calendarChanges: about(({ calendarChanges }) => erns(calendarChanges.upserted)),
      reasons: about(({ calendar }) => erns(calendar.events.filter((event) => event.dateOverride?.reason != null))),
      freeBusy: busy[n],
      events: ITEMS.map((__, i) => answer<Shown>(`e${n}_${i}`, ({ ern }) => ern)),
    };
  });
}

/** At least ten thousand answers: eighteen for each viewer and user of a world. */
const WORLDS = Number(process.env.RIGHTS_WORLDS ?? 6);

test('every answer about a user is what the table of rights says', async () => {
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      settle(given);
      graph.calendar.invalidateAll();
      await clock.advance(120_000);
      for (const viewer of USERS) {
        const found = await answersTo(viewer);
        const wanted = SUBJECTS.map((user) => expectedOf(viewer, user));
        answers += found.length * (6 + ITEMS.length);
        for (const [n, user] of SUBJECTS.entries()) {
          expect({ viewer, user, ...found[n] }).toEqual({ viewer, user, ...wanted[n] });
        }
      }
    }),
    { numRuns: WORLDS, endOnFailure: true },
  );
  expect(answers).toBeGreaterThanOrEqual(10_000);
}, 300_000);

test('subscription addresses are ended by the user and by administrators, as the table says', async () => {
  const document = 'mutation ($user: ID!) { endCalendarSubscription(user: $user) }';
  for (const viewer of USERS) {
    const { roles, scopes } = principalOf(viewer);
    for (const user of USERS) {
      const relations = new Set<Relation>(['everybody']);
      if (viewer === user) relations.add('self');
      if (roles.includes('admin') && scopes.includes('calendar:read-any')) relations.add('administrator');
      const { body } = await client.query(viewer, document, { user });
      const found = body.errors?.[0]?.extensions.code ?? 'ALL';
      const verdict = verdictOf('endCalendarSubscription', relations);
      expect({ viewer, user, found }).toEqual({ viewer, user, found: verdict === 'ALL' ? 'ALL' : FORBIDDEN });
    }
  }
});
