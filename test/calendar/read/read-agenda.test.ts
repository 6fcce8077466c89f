// Pages of an agenda over real caches: together they are the whole agenda in order, for any page
// size and while events change; and no page searches further than it needs.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Item } from '../../../src/calendar/model/event.ts';
import { overlaps, type ScheduleEvent } from '../../../src/calendar/model/event.ts';
import type { SliceKey } from '../../../src/calendar/model/slice.ts';
import { type Agenda, agendaAfter, type Cursor, cursorAt } from '../../../src/calendar/read/agenda.ts';
import { toEvent } from '../../../src/calendar/read/merge.ts';
import { readAgenda } from '../../../src/calendar/read/read-agenda.ts';
import { SourceError } from '../../../src/errors.ts';
import { COURSE, item, slice, USER } from '../examples.ts';
import { stubCaches } from '../stub-caches.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The stub's clock stands there. */
const NOW = Date.UTC(2026, 2, 2);
const AGENDAS = ['UPCOMING', 'OVERDUE'] as const;

/**
 * A course whose items are these: lectures for UPCOMING, work never done for OVERDUE, each given in
 * hours from now.
 */
interface Spec {
  readonly number: number;
  readonly start: number;
  readonly hours: number;
}
const itemOf = ({ number, start, hours }: Spec): Item =>
  item({
    ern: `${COURSE.ern}/assignment/${number}`,
    startsAt: NOW + start * HOUR,
    endsAt: NOW + (start + hours) * HOUR,
  });
const eventOf = (spec: Spec) =>
  toEvent({ kind: 'ASSIGNMENT', taught: [] }, USER, itemOf(spec), undefined) as ScheduleEvent;

function agendaOver(specs: readonly Spec[]) {
  let items = specs.map(itemOf);
  const stub = stubCaches({
    audiences: () => [COURSE.ern],
    slice: ({ month }: SliceKey) =>
      slice(...items.filter((one) => overlaps(one.startsAt ?? 0, one.endsAt ?? 0, month.from, month.to))),
  });
  const page = (agenda: Agenda, first: number, after: Cursor | null) =>
    readAgenda(stub.caches, {
      userId: USER,
      kinds: ['ASSIGNMENT'],
      sight: 'ALL',
      keep: () => true,
      readOptions: { maxAge: 0 },
      agenda,
      now: NOW,
      first,
      after,
    });
  return { ...stub, page, write: (next: readonly Spec[]) => (items = next.map(itemOf)) };
}

/** Follows the cursors to the end; `between` runs after each page. */
async function allPages(
  page: ReturnType<typeof agendaOver>['page'],
  agenda: Agenda,
  first: number,
  between: (pageNumber: number) => void = () => {},
) {
  const seen: ScheduleEvent[] = [];
  let after: Cursor | null = null;
  for (let number = 0; ; number += 1) {
    const { events, hasNext } = await page(agenda, first, after);
    seen.push(...events);
    const last = events.at(-1);
    if (!hasNext || last === undefined) return seen;
    expect(events).toHaveLength(first);
    after = cursorAt(agenda, last);
    between(number);
  }
}

// Spread over more than the look's limit on both sides, and often on the same instant.
const spec = fc.record({
  start: fc.oneof(fc.integer({ min: -420, max: 420 }), fc.integer({ min: -3, max: 3 })),
  hours: fc.constantFrom(0, 1, 24, 48, 24 * 40),
});
const specsOf = (starts: readonly { start: number; hours: number }[]): Spec[] =>
  starts.map(({ start, hours }, number) => ({ number, start: start * 24, hours }));
const inReach = (one: ScheduleEvent, agenda: Agenda) =>
  agenda === 'UPCOMING'
    ? cursorAt(agenda, one).moment < NOW + 400 * DAY
    : cursorAt(agenda, one).moment > NOW + 1 - 400 * DAY;

describe.each(AGENDAS)('%s', (agenda) => {
  test('its pages together are the whole agenda in order, for any page size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spec, { maxLength: 14 }), fc.integer({ min: 1, max: 6 }), async (starts, first) => {
        const specs = specsOf(starts);
        const whole = agendaAfter(agenda, specs.map(eventOf), null, NOW).filter((one) => inReach(one, agenda));
        const seen = await allPages(agendaOver(specs).page, agenda, first);
        expect(seen.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
      }),
      { numRuns: 150 },
    );
  });

  test('shows every lasting event once and no event twice while others are added and removed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(spec, { minLength: 2, maxLength: 14 }),
        fc.array(fc.nat(13), { maxLength: 4 }),
        fc.array(spec, { maxLength: 4 }),
        async (starts, gone, come) => {
          const specs = specsOf(starts);
          const agendas = agendaOver(specs);
          const seen = await allPages(agendas.page, agenda, 2, (number) => {
            if (number !== 0) return;
            const added = come.map(({ start, hours }, n) => ({ number: 100 + n, start: start * 24, hours }));
            agendas.write([...specs.filter((one) => !gone.includes(one.number)), ...added]);
          });
          const ids = seen.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          const throughout = agendaAfter(agenda, specs.map(eventOf), null, NOW)
            .filter((one) => inReach(one, agenda))
            .filter((one) => !gone.some((number) => one.ern.endsWith(`/${number}`)));
          for (const one of throughout) expect(ids).toContain(one.id);
          const order = [...seen].sort((a, b) => (agendaAfter(agenda, [a, b], null, NOW)[0] === a ? -1 : 1));
          expect(ids).toEqual(order.map(({ id }) => id));
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('a page that is full within a month loads no further month', async () => {
  const agendas = agendaOver([1, 2, 3].map((number) => ({ number, start: number * 24, hours: 0 })));
  await agendas.page('UPCOMING', 2, null);
  expect(agendas.asked.slice(1)).toEqual([
    'ASSIGNMENT ern:lms:course/42 2026-03',
    'ASSIGNMENT ern:lms:course/42 2026-04',
  ]);
});

test('the search continues month by month until the page is full, for at most 400 days', async () => {
  const agendas = agendaOver([
    { number: 1, start: 380 * 24, hours: 0 },
    { number: 2, start: 401 * 24, hours: 0 },
  ]);
  const { events, hasNext } = await agendas.page('UPCOMING', 1, null);
  expect([events.map(({ ern }) => ern), hasNext]).toEqual([[`${COURSE.ern}/assignment/1`], false]);
});

test('first: 0 gives no event and whether there is one', async () => {
  expect(await agendaOver([{ number: 1, start: 24, hours: 0 }]).page('UPCOMING', 0, null)).toMatchObject({
    events: [],
    hasNext: true,
  });
  expect((await agendaOver([]).page('UPCOMING', 0, null)).hasNext).toBe(false);
});

test('a failed source leaves the page empty, with its status', async () => {
  const { caches } = stubCaches({
    audiences: () => {
      throw new SourceError('UNREACHABLE', 'assignment.internal:4103');
    },
  });
  const page = await readAgenda(caches, {
    userId: USER,
    kinds: ['ASSIGNMENT'],
    sight: 'ALL',
    keep: () => true,
    readOptions: {},
    agenda: 'UPCOMING',
    now: NOW,
    first: 10,
    after: null,
  });
  expect([page.events, page.hasNext, page.completeness]).toEqual([[], false, 'UNAVAILABLE']);
});
