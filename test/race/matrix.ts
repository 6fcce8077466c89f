// Prints the race matrix as Markdown: `npm run race [seed]`. It installs the peers if needed.

import type { Entrant } from './contender.ts';
import { lruEntrants, naive, ours } from './entrants.ts';
import { peerEntrants } from './peers/entrants.ts';
import { installPeers } from './peers/install.ts';
import { demonstrate, race, type Verdict } from './race.ts';

const READS = 60_000;
/** Another script each; any whole number but 0. */
const seed = Number(process.argv[2]) || 1;
const GIVEN: Readonly<Record<Verdict, string>> = {
  current: 'new',
  stale: '**old**',
  'labelled, current': 'new, labelled',
  'labelled, old': 'old, labelled',
  error: 'error',
};

const problem = await installPeers();
if (problem !== null) console.error(`The peers are left out: ${problem}`);
const entrants = [ours, ...(problem === null ? await peerEntrants() : []), ...lruEntrants, naive];

printRow([
  'cache',
  'read, invalidate',
  'serves after the race',
  'stale reads',
  'labelled (old)',
  'errors',
  'loads (of a key at once)',
]);
printRow(['---', '---', '---', '--:', '--:', '--:', '--:']);
for (const entrant of entrants) printRow(await cellsOf(entrant));
console.log(`\n${count(READS)} random reads each, seed ${seed}, Node ${process.versions.node}.`);

async function cellsOf(entrant: Entrant): Promise<string[]> {
  const { before, after } = await demonstrate(entrant);
  const { verdicts, loads, mostAtOnce } = await race(entrant, { reads: READS, seed });
  const old = verdicts['labelled, old'];
  return [
    `${entrant.name} ${entrant.version}`,
    entrant.calls,
    before === 'error' ? `${GIVEN[after]}; the first reader: error` : GIVEN[after],
    count(verdicts.stale),
    `${count(old + verdicts['labelled, current'])} (${count(old)})`,
    count(verdicts.error),
    `${count(loads)} (${mostAtOnce})`,
  ];
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

function count(number: number): string {
  return number.toLocaleString('en');
}
