// Promise: what is written through the gateway shows at once though the feed asks in rounds, here
// of an hour: the gateway says that something was written, and the feed asks there and then.
import { describe } from '@jest/globals';
import { describeFreshness } from './suite.ts';

describe('a change hint after a write through the gateway', () => {
  describeFreshness(async () => ({ FRESHNESS: 'poll', POLL_INTERVAL: '1h' }));
});
