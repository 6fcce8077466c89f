// That a message reaches every listener.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { listen, publish } from '../src/diagnostics.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('a channel that was published to before anybody listened is not lost when memory is collected', async () => {
  let heard = 0;
  for (let round = 0; round < 20; round += 1) {
    publish('calendar:sql', { sql: 'nobody listens' });
    collectGarbage();
    await new Promise((done) => setImmediate(done));
    const stop = listen('calendar:sql', () => {
      heard += 1;
    });
    collectGarbage();
    await new Promise((done) => setImmediate(done));
    publish('calendar:sql', { sql: 'somebody listens' });
    stop();
  }
  expect(heard).toBe(20);
});
