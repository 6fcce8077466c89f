// Promise: users who write through the gateway see the write in their next read, without any change
// feed; other users keep the cached copies. Real services, calendar and gateway.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MINE, type Mine, type ShownCalendar, THEIRS, type Theirs } from '../harness/documents.ts';
import { eventually } from '../harness/eventually.ts';
import { startGraph } from '../harness/graph.ts';
import type { RealGraph } from '../harness/real-graph.ts';
import { WINDOW, WRITES, type Write } from '../harness/writes.ts';

let graph: RealGraph;
beforeAll(async () => {
  graph = await startGraph({ sources: 'real', settings: { FRESHNESS: 'none', SLICE_TTL: '1h' } });
}, 60_000);
afterAll(() => graph.close());

/** The calendar of a user as a viewer reads it, one kind of it. */
async function read(viewer: string, user: string, kind: string): Promise<ShownCalendar> {
  const variables = { ...WINDOW, user, filter: { kinds: [kind] } };
  const { body, text } = await (viewer === user
    ? graph.query<Mine & Theirs>(viewer, MINE, variables)
    : graph.query<Mine & Theirs>(viewer, THEIRS, variables));
  const calendar = body.data?.viewer?.calendar ?? body.data?.user?.calendar;
  if (calendar?.completeness !== 'COMPLETE') throw new Error(text);
  return calendar;
}

async function make({ document, writer, variables }: Write, ern: string): Promise<void> {
  const { body, text } = await graph.query(writer, document, variables(ern));
  if (body.errors !== undefined) throw new Error(text);
}

test.each(WRITES)('$name shows in the writer’s next read', async (write) => {
  const ern = await write.prepare(graph.query);
  const see = async (viewer: string) => write.see(await read(viewer, write.reader, write.kind), ern);
  // From here on what was prepared is on the copies everybody has.
  await read('teacher-1', 'teacher-1', write.kind);
  const other = write.reader === write.writer ? 'admin-1' : write.reader;
  const before = await see(other);
  expect(before).not.toBe(write.shows);
  await make(write, ern);
  expect(await see(other)).toBe(before);
  expect(await see(write.writer)).toBe(write.shows);
});

test('a copy loaded for the writer serves all users without another load', async () => {
  const [write] = WRITES as [Write];
  await make(write, '');
  await read('teacher-1', 'teacher-1', 'LECTURE');
  // On a busy machine a request may be on its way for longer than the load came after the write.
  await eventually('two reads without a load', async () => {
    graph.forget();
    await read('teacher-1', 'teacher-1', 'LECTURE');
    await read('admin-1', 'teacher-1', 'LECTURE');
    return graph.calls.length === 0;
  });
});
