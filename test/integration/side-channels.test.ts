// Promise: an answer about a user for a reader who may not see everything is the same, with its
// status, reasons, times, counts and errors, whatever happens where this reader may not look. Each
// case runs in two graphs that differ in one thing, and their complete answers are compared.

import { afterEach, describe, expect, test } from '@jest/globals';
import { type ScriptedFeed, scriptedFeed } from '../calendar/freshness/scripted-feed.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import { assignment, check, courseErn, type ItemRow, lecture, own, ownErn, personal } from '../harness/rows.ts';

const STUDENT = 'student-1';
const OWN = ownErn(STUDENT);
const SECTION = `${courseErn(1)}/section/1`;
const SPAN = { from: Date.parse(MARCH.from), to: Date.parse(MARCH.to) - 1 };
const EVENTS = `{ id title startsAt endsAt completion updatedAt dateOverride { startsAt endsAt reason } }`;
const SOURCES = 'completeness sources { kind status fetchedAt count dropped truncated reason }';
const WINDOW = `from: "${MARCH.from}", to: "${MARCH.to}"`;
const USER = `user(id: "${STUDENT}")`;
const CALENDAR = `{ version syncToken ${SOURCES} summary { total } events ${EVENTS} }`;
const POLL = `{ ${USER} { calendar(${WINDOW}, timeout: 0, filter: { kinds: [ATTENDANCE, ASSIGNMENT] }) ${CALENDAR} } }`;
const ALL = `query ($since: String!) { ${USER} {
  calendar(${WINDOW}) ${CALENDAR}
  upcoming(first: 20) { ${SOURCES} nodes ${EVENTS} pageInfo { hasNextPage endCursor } }
  overdue(first: 20) { ${SOURCES} nodes ${EVENTS} pageInfo { hasNextPage endCursor } }
  calendarChanges(since: $since) { isFullSync removed syncToken ${SOURCES} upserted ${EVENTS} }
} }`;
const RELOADED = `{ ${USER} { calendar(${WINDOW}, maxAge: 0) ${CALENDAR} } }`;
const BUSY = `{ freeBusy(user: "${STUDENT}", ${WINDOW}) { completeness busy { startsAt endsAt } } }`;
const MINE = `{ viewer { calendar(${WINDOW}) { completeness events { id } } upcoming(first: 5) { completeness } } }`;

/** A graph whose time and feed the test moves. Course 1 is the teacher's, course 2 is not. */
async function world() {
  const clock = manualClock();
  const feed = scriptedFeed();
  const essays = [1, 2].map((course) => assignment({ course, at: '2026-03-03T00:00+09:00' })) as [ItemRow, ItemRow];
  const lectures = [1, 2].map((course) => lecture({ course, at: '2026-03-10T09:00+09:00' })) as [ItemRow, ItemRow];
  const checks = [1, 2].map((course) => check({ course, at: '2026-03-01T10:00+09:00' })) as [ItemRow, ItemRow];
  const lab = { ...assignment({ course: 1, at: '2026-03-04T00:00+09:00' }), audience: SECTION };
  const graph = await startGraph({
    sources: 'mock',
    clock,
    feeds: [feed],
    rows: {
      enrollments: { [STUDENT]: [1, 2, SECTION], 'student-2': [1] },
      teaches: { 'teacher-1': [1], 'teacher-2': [SECTION] },
      items: [...essays, ...lectures, ...checks, lab, own(STUDENT, checks[0], { outcome: 'PRESENT' })],
    },
  });
  return { graph, clock, feed, essays, lectures, checks };
}
type World = Awaited<ReturnType<typeof world>>;

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ graph }) => graph.close()));
});

const told = (
  feed: ScriptedFeed,
  kind: ItemRow['kind'],
  ern: string,
  audience = OWN,
  span: typeof SPAN | null = SPAN,
) => feed.say({ type: 'CHANGES', changes: [{ kind, audience, ern, span }], malformed: 0 });

const handsIn =
  (course: 1 | 2) =>
  async ({ graph, feed, essays }: World) => {
    const essay = essays[course - 1] as ItemRow;
    graph.rows.items.push(own(STUDENT, essay, { submission: 'SUBMITTED', updatedAt: '2026-03-02T00:00:00Z' }));
    await told(feed, 'ASSIGNMENT', essay.ern);
  };

