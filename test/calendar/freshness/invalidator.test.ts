// The invalidation keys that messages of feeds become, and whether a source has a live feed.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Invalidator, keysOf, SILENCE_MS } from '../../../src/calendar/freshness/invalidator.ts';
import type { Change } from '../../../src/calendar/model/change.ts';
import { Zone } from '../../../src/calendar/model/zone.ts';
import { monthsCovering } from '../../../src/calendar/read/window.ts';
import { type ManualClock, manualClock, settled } from '../../harness/clock.ts';
import { beat, changes, type ScriptedFeed, scriptedFeed } from './scripted-feed.ts';

const seoul = Zone.named('Asia/Seoul') as Zone;
const monthsOf = ({ from, to }: { from: number; to: number }) =>
  monthsCovering({ from, to: to + 1 }, seoul).map((month) => month.name);
const span = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) });
const COURSE = 'ern:lms:course/1';
const USER = 'ern:lms:user/7';

describe('the keys that a change invalidates', () => {
  const names = (...said: Change[]) => [...keysOf(said, monthsOf)];

  test('are the months of the home zone that overlap its span, for its audience and source', () => {
    const touched = span('2026-02-28T14:59:59Z', '2026-02-28T15:00:00Z');
    expect(names({ kind: 'LECTURE', audience: COURSE, span: touched })).toEqual([
      `LECTURE|${COURSE}|2026-02`,
      `LECTURE|${COURSE}|2026-03`,
    ]);
  });

  test('include the month of an item without length', () => {
    const touched = span('2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z');
    expect(names({ kind: 'LECTURE', audience: COURSE, span: touched })).toEqual([`LECTURE|${COURSE}|2026-03`]);
  });

  test('are all of the audience without a span, or with one of more than two years', () => {
    const whole = [`LECTURE|${COURSE}`];
    expect(names({ kind: 'LECTURE', audience: COURSE, span: null })).toEqual(whole);
    const long = span('1970-01-01T00:00:00Z', '2199-12-31T00:00:00Z');
    const counted = () => {
      throw new Error('months were counted');
    };
    expect([...keysOf([{ kind: 'LECTURE', audience: COURSE, span: long }], counted)]).toEqual(whole);
  });

  test('include the user’s list of audiences for a user’s own audience', () => {
    const touched = span('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z');
    expect(names({ kind: 'ASSIGNMENT', audience: USER, span: touched })).toEqual([
      `ASSIGNMENT|${USER}|2026-03`,
      `ASSIGNMENT|${USER} *|2026-03`,
      `ASSIGNMENT|${USER}|audiences`,
    ]);
  });

  test('name the course of a user’s item, for those who see that course only', () => {
    const touched = { audience: USER, span: span('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z') };
    expect(names({ kind: 'ASSIGNMENT', ern: `${COURSE}/assignment/5`, ...touched })).toEqual([
      `ASSIGNMENT|${USER}|2026-03`,
      `ASSIGNMENT|${USER} ${COURSE}|2026-03`,
      `ASSIGNMENT|${USER}|audiences`,
    ]);
    expect(names({ kind: 'ASSIGNMENT', ern: USER, audience: USER, span: null })).toEqual([
      `ASSIGNMENT|${USER}`,
      `ASSIGNMENT|${USER}|audiences`,
    ]);
  });

  test('are those of all sources if the change names none', () => {
    expect(names({ kind: null, audience: COURSE, span: null })).toEqual([
      `LECTURE|${COURSE}`,
      `ATTENDANCE|${COURSE}`,
      `ASSIGNMENT|${COURSE}`,
    ]);
  });

  test('are given once, in any order of the changes', () => {
    const said: Change[] = [1, 2, 3].map((id) => ({ kind: 'LECTURE', audience: `ern:lms:course/${id}`, span: null }));
    const replayed = Array.from({ length: 10 }, () => said.toReversed()).flat();
    expect(new Set(names(...replayed))).toEqual(new Set(names(...said)));
    expect(names(...replayed)).toHaveLength(3);
  });
});

