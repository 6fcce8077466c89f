// Ends with one clear line on a Node that `engines` in package.json does not allow, before anything
// is loaded that an old Node cannot read. An argument is taken for the version, to try it.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const given = process.argv[2] ?? process.versions.node;

/** Compares versions; negative, zero or positive. */
function compare(a, b) {
  const [one, other] = [a, b].map((version) => version.split('.').map(Number));
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

/** Whether a range of engines, `^1.2.3` or `>=1.2.3`, contains the version. */
function contains(range, version) {
  const least = range.replace(/^\D+/, '');
  const isSameMajor = !range.startsWith('^') || least.split('.')[0] === version.split('.')[0];
  return isSameMajor && compare(version, least) >= 0;
}

const ranges = engines.node.split('||').map((range) => range.trim());
if (!ranges.some((range) => contains(range, given))) {
  const allowed = ranges.map(
    (range) => range.replace('^', '').replace('>=', '') + (range.startsWith('^') ? '' : ' or later'),
  );
  console.error(`Node ${given} is not supported. Install Node ${allowed.join(', ')} (https://nodejs.org).`);
  process.exit(1);
}
