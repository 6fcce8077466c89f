// The guard in front of a failing service: which calls it lets through, and how it finds out that
// the service is back.

import { describe, expect, test } from '@jest/globals';
import { type FailureReason, SourceError } from '../../../src/errors.ts';
import { type GuardSettings, guard } from '../../../src/http/client/guard.ts';
import { manualClock } from '../../harness/clock.ts';

/** A service under a guard: every call waits to be ended by hand, or ends as `mode` says. */
function guarded(settings: GuardSettings = {}) {
  const clock = manualClock();
  const service = { calls: 0, mode: 'ok' as 'ok' | 'wait' | Error };
  const waiting: { resolve(value: string): void; reject(error: Error): void }[] = [];
  const call = guard(
    async (text: string) => {
      service.calls += 1;
      if (service.mode instanceof Error) throw service.mode;
      if (service.mode === 'ok') return text;
      return new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }));
    },
    clock,
    settings,
  );
  return { call, service, waiting, clock };
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof SourceError ? error.reason : error),
  );

async function breakIt({ call, service }: ReturnType<typeof guarded>) {
  service.mode = new SourceError('UNREACHABLE', 'refused');
  for (let i = 0; i < 5; i += 1) await reasonOf(call('x'));
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the circuit breaker', () => {
  test('lets every call to a working service through', async () => {
    const { call, service } = guarded();
    for (let i = 0; i < 50; i += 1) expect(await call(`${i}`)).toBe(`${i}`);
    expect(service.calls).toBe(50);
  });

  test.each<FailureReason>(['TIMEOUT', 'UNREACHABLE', 'OVERLOADED', 'BAD_RESPONSE'])(
    'opens after five times %s: CIRCUIT_OPEN without a call',
    async (reason) => {
      const { call, service } = guarded();
      service.mode = new SourceError(reason, 'broken');
      for (let i = 0; i < 5; i += 1) expect(await reasonOf(call('x'))).toBe(reason);
      for (let i = 0; i < 20; i += 1) expect(await reasonOf(call('x'))).toBe('CIRCUIT_OPEN');
      expect(service.calls).toBe(5);
    },
  );

  test('never opens for FORBIDDEN or errors of our own', async () => {
    for (const error of [new SourceError('FORBIDDEN', 'no'), new TypeError('ours')]) {
      const { call, service } = guarded();
      service.mode = error;
      for (let i = 0; i < 50; i += 1) await reasonOf(call('x'));
      expect(service.calls).toBe(50);
    }
  });

  test('sends one probe after a second, and refuses other calls at once', async () => {
    const service = guarded();
    await breakIt(service);
    await service.clock.advance(1_001);
    service.service.mode = 'wait';
    const probe = service.call('probe');
    expect(await reasonOf(service.call('other'))).toBe('CIRCUIT_OPEN');
    expect(service.service.calls).toBe(6);
    service.waiting[0]?.resolve('back');
    expect(await probe).toBe('back');
    service.service.mode = 'ok';
    expect(await service.call('other')).toBe('other');
  });

  test('doubles its pause with each failed probe, up to the maximum', async () => {
    const service = guarded({ openMs: 1_000, maxOpenMs: 4_000 });
    await breakIt(service);
    const pauses: number[] = [];
    for (let probes = 1; probes <= 4; probes += 1) {
      let ms = 0;
      for (; service.service.calls < 5 + probes; ms += 50) {
        await service.clock.advance(50);
        await reasonOf(service.call('x'));
      }
      pauses.push(ms);
    }
    const longest = [1_000, 2_000, 4_000, 4_000];
    expect(pauses.map((ms, i) => ms >= (longest[i] ?? 0) / 2 && ms <= (longest[i] ?? 0) + 50)).toEqual(
      Array(4).fill(true),
    );
  });

  test('probes after its pause although the clock was set back', async () => {
    const service = guarded();
    await breakIt(service);
    service.clock.set(service.clock.now() - 3_600_000);
    await service.clock.advance(1_001);
    service.service.mode = 'ok';
    expect(await service.call('probe')).toBe('probe');
  });

  test('refuses and probes while other calls hang', async () => {
    const service = guarded({ inFlight: 5, waiting: 5 });
    service.service.mode = 'wait';
    const hanging = Array.from({ length: 10 }, () => reasonOf(service.call('x')));
    await turn();
    for (const one of service.waiting.splice(0)) one.reject(new SourceError('TIMEOUT', 'slow'));
    expect(await Promise.all(hanging)).toEqual([...Array(5).fill('TIMEOUT'), ...Array(5).fill('CIRCUIT_OPEN')]);
    expect(service.service.calls).toBe(5);
    await service.clock.advance(1_001);
    service.service.mode = 'ok';
    expect(await service.call('probe')).toBe('probe');
  });
});

describe('the limit in flight', () => {
  test('lets 32 calls run and 64 wait; the 97th is OVERLOADED, and the waiting ones follow', async () => {
    const { call, service, waiting } = guarded();
    service.mode = 'wait';
    const calls = Array.from({ length: 97 }, (_, i) => reasonOf(call(`${i}`)));
    await turn();
    expect(service.calls).toBe(32);
    expect(await calls[96]).toBe('OVERLOADED');
    service.mode = 'ok';
    for (const one of waiting.splice(0)) one.resolve('x');
    expect((await Promise.all(calls.slice(0, 96))).filter((one) => one === 'answered')).toHaveLength(96);
    expect(service.calls).toBe(96);
  });
});

describe('Retry-After', () => {
  test('is obeyed: no call before its end, and calls after it', async () => {
    const { call, service, clock } = guarded();
    service.mode = new SourceError('OVERLOADED', 'status 503', { retryAfterMs: 5_000 });
    await reasonOf(call('x'));
    service.mode = 'ok';
    await clock.advance(4_999);
    await expect(call('x')).rejects.toMatchObject({ reason: 'OVERLOADED', retryAfterMs: 1 });
    expect(service.calls).toBe(1);
    await clock.advance(1);
    expect(await call('x')).toBe('x');
  });

  test('is obeyed for at most a minute', async () => {
    const { call, service, clock } = guarded();
    service.mode = new SourceError('OVERLOADED', 'status 503', { retryAfterMs: 86_400_000 });
    await reasonOf(call('x'));
    service.mode = 'ok';
    await clock.advance(60_000);
    expect(await call('x')).toBe('x');
  });
});
