// The feed contract for polling, over a source in memory, and what is specific to polling.
import { describe, expect, test } from '@jest/globals';
import { createPollFeed } from '../../../src/calendar/freshness/poll.ts';
import { systemClock } from '../../../src/clock.ts';
import { SourceError } from '../../../src/errors.ts';
import { manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';
import { describeChangeFeed, type FeedFixture, type Written } from './contract.ts';
import { listenTo } from './listener.ts';

const PAGE = 1_000;

/** A source that answers `lectureChanges` as the contract says. */
function source() {
  const log: object[] = [];
  const state = { epoch: 0, isUp: true, isFrozen: false, calls: 0, cursors: [] as (string | null)[] };
  const post = async (body: string): Promise<string> => {
    state.calls += 1;
    if (!state.isUp) throw new SourceError('UNREACHABLE', 'down');
    if (state.isFrozen) throw new SourceError('TIMEOUT', 'frozen');
    const { since } = (JSON.parse(body) as { variables: { since: string | null } }).variables;
    state.cursors.push(since);
    const [epoch, at] = since === null ? [state.epoch, log.length] : (since.split('.').map(Number) as [number, number]);
    if (epoch !== state.epoch) return '{"data":null,"errors":[{"message":"x","extensions":{"cursor":"expired"}}]}';
    const changes = log.slice(at, at + PAGE);
    return JSON.stringify({ data: { page: { cursor: `${epoch}.${at + changes.length}`, changes } } });
  };
  return { log, state, post };
}

const service = { clock: systemClock, random: Math.random };

async function fixture(): Promise<FeedFixture> {
  const { log, state, post } = source();
  return {
    feed: () => createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, intervalMs: 50, ...service }),
    async write(...changes: Written[]) {
      log.push(...changes.map(({ ern, ...change }) => ({ ern: ern ?? change.audience, ...change })));
    },
    async writeMalformed() {
      log.push({ audience: 'no ern', from: null, to: null });
    },
    async lose() {
      state.epoch += 1;
    },
    async stop() {
      state.isUp = false;
    },
    async start() {
      state.isUp = true;
    },
    freeze() {
      state.isFrozen = true;
    },
    thaw() {
      state.isFrozen = false;
    },
    connections: async () => 0,
    close: async () => undefined,
  };
}

describe('polling fulfils the contract of feeds', () => {
  describeChangeFeed(fixture);
});

