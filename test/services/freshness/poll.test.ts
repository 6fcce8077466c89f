// Promise: with nothing installed, a change shows by asking the services what changed.
import { describe } from '@jest/globals';
import { describeFreshness } from './suite.ts';

describe('polling', () => {
  describeFreshness(async () => ({ FRESHNESS: 'poll', POLL_INTERVAL: '100ms' }));
});
