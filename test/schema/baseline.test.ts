// Promise: a breaking change of the public API is always reported.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { BASELINE, breakingChanges, publicSchema } from './baseline.ts';

const baseline = readFileSync(new URL(`../../${BASELINE}`, import.meta.url), 'utf8');

test('the public API has no breaking change against the baseline', () => {
  expect(breakingChanges(baseline, publicSchema())).toEqual([]);
});

test('the baseline equals the API; otherwise run `npm run schema`', () => {
  if (baseline !== publicSchema()) throw new Error(`${BASELINE} lacks additions: run \`npm run schema\` and commit it`);
});

test.each([
  ['a field that is gone', '  conflicts: [Conflict!]!\n', '', 'FIELD_REMOVED: Calendar.conflicts was removed.'],
  ['a word that is gone', '  MISSED\n', '', 'VALUE_REMOVED_FROM_ENUM: MISSED was removed from enum type Completion.'],
  [
    'what may be null now',
    '  version: String!',
    '  version: String',
    'FIELD_CHANGED_KIND: Calendar.version changed type from String! to String.',
  ],
  [
    'an argument that must be given now',
    'calendarChanges(since: String!)',
    'calendarChanges(since: String!, now: Boolean!)',
    'REQUIRED_ARG_ADDED: A required arg now on User.calendarChanges was added.',
  ],
])('%s is reported as breaking', (_, what, by, named) => {
  expect(breakingChanges(baseline, baseline.replace(what, by))).toEqual([named]);
});

test('an addition is not a breaking change', () => {
  const more = baseline.replace('type Calendar {', 'type Calendar {\n  more: Int\n');
  expect(more).not.toBe(baseline);
  expect(breakingChanges(baseline, more)).toEqual([]);
});
