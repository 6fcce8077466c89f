// Promise: all questions of one turn are one call, and no answer of the calendar is taken for a
// yes.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { SourceError } from '../../../src/errors.ts';
import { ResponseCache } from '../../../src/gateway/response-cache/response-cache.ts';
import {
  createRevalidator,
  type Question,
  type Revalidate,
  revalidated,
} from '../../../src/gateway/response-cache/revalidator.ts';
import type { Transport } from '../../../src/http/client/transport.ts';
import { manualClock } from '../../harness/clock.ts';
import { eventually } from '../../harness/eventually.ts';
import { jsonAnswer } from '../../http/client/json-answer.ts';
import { answered } from './answered.ts';

type Post = Transport['post'];
const answering =
  (body: unknown): Post =>
  async () =>
    jsonAnswer(JSON.stringify(body));

function revalidator(post: Post, clock = manualClock(), afterPause?: (run: () => void) => void) {
  const sent: { readonly path: string | undefined; readonly deadlineMs: number; readonly checks: unknown[] }[] = [];
  const ask = createRevalidator({
    transport: {
      post(call) {
        const { checks } = JSON.parse(call.body) as { checks: unknown[] };
        sent.push({ path: call.path, deadlineMs: call.deadlineMs, checks });
        return post(call);
      },
    },
    sign: async () => 'token',
    clock,
    ...(afterPause && { afterPause }),
  });
  return { revalidate: (question: Question) => revalidated(ask, question), sent };
}

test('questions of one turn are one call, each with its own answer', async () => {
  const { revalidate, sent } = revalidator(answering({ valid: [true, false, true] }));
  const answers = await Promise.all([
    revalidate({ validator: 'a', maxAge: undefined }),
    revalidate({ validator: 'b', maxAge: 7 }),
    revalidate({ validator: 'c', maxAge: undefined }),
  ]);
  expect(answers).toEqual([true, false, true]);
  expect(sent).toEqual([
    {
      path: '/revalidate',
      deadlineMs: 50,
      checks: [{ validator: 'a' }, { validator: 'b', maxAge: 7 }, { validator: 'c' }],
    },
  ]);
});

test('one validator that several requests ask about in a turn is asked once', async () => {
  const { revalidate, sent } = revalidator(answering({ valid: [true, false] }));
  const answers = await Promise.all([undefined, 5, undefined].map((maxAge) => revalidate({ validator: 'a', maxAge })));
  expect([answers, sent.map(({ checks }) => checks)]).toEqual([
    [true, false, true],
    [[{ validator: 'a' }, { validator: 'a', maxAge: 5 }]],
  ]);
});

test('questions that come while a call is under way share the next call, when it has ended or after 5 ms', async () => {
  const clock = manualClock();
  const answers: (() => void)[] = [];
  const held: Post = ({ body }) => {
    const { checks } = JSON.parse(body) as { checks: unknown[] };
    const answer = jsonAnswer(JSON.stringify({ valid: checks.map(() => true) }));
    return new Promise((resolve) => answers.push(() => resolve(answer)));
  };
  const { revalidate, sent } = revalidator(held, clock);
  const asked: Promise<boolean | null>[] = [];
  const ask = async (validator: string) => {
    asked.push(revalidate({ validator, maxAge: undefined }));
    await setImmediate();
  };
  const batches = () => sent.map(({ checks }) => (checks as { validator: string }[]).map((one) => one.validator));
  for (const name of ['a', 'b', 'c']) await ask(name);
  expect(batches()).toEqual([['a']]);
  answers[0]?.();
  await asked[0];
  await setImmediate();
  expect(batches()).toEqual([['a'], ['b', 'c']]);
  for (const name of ['d', 'e']) await ask(name);
  expect(batches()).toHaveLength(2);
  await clock.advance(5);
  expect(batches()[2]).toEqual(['d', 'e']);
  for (const answer of answers) answer();
  expect(await Promise.all(asked)).toEqual([true, true, true, true, true]);
});

