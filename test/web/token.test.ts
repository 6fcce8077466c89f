// A new token: who may give it, and when it is asked for.
import { describe, expect, test } from '@jest/globals';
import { type HookMessage, openTokenHook } from '../../src/web/page/token-hook.ts';
import { TokenTimer } from '../../src/web/page/token-timer.ts';
import { manualClock } from '../harness/clock.ts';

describe('a message with a token', () => {
  /** A page in a frame: what it took, what it sent, and a way to send it a message. */
  function embedded(refusal: string | null = null) {
    const taken: string[] = [];
    const sent: unknown[][] = [];
    const parent = { postMessage: (...message: unknown[]) => void sent.push(message) };
    let receive: (event: HookMessage) => void = () => {};
    const view = {
      parent,
      addEventListener: (_: 'message', listener: typeof receive) => {
        receive = listener;
      },
    };
    const ask = openTokenHook(view, ['https://page.test', 'https://lms.test'], (token) => {
      if (refusal === null) taken.push(token);
      return refusal;
    });
    return { taken, sent, ask, send: (origin: string, data: unknown) => receive({ origin, data, source: parent }) };
  }
  const message = { type: 'calendar:token', token: 'a.b.c' };

  test.each(['https://page.test', 'https://lms.test'])('of %s is taken and answered', (origin) => {
    const { taken, sent, send } = embedded();
    send(origin, message);
    expect([taken, sent]).toEqual([['a.b.c'], [[{ type: 'calendar:token-accepted' }, origin]]]);
  });

  test.each([
    'https://evil.test',
    'http://lms.test',
    'https://lms.test:8443',
    'https://lms.test.evil.test',
    'null',
    '',
  ])('of %j, which is not configured, is ignored without an answer', (origin) => {
    const { taken, sent, send } = embedded();
    send(origin, message);
    expect([taken, sent]).toEqual([[], []]);
  });

  test('that cannot be used is refused with the reason', () => {
    const { taken, sent, send } = embedded('token: expected a JWT');
    send('https://lms.test', message);
    send('https://lms.test', { type: 'calendar:token' });
    expect([taken, sent.map(([answer]) => answer)]).toEqual([
      [],
      [
        { type: 'calendar:token-refused', reason: 'token: expected a JWT' },
        { type: 'calendar:token-refused', reason: 'token: expected a text' },
      ],
    ]);
  });

  test.each([null, 'text', {}, { type: 'other', token: 'a.b.c' }])('and another content, %j, is ignored', (data) => {
    const { taken, sent, send } = embedded();
    send('https://lms.test', data);
    expect([taken, sent]).toEqual([[], []]);
  });

  test('is asked for at the embedding page, and never at the page itself', () => {
    const { sent, ask } = embedded();
    ask(7);
    expect(sent).toEqual([[{ type: 'calendar:token-needed', endsAt: 7 }, '*']]);
    const alone = { addEventListener: () => {}, postMessage: () => sent.push(['to itself']) };
    openTokenHook(Object.assign(alone, { parent: alone }), [], () => null)(7);
    expect(sent).toHaveLength(1);
  });
});

describe('a token of ten minutes', () => {
  const MINUTE = 60_000;
  function timer() {
    const clock = manualClock(0);
    const log: string[] = [];
    const note = (what: string) => () => void log.push(`${what} at ${clock.now() / MINUTE}`);
    return { clock, log, timer: new TokenTimer(note('needed'), note('ended'), (ms, run) => clock.after(ms, run)) };
  }

  test('is renewed a minute before it ends, however often the page is told of it', async () => {
    const { clock, log, timer: watched } = timer();
    watched.watch(10 * MINUTE, 0);
    await clock.advance(5 * MINUTE);
    watched.watch(10 * MINUTE, clock.now());
    await clock.advance(20 * MINUTE);
    expect(log).toEqual(['needed at 9', 'ended at 10']);
  });

  test('that was renewed does not end', async () => {
    const { clock, log, timer: watched } = timer();
    watched.watch(10 * MINUTE, 0);
    await clock.advance(9 * MINUTE);
    watched.watch(30 * MINUTE, clock.now());
    await clock.advance(11 * MINUTE);
    expect(log).toEqual(['needed at 9']);
  });

  test('with less than two minutes left is renewed after half of them', async () => {
    const { clock, log, timer: watched } = timer();
    watched.watch(10 * MINUTE, 9 * MINUTE);
    await clock.advance(MINUTE);
    expect(log).toEqual(['needed at 0.5', 'ended at 1']);
  });
});
