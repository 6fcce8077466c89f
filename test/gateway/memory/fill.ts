// Fills the caches of a gateway in a process of its own, and prints for each way of filling what it
// says that it holds and what the heap and its buffers hold more than before: `node --expose-gc`.
import { setTimeout as sleep } from 'node:timers/promises';
import { createDevIssuer } from '../../../src/auth/dev-keys.ts';
import { createInternalSigner } from '../../../src/auth/internal-token.ts';
import { createUserVerifier } from '../../../src/auth/user-token.ts';
import { systemClock } from '../../../src/clock.ts';
import { ResponseCache } from '../../../src/gateway/response-cache/response-cache.ts';
import { ISSUER, SECRET } from '../../harness/test-keys.ts';
import { answered } from '../response-cache/answered.ts';

const LIMIT = 8 * 2 ** 20;
const NONE = 2 ** 30;

/** What is held at the end, and what it says of itself; null where only the number is limited. */
interface Filled {
  readonly kept: unknown;
  readonly said: number | null;
  readonly entries: number;
}

/** Answers of so many characters, of which no two are the same; every one is read again. */
function answers(count: number, length: number, limit: number, acceptEncoding?: string) {
  return async (): Promise<Filled> => {
    const cache = new ResponseCache({
      maxBytes: limit,
      revalidate: (_, said) => said(true),
      lastWriteAge: () => undefined,
      clock: systemClock,
    });
    for (let number = 0; number < count; number += 1) {
      const key = `student-${number} {"query":"${'q'.repeat(400)}","variables":{"n":${number}}}`;
      const text = textOf(number, length);
      const validator = Buffer.from(textOf(number, 300)).toString('base64url');
      const run = async () => ({ status: 200, contentType: 'application/json', content: text, validator });
      const { answer } = await answered(cache, key, `student-${number}`, run);
      if (acceptEncoding !== undefined && 'compressFor' in answer) {
        cache.compress(key, answer, acceptEncoding);
        await answer.compressFor(acceptEncoding);
      }
    }
    return { kept: cache, said: cache.size.bytes, entries: cache.size.entries };
  };
}

/** Not a slice of a longer text, nor one that is put together when it is read. */
function textOf(number: number, length: number): string {
  const part = `{"id":"LECTURE!student-${number}!ern:lms:course/7","title":"자료구조"},`;
  return Buffer.from(part.repeat(Math.ceil(length / part.length)).slice(0, length)).toString();
}

/** Users who sign in, and the internal tokens that are made for them. */
function tokens(count: number) {
  return async (): Promise<Filled> => {
    const expected = { ...ISSUER, clock: systemClock };
    const issuer = await createDevIssuer(expected);
    const verify = createUserVerifier({ ...expected, keys: issuer.keys });
    const sign = createInternalSigner({ secret: SECRET, service: 'gateway', clock: systemClock });
    for (let number = 1; number <= count; number += 1) {
      const token = await issuer.token(`student-${number}`);
      const { principal } = await verify(['authorization', `Bearer ${token}`]);
      await sign({ audience: 'calendar', user: principal });
    }
    return { kept: [verify, sign], said: null, entries: count };
  };
}

const WAYS: Readonly<Record<string, readonly [limit: number, fill: () => Promise<Filled>]>> = {
  'small answers': [LIMIT, answers(5_000, 500, LIMIT)],
  'answers of a month': [LIMIT, answers(600, 30_000, LIMIT)],
  'answers of a year': [LIMIT, answers(40, 400_000, LIMIT)],
  'compressed answers': [LIMIT, answers(400, 30_000, LIMIT, 'br')],
  'answers without a limit': [NONE, answers(1_000, 3_000, NONE)],
  'tokens of 1,000 users': [NONE, tokens(1_000)],
};

const collectGarbage = (globalThis as { gc?: () => void }).gc ?? (() => {});
async function heldBytes(): Promise<number> {
  // Timers of the cache are over, and what they held is free.
  for (let round = 0; round < 6; round += 1) {
    await sleep(20);
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function measure(fill: () => Promise<Filled>): Promise<object> {
  const before = await heldBytes();
  const { kept, ...filled } = await fill();
  const held = (await heldBytes()) - before;
  // Until here it is used.
  return { held, isKept: kept !== null, ...filled };
}

for (const [way, [limit, fill]] of Object.entries(WAYS)) {
  // What is compiled and learned while filling is there before.
  await measure(fill);
  process.stdout.write(`${JSON.stringify({ way, limit, ...(await measure(fill)) })}\n`);
}