describe('polling', () => {
  test('asks once in each interval, with the last cursor', async () => {
    const clock = manualClock();
    const { log, state, post } = source();
    const feed = createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, clock, random: () => 0 });
    const listener = listenTo(feed);
    await clock.advance(0);
    log.push({ audience: 'ern:lms:course/1', from: null, to: null });
    await clock.advance(1_000);
    expect(state.cursors).toEqual([null, '0.0']);
    await clock.advance(10_000);
    expect(state.calls).toBe(12);
    await listener.stop();
  });

  test('asks at once after a write, and then at its intervals', async () => {
    const clock = manualClock();
    const { state, post } = source();
    const feed = createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, clock, random: () => 0 });
    const listener = listenTo(feed);
    await clock.advance(0);
    expect(state.calls).toBe(1);
    feed.pollNow?.();
    await clock.advance(0);
    expect(state.calls).toBe(2);
    feed.pollNow?.();
    await clock.advance(0);
    expect(state.calls).toBe(3);
    await clock.advance(999);
    expect(state.calls).toBe(3);
    await clock.advance(1);
    expect(state.calls).toBe(4);
    await listener.stop();
  });

  test('asks once more after a write during a poll', async () => {
    const clock = manualClock();
    const { state, post } = source();
    const feed = createPollFeed({
      kind: 'LECTURE',
      field: 'lectureChanges',
      post: (body) => {
        if (state.calls === 0) for (let times = 0; times < 3; times += 1) feed.pollNow?.();
        return post(body);
      },
      clock,
      random: () => 0,
    });
    const listener = listenTo(feed);
    await clock.advance(999);
    expect(state.calls).toBe(2);
    await listener.stop();
  });

  test('pauses after failures for growing times of at most five seconds', async () => {
    const clock = manualClock();
    const { state, post } = source();
    const feed = createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, clock, random: () => 0 });
    const listener = listenTo(feed);
    await clock.advance(0);
    state.isUp = false;
    await clock.advance(60_000);
    // 1 s after the heartbeat, then after 0.1, 0.2, 0.4, 0.8, 1.6, 3.2 and every 5 s.
    expect(state.calls).toBe(2 + 6 + 10);
    expect(listener.count('HEARTBEAT')).toBe(1);
    state.isUp = true;
    await clock.advance(5_000);
    expect(listener.count('HEARTBEAT')).toBeGreaterThan(1);
    await listener.stop();
  });

  test.each([
    ['no JSON', '<html>'],
    ['null', 'null'],
    ['no page', '{"data":{"page":null}}'],
    ['a page without a cursor', '{"data":{"page":{"changes":[]}}}'],
    ['another error', '{"errors":[{"message":"x","extensions":{"code":"FORBIDDEN"}}]}'],
    ['expiry without a cursor', '{"errors":[{"message":"x","extensions":{"cursor":"expired"}}]}'],
  ])('treats %s as a failure and continues', async (_, answer) => {
    const clock = manualClock();
    const feed = createPollFeed({
      kind: 'LECTURE',
      field: 'lectureChanges',
      post: async () => answer,
      clock,
      random: () => 0,
    });
    const listener = listenTo(feed);
    await clock.advance(60_000);
    expect(listener.events).toEqual([]);
    expect(listener.lost.length).toBeGreaterThan(0);
    await listener.stop();
  });

  test('pauses between polls of a source that always returns the same full page', async () => {
    const clock = manualClock();
    let calls = 0;
    const post = async () => {
      calls += 1;
      return '{"data":{"page":{"cursor":"1","changes":[{"audience":"ern:lms:course/1"}]}}}';
    };
    const listener = listenTo(
      createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, clock, random: () => 0 }),
    );
    await clock.advance(3_000);
    expect(calls).toBe(4);
    await listener.stop();
  });

  test('asks a source whose cursor always moves once in each interval', async () => {
    const clock = manualClock();
    let calls = 0;
    const post = async () => {
      calls += 1;
      return `{"data":{"page":{"cursor":"${calls}","changes":[{"audience":"ern:lms:course/1"}]}}}`;
    };
    const listener = listenTo(
      createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, clock, random: () => 0 }),
    );
    await clock.advance(10_999);
    expect([calls, listener.count('HEARTBEAT')]).toEqual([11, 11]);
    await listener.stop();
  });

  test('reads a long backlog without pauses, and pauses when it never ends', async () => {
    const clock = manualClock();
    const { log, state, post } = source();
    const change = { audience: 'ern:lms:course/1', from: null, to: null };
    const feed = createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post, clock, random: () => 0 });
    const listener = listenTo(feed);
    await clock.advance(0);
    for (let index = 0; index < 100 * PAGE; index += 1) log.push(change);
    await clock.advance(1_000);
    await eventually('the end of the backlog', () => state.cursors.at(-1) === `0.${100 * PAGE}`);
    expect(state.calls).toBe(1 + 101);
    await listener.stop();

    let calls = 0;
    const changes = JSON.stringify(Array(100).fill(change));
    const endless = async () => {
      calls += 1;
      return `{"data":{"page":{"cursor":"${calls}","changes":${changes}}}}`;
    };
    const other = listenTo(
      createPollFeed({ kind: 'LECTURE', field: 'lectureChanges', post: endless, clock, random: () => 0 }),
    );
    await eventually('all of them', () => other.changes.length === 1_000 * 100);
    await clock.advance(999);
    // Nor is it live, because there may be more.
    expect([calls, other.count('HEARTBEAT')]).toEqual([1_000, 0]);
    await other.stop();
  });
});
