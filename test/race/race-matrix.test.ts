// The race everybody loses, run against ours and asserted; the others are only made to run,
// whatever becomes of them. `npm run race` prints what they do. The peers are installed into a
// folder of their own, or listed as skipped.
import { describe, expect, test } from '@jest/globals';
import type { Entrant } from './contender.ts';
import { lruEntrants, naive, ours } from './entrants.ts';
import { peerEntrants } from './peers/entrants.ts';
import { installPeers } from './peers/install.ts';
import { demonstrate, race } from './race.ts';

const READS = 130_000;
const PEER_READS = 2_000;
const SEED = 1;
const PEER_ROWS = 6;

const missing = await installPeers();
const required = process.env.REQUIRE_SERVICES === '1';

describe('ours', () => {
  test('a read that was under way when its row was written does not bring the old row back', async () => {
    expect((await demonstrate(ours)).after).toBe('current');
  });

  test('130,000 random reads are given no old value as current, and no error', async () => {
    const { verdicts, reads } = await race(ours, { reads: READS, seed: SEED });
    expect(reads).toBeGreaterThanOrEqual(READS);
    expect(verdicts).toMatchObject({ stale: 0, error: 0 });
  }, 60_000);

  test('most reads need no label: safety is not bought by calling everything stale', async () => {
    const { verdicts, reads } = await race(ours, { reads: 10_000, seed: SEED });
    expect(verdicts.current / reads).toBeGreaterThan(0.5);
  });
});

describe('the race can be lost', () => {
  test('a tag index over get, load and set serves the old value after it', async () => {
    expect((await demonstrate(naive)).after).toBe('stale');
    expect((await race(naive, { reads: PEER_READS, seed: SEED })).verdicts.stale).toBeGreaterThan(0);
  });
});

test.each(lruEntrants)('$name with $calls runs the whole script', runsTheWholeScript);

// Reported by `npm run race`, never judged here: a peer that wins some day must not fail our tests.
describe(`the peers${missing === null ? '' : ` (not installed, ${missing})`}`, () => {
  (missing === null || required ? test : test.skip)(
    'are installed, and run the whole script',
    async () => {
      expect(missing).toBeNull();
      const entrants = await peerEntrants();
      expect(entrants).toHaveLength(PEER_ROWS);
      for (const entrant of entrants) await runsTheWholeScript(entrant);
    },
    60_000,
  );
});

async function runsTheWholeScript(entrant: Entrant): Promise<void> {
  const { reads, verdicts } = await race(entrant, { reads: PEER_READS, seed: SEED });
  const answered = Object.values(verdicts).reduce((sum, each) => sum + each, 0);
  expect(reads).toBeGreaterThanOrEqual(PEER_READS);
  expect(answered).toBe(reads);
}
