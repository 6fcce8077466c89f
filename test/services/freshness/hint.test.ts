// Promise: a write through the gateway shows at once with a polling feed, here with an interval of
// an hour: the gateway sends a change hint, and the feed polls at once.
import { describe } from '@jest/globals';
import { describeFreshness } from './suite.ts';

describe('a change hint after a write through the gateway', () => {
  describeFreshness(async () => ({ FRESHNESS: 'poll', POLL_INTERVAL: '1h' }));
});
