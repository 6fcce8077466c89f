// What every feed must achieve through the gateway and over the real services: each write shows to
// other users, and loads the slices of its audience only. Copies are fresh for an hour, so that
// only the feed can have made the write show.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MINE, type Mine, type ShownCalendar, THEIRS, type Theirs } from '../../harness/documents.ts';
import { eventually } from '../../harness/eventually.ts';
import { startGraph } from '../../harness/graph.ts';
import { type RealGraph, skippingClock, slicesAsked } from '../../harness/real-graph.ts';
import { WINDOW, WRITES } from '../../harness/writes.ts';
import { describeLiveRights } from './live-suite.ts';

/** What is read within 2 s of a change is held for 1 s only; after both it is held for long. */
const HOLD_OFF_MS = 3_500;
/** One who attends course 1, and one who does not. */
const OTHERS = ['student-2', 'student-30'];

/**
 * Runs the suite. `settings` chooses the feed; asked for when the tests begin. `started` is called
 * when the services have made their tables.
 */
export function describeFreshness(
  settings: () => Promise<Readonly<Record<string, string>>>,
  started: () => Promise<void> = () => Promise.resolve(),
): void {
  const clock = skippingClock();
  let graph: RealGraph;
  beforeAll(async () => {
    graph = await startGraph({
      sources: 'real',
      settings: { SLICE_TTL: '1h', SLICE_TTL_LIVE: '1h', SAMPLE_DATA: 'true', ...(await settings()) },
      clock,
    });
    await started();
    await graph.waitForLiveFeeds();
  }, 90_000);
  afterAll(() => graph?.close());

  const read = async (viewer: string, user: string, kind: string): Promise<ShownCalendar> => {
    const variables = { ...WINDOW, user, filter: { kinds: [kind] } };
    const { body, text } = await graph.query<Partial<Mine & Theirs>>(
      viewer,
      viewer === user ? MINE : THEIRS,
      variables,
    );
    const calendar = body.data?.viewer?.calendar ?? body.data?.user?.calendar;
    if (calendar === undefined) throw new Error(text);
    return calendar;
  };

  test.each(WRITES)(
    '$name shows to others, and loads slices of its audience only',
    async (write) => {
      // Not the writer, to whom it shows in any case.
      const viewer = write.reader === write.writer ? 'admin-1' : write.reader;
      const see = () => read(viewer, write.reader, write.kind);
      const readAll = () => Promise.all([see(), ...OTHERS.map((user) => read(user, user, write.kind))]);
      await readAll();
      const ern = await write.prepare(graph.query);
      await eventually('what was prepared', async () => {
        const { events } = await see();
        return ern === '' || events.some((event) => event.ern === ern);
      });
      clock.skip(HOLD_OFF_MS);
      await readAll();
      graph.forget();
      await readAll();
      expect(slicesAsked(graph.calls)).toEqual([]);

      const { body, text } = await graph.query(write.writer, write.document, write.variables(ern));
      if (body.errors !== undefined) throw new Error(text);
      await eventually('what was written', async () => write.see(await see(), ern) === write.shows);
      await readAll();
      const audiences = new Set(slicesAsked(graph.calls).map((slice) => slice.split(' ')[1]));
      expect([...audiences].filter((audience) => audience !== write.audience)).toEqual([]);
    },
    60_000,
  );

  describeLiveRights(() => graph);
}
