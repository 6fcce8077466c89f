// The contract with clients of a subscription: first load, update, removal, a source away, an
// address that was replaced, an empty calendar, two zones. Each client that is found here.
import { afterEach, describe, expect, test } from '@jest/globals';
import { manualClock } from '../../harness/clock.ts';
import { startGraph } from '../../harness/graph.ts';
import type { MockGraph } from '../../harness/mock-graph.ts';
import { check, type ItemRow, lecture } from '../../harness/rows.ts';
import { DESKTOPS, findClients, type Shown } from './clients.ts';

const clients = await findClients();
let graph: MockGraph;
afterEach(() => graph?.close());

async function start(homeZone = 'Asia/Seoul') {
  const talk = lecture({ course: 1, at: '2026-03-10T09:00+09:00', title: '1강; 머리말, 끝' });
  const items = [
    talk,
    lecture({ course: 1, at: '2026-03-11T23:30+09:00' }),
    check({ course: 1, at: '2026-03-10T09:00+09:00' }),
  ];
  const clock = manualClock();
  graph = await startGraph({
    sources: 'mock',
    clock,
    homeZone,
    rows: { enrollments: { 'student-1': [1], 'student-2': [1] }, items },
  });
  return { talk, clock };
}
async function addressOf(user: string): Promise<string> {
  const document = '{ viewer { calendarSubscription { url } } }';
  const { body } = await graph.query<{ viewer: { calendarSubscription: { url: string } } }>(user, document);
  return `${graph.gatewayUrl}${new URL(body.data.viewer.calendarSubscription.url).pathname}`;
}
const byStart = ([a, x]: Shown, [b, y]: Shown) => x - y || a.localeCompare(b);
/** Without UIDs, because vdirsyncer makes its own for a calendar that is only read. */
const sorted = (shown: readonly Shown[]) => shown.filter(([title]) => title !== 'No events').toSorted(byStart);
const asRows = (items: readonly ItemRow[]) =>
  items.map(({ title, startsAt }): Shown => [title ?? '', Date.parse(startsAt ?? '')]).toSorted(byStart);
const written = () => graph.calendar.invalidateAll();

for (const client of clients) {
  const { name, missing } = client;
  const suite = missing === null ? describe : describe.skip;
  suite(`${name}${missing === null ? '' : ` [needs ${missing}]`}`, () => {
    test('shows what is in the calendar, its updates and removals, and an empty calendar', async () => {
      const { talk } = await start();
      const { sync, shown } = await client.subscribe(await addressOf('student-1'));
      await sync();
      expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
      Object.assign(talk, { title: 'moved', startsAt: '2026-03-12T01:00:00Z', endsAt: '2026-03-12T02:00:00Z' });
      Object.assign(talk, { updatedAt: '2026-03-02T00:00:00Z' });
      written();
      await sync();
      expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
      graph.rows.items.splice(0, 1);
      written();
      await sync();
      expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
      graph.rows.items.splice(0);
      written();
      await sync();
      expect(sorted(await shown())).toEqual([]);
    }, 60_000);

    test('keeps its events while a source is away, and when its address was replaced', async () => {
      const { clock } = await start();
      const { sync, shown } = await client.subscribe(await addressOf('student-1'));
      await sync();
      await graph.sources.lecture.fault({ refuse: true });
      await clock.advance(2 * 3_600_000);
      await sync();
      expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
      await graph.query('student-1', 'mutation { rotateCalendarSubscription { url } }');
      await graph.sources.lecture.heal();
      graph.rows.items.splice(0, 1);
      written();
      await sync();
      expect((await shown()).length).toBeGreaterThan(graph.rows.items.length);
    }, 60_000);

    test('keeps its events at a 503, when a source is away for longer than a last text is served', async () => {
      const { clock } = await start();
      const address = await addressOf('student-1');
      const { sync, shown } = await client.subscribe(address);
      await sync();
      await graph.sources.lecture.fault({ refuse: true });
      await clock.advance(8 * 86_400_000);
      expect((await fetch(address)).status).toBe(503);
      await sync();
      expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
      await graph.sources.lecture.heal();
      await clock.advance(10_000);
      graph.rows.items.splice(0, 1);
      written();
      await sync();
      expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
    }, 60_000);

    test('shows nothing after a 503 at the first load, and everything after the next', async () => {
      const { clock } = await start();
      await graph.sources.lecture.fault({ refuse: true });
      const { sync, shown } = await client.subscribe(await addressOf('student-2'));
      await sync();
      expect(sorted(await shown())).toEqual([]);
      await graph.sources.lecture.heal();
      await clock.advance(10_000);
      await sync();
      expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
    }, 60_000);

    test.each(['Asia/Seoul', 'America/New_York'])(
      'shows the same instants from a deployment in %s',
      async (zone) => {
        await start(zone);
        const { sync, shown } = await client.subscribe(await addressOf('student-1'));
        await sync();
        expect(sorted(await shown())).toEqual(asRows(graph.rows.items));
      },
      60_000,
    );
  });
}

describe.skip(`desktop clients [needs ${DESKTOPS.join(' or ')}, driven without a display]`, () => {
  test.each(DESKTOPS)('%s', () => {});
});