/** What happens where the teacher may not look. */
const FOREIGN: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'hands in work of another course': handsIn(2),
  'is checked in by another course, which had nothing of this student': async ({ graph, feed, checks }) => {
    graph.rows.items.push(own(STUDENT, checks[1], { outcome: 'LATE' }));
    await told(feed, 'ATTENDANCE', checks[1].ern);
    await told(feed, 'ATTENDANCE', OWN, OWN, null);
  },
  'has something of another course that is malformed': async ({ graph, feed, essays }) => {
    graph.rows.items.push(own(STUDENT, essays[1], { endsAt: 'never' }));
    await told(feed, 'ASSIGNMENT', essays[1].ern);
  },
  'has an entry of their own': async ({ graph, feed, checks }) => {
    graph.rows.items.push(personal(STUDENT, checks[1]));
    await told(feed, 'ATTENDANCE', `${OWN}/check/1`);
  },
  'joins a third course': async ({ graph, feed }) => {
    graph.rows.enrollments[STUDENT] = [1, 2, SECTION, 3];
    for (const kind of ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'] as const) await told(feed, kind, OWN, OWN, null);
  },
  'leaves another course': async ({ graph, feed }) => {
    graph.rows.enrollments[STUDENT] = [1, SECTION];
    for (const kind of ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'] as const) await told(feed, kind, OWN, OWN, null);
  },
  'has work of another course that was moved': async ({ feed, essays }) => {
    essays[1].endsAt = '2026-03-20T00:00:00Z';
    await told(feed, 'ASSIGNMENT', essays[1].ern, courseErn(2));
  },
  'has malformed work in another course': async ({ feed, essays }) => {
    essays[1].endsAt = 'never';
    await told(feed, 'ASSIGNMENT', essays[1].ern, courseErn(2));
  },
  'opens their page': ({ graph }) => graph.query(STUDENT, MINE),
};

/** Everything that the viewer can ask after it happened, as text. */
async function answers(viewer: string, happens: (world: World) => Promise<unknown>, hasReadBefore: boolean) {
  const made = await world();
  worlds.push(made);
  const { graph, clock } = made;
  const ask = async (document: string, variables = {}) => (await graph.query(viewer, document, variables)).text;
  const first = hasReadBefore ? await ask(ALL, { since: '' }) : '';
  const since = /"syncToken":"([^"]*)"/.exec(first)?.[1] ?? '';
  await clock.advance(5_000);
  await happens(made);
  await clock.advance(5_000);
  const polled = await pollWhileHanging(made, viewer);
  const later = [await ask(ALL, { since }), await ask(BUSY)];
  await clock.advance(1_500);
  return [first, polled, ...later, await ask(RELOADED), await ask(ALL, { since })];
}

/** A read that waits for nothing, while the sources do not answer: it shows what is held. */
async function pollWhileHanging({ graph, clock }: World, viewer: string): Promise<string> {
  const { attendance, assignment } = graph.sources;
  await Promise.all([attendance, assignment].map((source) => source.fault({ hang: 'headers' })));
  const polled: { text?: string } = {};
  const reading = graph.query(viewer, POLL).then(({ text }) => {
    polled.text = text;
  });
  await eventually('the answer', async () => {
    await clock.advance(0);
    return polled.text !== undefined;
  });
  await reading;
  await Promise.all([attendance, assignment].map((source) => source.heal()));
  return polled.text ?? '';
}

const nothing = async () => {};

const unchanged = new Map<string, Promise<readonly string[]>>();
/** What the viewer reads when nothing happens: the same for every case, so it is read once. */
function answersToNothing(viewer: string, hasReadBefore: boolean): Promise<readonly string[]> {
  const key = `${viewer} ${hasReadBefore}`;
  const read = unchanged.get(key) ?? answers(viewer, nothing, hasReadBefore);
  unchanged.set(key, read);
  return read;
}

describe.each([
  ['a teacher of one course', 'teacher-1'],
  ['a teacher of a section', 'teacher-2'],
])('%s does not learn that the student', (_, viewer) => {
  test.each(Object.entries(FOREIGN))('%s', async (__, happens) => {
    for (const hasReadBefore of [true, false]) {
      const without = await answersToNothing(viewer, hasReadBefore);
      expect(await answers(viewer, happens, hasReadBefore)).toEqual(without);
      expect(without.join('')).not.toContain('"errors"');
    }
  });
});