test('under load calls are a pause apart; a request that comes alone does not wait', async () => {
  const pauses: (() => void)[] = [];
  const answer: Post = async ({ body }) => {
    const { checks } = JSON.parse(body) as { checks: unknown[] };
    return jsonAnswer(JSON.stringify({ valid: checks.map(() => true) }));
  };
  const { revalidate, sent } = revalidator(answer, manualClock(), (run) => pauses.push(run));
  const ask = (times: number) =>
    Promise.all(Array.from({ length: times }, () => revalidate({ validator: 'a', maxAge: undefined })));
  await ask(3);
  await ask(1);
  expect([sent.length, pauses.length]).toEqual([2, 0]);
  await ask(4);
  const later = ask(1);
  await setImmediate();
  const latest = ask(1);
  await setImmediate();
  expect([sent.length, pauses.length]).toEqual([3, 1]);
  pauses[0]?.();
  await Promise.all([later, latest]);
  // The last call had two: no load.
  await ask(1);
  expect([sent.length, pauses.length]).toEqual([5, 1]);
});

test('of many requests at once 32 are a call, and 32 more while it is under way; the others wait until both have ended', async () => {
  const answers: (() => void)[] = [];
  const held: Post = () => new Promise((resolve) => answers.push(() => resolve(jsonAnswer('{"valid":[true]}'))));
  const { revalidate, sent } = revalidator(held);
  const asked = Array.from({ length: 80 }, () => revalidate({ validator: 'a', maxAge: undefined }));
  await setImmediate();
  expect(sent.length).toBe(2);
  answers[0]?.();
  expect(await Promise.all(asked.slice(0, 32))).toEqual(Array(32).fill(true));
  answers[1]?.();
  await Promise.all(asked.slice(32, 64));
  await eventually('the third call', () => answers.length === 3);
  answers[2]?.();
  expect(await Promise.all(asked.slice(64))).toEqual(Array(16).fill(true));
});

test('validators that are too long for one call are sent in several', async () => {
  const { revalidate, sent } = revalidator(async ({ body }) => {
    const { checks } = JSON.parse(body) as { checks: unknown[] };
    return jsonAnswer(JSON.stringify({ valid: checks.map(() => true) }));
  });
  const long = 'x'.repeat(48 * 1024);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => revalidate({ validator: `${long}${n}`, maxAge: undefined })),
  );
  expect(answers.every(Boolean)).toBe(true);
  expect(sent.map(({ checks }) => checks.length)).toEqual([8, 8, 4]);
});

const FAILURES: Readonly<Record<string, Post>> = {
  'a lost connection': () => Promise.reject(new SourceError('UNREACHABLE', 'lost')),
  'no JSON': async () => jsonAnswer('<'),
  'nothing of use': answering({}),
  'too few values': answering({ valid: [] }),
  'other values': answering({ valid: ['true'] }),
};

test.each(Object.keys(FAILURES))('%s is no', async (name) => {
  const { revalidate } = revalidator(FAILURES[name] as Post);
  expect(await revalidate({ validator: 'a', maxAge: undefined })).toBe(false);
});

test('a late answer of the calendar is null, neither yes nor no', async () => {
  const { revalidate } = revalidator(() => Promise.reject(new SourceError('TIMEOUT', 'late')));
  expect(await revalidate({ validator: 'a', maxAge: undefined })).toBeNull();
});

const YES: Revalidate = (_, said) => said(true);
const EXECUTED = { status: 200, contentType: 'application/json', content: '{"data":{}}', validator: 'v' };

test('after the user’s own write the question carries how old the copies may be', async () => {
  const asked: (number | undefined)[] = [];
  const cache = new ResponseCache({
    maxBytes: 10_000,
    revalidate: ({ maxAge }, said) => said(asked.push(maxAge) > 0),
    lastWriteAge: (user) => (user === 'writer' ? 12 : undefined),
    clock: manualClock(),
  });
  for (const user of ['writer', 'reader']) {
    await answered(cache, 'key', user, async () => EXECUTED);
    await answered(cache, 'key', user, async () => EXECUTED);
  }
  expect(asked).toEqual([12, undefined, undefined]);
});

test('an equal request waits for the first one for 50 ms, then it is executed itself', async () => {
  const clock = manualClock();
  const options = { maxBytes: 10_000, revalidate: YES, lastWriteAge: () => undefined, clock };
  const cache = new ResponseCache(options);
  let executions = 0;
  const first = answered(cache, 'key', 'user', () => {
    executions += 1;
    return new Promise(() => {});
  });
  const second = answered(cache, 'key', 'user', async () => {
    executions += 1;
    return EXECUTED;
  });
  await clock.advance(49);
  expect(executions).toBe(1);
  await clock.advance(1);
  expect([(await second).answer, executions]).toMatchObject([{ validator: 'v' }, 2]);
  void first;
});

