// The rules of the house for text: how wide comments are, and that the glossary is true.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(ROOT + path, 'utf8');
const filesOf = (folder: string) =>
  readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !/\.generated\.ts$|node_modules/.test(path))
    .map((path) => `${folder}/${path}`);

const COLUMNS = 100;

describe('comments', () => {
  test('have at most 100 columns', () => {
    const wide = ['src', 'test', '.build'].flatMap(filesOf).flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, index) =>
          line.length > COLUMNS && /^\s*(?:\/\/|\/?\*)/.test(line) ? [`${path}:${index + 1}`] : [],
        ),
    );
    expect(wide).toEqual([]);
  });
});

/** Names that were replaced by standard terms, and words that make sentences hard to read. */
const REPLACED =
  /\b(?:Floors|FlightTable|Demand|patience|heldOff|holdOff\w*|isPresentable|PACE_BURST|hurry|lookForChanges|Announcements|Told|Bell|rung|hangUp|isWatched|Ties|accessByTies|findTaught|SourceWords|ItemWords|asTaught|movedHere|originsOf|standsIn|LOOKS|busyIn|knownOf|heed|quietUntil|refuseInJson|meansAnOperation|taughtItem|attendee|Follower|Lane|copiesMs|gatherMs|(?:MOST|LEAST|LONGEST)_\w+|forbidTelemetry|mayName|[Ww]hoever|anew)\b/;

test('no replaced name or riddle comes back', () => {
  const found = [...filesOf('src'), ...filesOf('test')]
    .filter((path) => path !== 'test/house.test.ts')
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, index) => (REPLACED.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );
  expect(found).toEqual([]);
});

describe('the glossary of src/README.md', () => {
  const section = /## Glossary\n([\s\S]*?)(?=\n## |$)/.exec(read('src/README.md'))?.[1] ?? '';
  const rows = section.split('\n').filter((line) => /^\| (?!---|word )/.test(line));
  const fileOf = (row: string) => /`([^`]+)` \|$/.exec(row)?.[1] ?? row;

  test('has between 10 and 30 words', () => {
    expect(rows.length).toBeGreaterThanOrEqual(10);
    expect(rows.length).toBeLessThanOrEqual(30);
  });

  test('names for each word a file that exists', () => {
    expect(rows.map(fileOf).filter((file) => !existsSync(`${ROOT}src/${file}`))).toEqual([]);
  });
});