describe('the invalidator', () => {
  let clock: ManualClock;
  let feed: ScriptedFeed;
  let invalidator: Invalidator;
  let invalidated: string[];
  beforeEach(() => {
    clock = manualClock();
    feed = scriptedFeed(['LECTURE', 'ATTENDANCE']);
    invalidated = [];
    const invalidate = (name: string) => void invalidated.push(name);
    invalidator = new Invalidator({ feeds: [feed], clock, invalidate, monthsOf });
    invalidator.start();
  });
  afterEach(() => invalidator.stop());

  test('invalidates everything of a source at the first heartbeat, and not at later ones', async () => {
    await feed.say(beat(['LECTURE']));
    expect(invalidated).toEqual(['LECTURE']);
    await feed.say(beat(feed.kinds), beat(feed.kinds));
    expect(invalidated).toEqual(['LECTURE', 'ATTENDANCE']);
  });

  test('has a live feed of a source from its first heartbeat until five seconds without one', async () => {
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(false);
    await feed.say(beat(['LECTURE']));
    expect([invalidator.hasLiveFeed('LECTURE'), invalidator.hasLiveFeed('ATTENDANCE')]).toEqual([true, false]);
    await clock.advance(SILENCE_MS);
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(true);
    await clock.advance(1);
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(false);
    await feed.say(beat(['LECTURE']));
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(true);
    expect(invalidated).toEqual(['LECTURE']);
  });

  test('has no live feed after changes alone, without a heartbeat', async () => {
    await feed.say(changes({ kind: 'LECTURE', audience: COURSE, span: null }));
    expect(invalidated).toEqual([`LECTURE|${COURSE}`]);
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(false);
  });

  test('invalidates everything of all sources of a feed after a gap', async () => {
    await feed.say({ type: 'GAP', reason: 'test', kinds: ['LECTURE', 'ATTENDANCE'] });
    expect(invalidated).toEqual(['LECTURE', 'ATTENDANCE']);
  });

  test('invalidates everything of the sources that a gap is about, and of no other', async () => {
    await feed.say({ type: 'GAP', reason: 'test', kinds: ['ATTENDANCE'] });
    expect(invalidated).toEqual(['ATTENDANCE']);
  });

  test('a source that a heartbeat leaves out is not live from that moment', async () => {
    await feed.say(beat(['LECTURE', 'ATTENDANCE']), beat(['ATTENDANCE']));
    expect([invalidator.hasLiveFeed('LECTURE'), invalidator.hasLiveFeed('ATTENDANCE')]).toEqual([false, true]);
    await feed.say(beat(['LECTURE', 'ATTENDANCE']));
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(true);
  });

  test('gives the state of its feeds', async () => {
    await feed.say(beat(['LECTURE']), changes({ kind: null, audience: USER, span: null }));
    await feed.say(
      { type: 'CHANGES', changes: [], malformed: 3 },
      { type: 'GAP', reason: 'test', kinds: ['LECTURE', 'ATTENDANCE'] },
    );
    const state = { name: 'scripted', changes: 1, malformed: 3, gaps: 1, lost: null };
    const at = clock.now();
    expect(invalidator.states).toEqual([{ ...state, healthy: false, caughtUpAt: { LECTURE: at, ATTENDANCE: null } }]);
    await feed.say(beat());
    expect(invalidator.states[0]?.healthy).toBe(true);
  });

  test('a feed that lost its connection is not live until its next heartbeat, and its state says why', async () => {
    await feed.say(beat(), { type: 'LOST', reason: 'ECONNREFUSED' });
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(false);
    expect(invalidator.states[0]).toMatchObject({ healthy: false, lost: 'ECONNREFUSED' });
    await feed.say(beat());
    expect(invalidator.hasLiveFeed('LECTURE')).toBe(true);
    expect(invalidator.states[0]).toMatchObject({ healthy: true, lost: null });
  });

  test('receives nothing after it was stopped', async () => {
    await invalidator.stop();
    await feed.say({ type: 'GAP', reason: 'test', kinds: ['LECTURE', 'ATTENDANCE'] });
    await settled();
    expect(invalidated).toEqual([]);
  });
});
