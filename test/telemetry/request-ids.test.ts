// Without traces, too, a line of the log about a call that requests share says which ones.
import { afterEach, expect, test } from '@jest/globals';
import { listen, requestsOf } from '../../src/diagnostics.ts';
import { SourceError } from '../../src/errors.ts';
import { createRevalidator, revalidated } from '../../src/gateway/response-cache/revalidator.ts';
import { startLog } from '../../src/processes/log.ts';
import { manualClock } from '../harness/clock.ts';
import { MARCH, type Mine } from '../harness/documents.ts';
import { startGraph } from '../harness/graph.ts';

const PAGE = `query Page($from: DateTime!, $to: DateTime!) {
  viewer { calendar(from: $from, to: $to) { completeness sources { kind status } } } }`;

let graph: { close(): Promise<void> } | undefined;
afterEach(async () => {
  await graph?.close();
  graph = undefined;
});

test('a failed call to a source is logged with the ids of requests that share it', async () => {
  const lines: Record<string, unknown>[] = [];
  startLog('warn', 'all', manualClock(), { write: (line) => void lines.push(JSON.parse(line)) });
  const started = await startGraph({ sources: 'mock', clock: manualClock() });
  graph = started;
  const ask = (user: string, id: string) => started.query<Mine>(user, PAGE, MARCH, { 'x-request-id': id });
  await started.sources.lecture.fault({ status: 500 });
  const seen: (readonly string[])[] = [];
  const stop = listen('calendar:source-call', ({ kind, requestIds }) => kind === 'LECTURE' && seen.push(requestIds));
  await Promise.all([ask('student-1', 'request-a'), ask('student-2', 'request-b')]);
  stop();
  expect(new Set(seen.flat())).toEqual(new Set(['request-a', 'request-b']));
  const logged = lines.filter(({ msg }) => msg === 'a source failed');
  expect(logged[0]).toMatchObject({ subgraph: 'lecture', requestIds: expect.arrayContaining([...(seen[0] ?? [])]) });
});

test('a calendar that does not confirm stored answers is logged with the ids of those that asked', async () => {
  const seen: (readonly string[] | undefined)[] = [];
  const stop = listen('calendar:error', ({ requestIds }) => void seen.push(requestIds));
  const revalidate = createRevalidator({
    transport: { post: () => Promise.reject(new SourceError('UNREACHABLE', 'ECONNREFUSED')) },
    sign: () => Promise.resolve('a token'),
    clock: manualClock(),
  });
  const confirm = (requestId: string) =>
    revalidated(revalidate, { validator: 'the same', maxAge: undefined }, { requestId, place: undefined });
  expect(await Promise.all([confirm('request-a'), confirm('request-b')])).toEqual([false, false]);
  stop();
  expect(seen).toEqual([['request-a', 'request-b']]);
});

test('a subscription that cannot be read is logged by gateway and calendar with the id of its request', async () => {
  const seen: (string | undefined)[] = [];
  const stop = listen('calendar:error', ({ requestId }) => void seen.push(requestId));
  const calendarSubscriptionOwner = () => {
    throw new Error('no such table');
  };
  const resolvers = { calendar: { Query: { calendarSubscriptionOwner } } };
  const started = await startGraph({ sources: 'small', resolvers });
  graph = started;
  const headers = { 'x-request-id': 'request-a' };
  expect((await started.send({ path: '/calendar/x.ics', headers })).status).toBe(503);
  stop();
  expect(seen).toEqual(['request-a', 'request-a']);
});

test('of many requests five are named, each once, and of none nothing', () => {
  expect(requestsOf(['a', 'b', undefined, 'a', 'c', 'd', 'e', 'f'])).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(requestsOf([undefined])).toEqual([]);
});