test('a teacher of a section does not learn that work of its course was moved', async () => {
  const moves = async ({ feed, essays }: World) => {
    essays[0].endsAt = '2026-03-20T00:00:00Z';
    await told(feed, 'ASSIGNMENT', essays[0].ern, courseErn(1));
  };
  expect(await answers('teacher-2', moves, true)).toEqual(await answersToNothing('teacher-2', true));
});

describe.each([
  ['a teacher of one course', 'teacher-1'],
  ['a teacher of a section', 'teacher-2'],
])('what %s reads asks the sources for the same, and so takes as long, when the student', (_, viewer) => {
  /** The calls that three reads of the viewer cause. */
  const asked = async (happens: (world: World) => Promise<unknown>) => {
    const made = await world();
    worlds.push(made);
    const { graph } = made;
    await happens(made);
    const before = countsOf(graph.calls);
    for (const read of [ALL, ALL, RELOADED]) await graph.query(viewer, read, { since: '' });
    return Object.entries(graph.calls).map(([source, calls]) =>
      calls.slice(before[source]).map(({ representations }) => representations),
    );
  };
  const countsOf = (calls: Readonly<Record<string, readonly unknown[]>>) =>
    Object.fromEntries(Object.entries(calls).map(([source, made]) => [source, made.length]));

  test.each(['opens their page', 'hands in work of another course', 'has an entry of their own'])(
    '%s',
    async (what) => {
      const without = await asked(nothing);
      expect(without.flat().length).toBeGreaterThan(0);
      expect(await asked(FOREIGN[what] ?? nothing)).toEqual(without);
    },
  );
});

test('a teacher learns at once that the student has handed in work of the course', async () => {
  const made = await world();
  worlds.push(made);
  const { graph } = made;
  const shown = async (text: Promise<string>) => JSON.parse(await text).data.user.calendar;
  const read = () => graph.query('teacher-1', ALL, { since: '' }).then(({ text }) => text);
  const before = await shown(read());
  await handsIn(1)(made);
  const polled = await shown(pollWhileHanging(made, 'teacher-1'));
  expect(polled.completeness).toBe('STALE');
  const after = await shown(read());
  expect([after.version === before.version, after.completeness]).toEqual([false, 'COMPLETE']);
});

describe('free/busy tells a fellow student the same, with its source away, when the student', () => {
  const busy = async (happens: (world: World) => Promise<unknown>) => {
    const made = await world();
    worlds.push(made);
    await happens(made);
    await made.graph.sources.lecture.fault({ refuse: true });
    return (await made.graph.query('student-2', BUSY)).text;
  };
  test.each(['opens their page', 'hands in work of another course'])('%s', async (what) => {
    expect(await busy(FOREIGN[what] ?? nothing)).toBe(await busy(nothing));
  });
});

describe('the live stream of a teacher', () => {
  /** What is told after the greeting, in a minute in which this happens. */
  async function streamed(happens: (world: World) => Promise<unknown>): Promise<string> {
    const made = await world();
    worlds.push(made);
    const { graph, clock } = made;
    const token = await graph.sign({ audience: 'calendar', user: { id: 'teacher-1', roles: ['teacher'], scopes: [] } });
    const leave = new AbortController();
    const url = new URL(`/changes?user=${STUDENT}`, graph.calendarUrl);
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: leave.signal });
    const heard = { text: '' };
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const bytes of response.body ?? []) heard.text += decoder.decode(bytes as Uint8Array);
    })().catch(() => undefined);
    await eventually('the greeting', () => heard.text.endsWith('\n\n'));
    const [greeting] = [heard.text.length];
    await clock.advance(5_000);
    await happens(made);
    for (const beats of [1, 2, 3]) {
      await eventually(`heartbeat ${beats}`, async () => {
        if (count(heard.text) < beats) await clock.advance(1_000);
        return count(heard.text) >= beats;
      });
    }
    leave.abort();
    await reading;
    return heard.text.slice(greeting).replaceAll(/^id: .*$/gm, 'id');
  }
  const count = (text: string) => text.split(': still here').length - 1;

  test.each(Object.entries(FOREIGN))('says nothing when the student %s', async (_, happens) => {
    expect(await streamed(happens)).toBe(': still here\n\n'.repeat(3));
  });

  test('tells of work of the course that is handed in', async () => {
    expect(await streamed(handsIn(1))).toContain('data: {"kinds":["ASSIGNMENT"],"months":["2026-03"]}');
  });
});
