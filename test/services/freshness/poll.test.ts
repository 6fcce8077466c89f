// Promise: with FRESHNESS=poll a change shows without any further server.
import { describe } from '@jest/globals';
import { describeFreshness } from './suite.ts';

describe('polling', () => {
  describeFreshness(async () => ({ FRESHNESS: 'poll', POLL_INTERVAL: '100ms' }));
});