test('who waited is given the shared answer only if it is valid after they asked', async () => {
  const cache = new ResponseCache({
    maxBytes: 10_000,
    revalidate: (_, said) => said(false),
    lastWriteAge: () => undefined,
    clock: manualClock(),
  });
  const texts = ['one', 'two'].map((text) =>
    answered(cache, 'key', 'user', async () => ({ ...EXECUTED, content: text })),
  );
  const answers = await Promise.all(texts);
  expect(answers.map(({ cacheStatus }) => cacheStatus)).toEqual(['fwd=miss; stored', 'fwd=miss; stored']);
});

describe('while the calendar is late', () => {
  const KEYS = Array.from({ length: 20 }, (_, n) => `key ${n}`);

  /** Answers are stored for all keys; then nothing that is executed ends before `finish`. */
  async function lateCalendar() {
    let [isLate, asked, executions] = [false, 0, 0];
    const finish: (() => void)[] = [];
    const cache = new ResponseCache({
      maxBytes: 100_000,
      revalidate(_, said) {
        asked += 1;
        void setImmediate().then(() => said(isLate ? null : true));
      },
      lastWriteAge: () => undefined,
      clock: manualClock(),
    });
    const ask = (key: string) =>
      answered(cache, key, 'user', async () => {
        executions += 1;
        if (isLate) await new Promise<void>((resolve) => finish.push(resolve));
        return EXECUTED;
      });
    for (const key of KEYS) await ask(key);
    [isLate, executions] = [true, 0];
    const answers = KEYS.map(ask);
    return {
      set: (late: boolean) => (isLate = late),
      finish: () => finish.splice(0).map((end) => end()),
      all: () => Promise.all(answers),
      counts: () => ({ asked, executions }),
      ask,
    };
  }

  test('four requests are executed at a time, and the others get the stored answer when it says so', async () => {
    const { set, finish, all, counts, ask } = await lateCalendar();
    for (let turn = 0; turn < 4; turn += 1) await setImmediate();
    expect(counts().executions).toBe(4);
    set(false);
    finish();
    const statuses = (await all()).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'hit')).toHaveLength(16);
    set(true);
    const again = KEYS.map(ask);
    for (let turn = 0; turn < 4; turn += 1) await setImmediate();
    expect(counts().executions).toBe(8);
    set(false);
    finish();
    await Promise.all(again);
  });

  test('a request asks ten times; then it is executed, too', async () => {
    const { finish, all, counts } = await lateCalendar();
    for (let turn = 0; turn < 30; turn += 1) await setImmediate();
    expect(counts()).toEqual({ asked: 4 + 16 * 10, executions: 20 });
    finish();
    expect((await all()).every(({ status }) => status === 'stale')).toBe(true);
  });
});

test('a failure is that request’s own, and nothing is stored of it or of another status', async () => {
  const clock = manualClock();
  const options = { maxBytes: 10_000, revalidate: YES, lastWriteAge: () => undefined, clock };
  const cache = new ResponseCache(options);
  await expect(answered(cache, 'key', 'user', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await answered(cache, 'key', 'user', async () => ({ ...EXECUTED, status: 400 }));
  await answered(cache, 'key', 'user', async () => ({ ...EXECUTED, validator: null }));
  expect(cache.size).toEqual({ entries: 0, bytes: 0 });
});

test('its bytes stay within the limit, compressed ones included', async () => {
  const clock = manualClock();
  const options = { maxBytes: 20_000, revalidate: YES, lastWriteAge: () => undefined, clock };
  const cache = new ResponseCache(options);
  for (let key = 0; key < 20; key += 1) {
    const text = 'x'.repeat(2_000 + key);
    await answered(cache, `key ${key}`, 'user', async () => ({ ...EXECUTED, content: text }));
    expect(cache.size.bytes).toBeLessThanOrEqual(20_000);
  }
  expect(cache.size.entries).toBeGreaterThan(5);
});
