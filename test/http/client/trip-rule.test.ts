// When the circuit breaker opens, on a manual clock.
import { describe, expect, test } from '@jest/globals';
import { createTripRule } from '../../../src/http/client/trip-rule.ts';

function ruleAt(start = 1_000_000) {
  const clock = { now: start };
  const rule = createTripRule(() => clock.now);
  /** Calls `ms` apart: `s` succeeds, `f` fails; what the last one told. */
  const play = (calls: string, ms = 0) =>
    Array.from(calls, (call) => {
      clock.now += ms;
      if (call === 'f') return rule.failed();
      rule.succeeded();
      return false;
    });
  return { rule, play };
}

describe('the circuit breaker opens', () => {
  test('after five failures in a row, if it never answered', () => {
    expect(ruleAt().play('fffff')).toEqual([false, false, false, false, true]);
  });

  test('after five failures in a row, once a second has passed without an answer', () => {
    const { play } = ruleAt();
    expect(play('sfffff', 199).at(-1)).toBe(false);
    expect(play('f', 5).at(-1)).toBe(true);
  });

  test('when half of twenty calls in ten seconds failed', () => {
    expect(ruleAt().play('sf'.repeat(9), 100)).not.toContain(true);
    expect(ruleAt().play('sf'.repeat(10), 100).at(-1)).toBe(true);
  });

  test('not when a third of many calls fail', () => {
    expect(ruleAt().play('ssf'.repeat(300), 30)).not.toContain(true);
  });

  test('not for failures more than ten seconds ago', () => {
    const { play } = ruleAt();
    play('sf'.repeat(9), 100);
    play('s', 11_000);
    expect(play('ff', 100)).not.toContain(true);
  });

  test('not for failures before it came back', () => {
    const { rule, play } = ruleAt();
    play('f'.repeat(30), 100);
    rule.reset();
    expect(play('sffff', 100)).not.toContain(true);
  });

  test('at most twice a minute when a third of 30 calls a second time out', () => {
    const { play, rule } = ruleAt();
    const random = lehmer(7);
    let trips = 0;
    for (let i = 0; i < 30 * 600; i += 1) {
      if (!play(random() < 1 / 3 ? 'f' : 's', 33)[0]) continue;
      trips += 1;
      rule.reset();
    }
    expect(trips / 10).toBeLessThanOrEqual(2);
  });
});

/** Numbers in [0, 1), the same on every run (Park and Miller, 1988). */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
