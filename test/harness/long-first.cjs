// The order of test files: those that take longest first, so that none is alone at the end of a
// run. Without durations of an earlier run jest goes by the size of the files, which says little.
const { default: Sequencer } = require('@jest/test-sequencer');

const LONG = [
  'services/embedded',
  'race/race-matrix',
  'browser/my-page',
  'services/freshness/kafka',
  'services/postgres',
  'browser/visits',
  'services/feeds/kafka-faults',
  'deploy/deployment',
  'calendar/freshness/kafka',
  'services/feeds/faults',
  'services/freshness/hint',
  'services/freshness/redis',
  'integration/side-channels',
  'services/freshness/poll',
  'calendar/freshness/cdc',
  'services/freshness/cdc',
  'integration/subscription',
  'calendar/revalidation/revalidation',
  'gateway/response-cache/differential',
  'examples/other-origin',
  'examples/fourth-source/fourth-source',
  'browser/playground',
  'browser/page-rules',
  'ics/clients/clients',
];

/** A jest sequencer. */
module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const index = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return index < 0 ? LONG.length : index;
    };
    return super.sort(tests).toSorted((a, b) => place(a) - place(b));
  }
};
