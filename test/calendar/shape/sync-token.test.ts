// A sync token is unpacked to what was packed and is small; anything else is no token and no error.
import { createHash, randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packToken, type SyncState, unpackToken } from '../../../src/calendar/shape/sync-token.ts';
import { versionOf } from '../../../src/calendar/shape/version.ts';
import { events, numbered } from '../arbitrary.ts';
import { USER } from '../examples.ts';

const NOW = Date.UTC(2026, 2, 2);
const DAY = 86_400_000;
const ASKED = {
  from: '2026-03-01T00:00:00+09:00',
  to: '2026-04-01T00:00:00+09:00',
  timeZone: 'Asia/Seoul',
  filter: { kinds: ['LECTURE' as const], search: '선형' },
};

function state(given: Partial<SyncState> = {}): SyncState {
  return { userId: USER, args: ASKED, at: NOW, versions: new Map(), ...given };
}

/**
 * A token of any head and body, with the right check: what somebody who read the source can make.
 */
function forged(head: unknown, hashes: Buffer = Buffer.alloc(0)): string {
  const packed = deflateRawSync(typeof head === 'string' ? head : JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(packed.length);
  const body = Buffer.concat([length, packed, hashes]);
  return Buffer.concat([createHash('sha1').update(body).digest().subarray(0, 4), body]).toString('base64url');
}

describe('a sync token', () => {
  test('is unpacked to what was packed', () => {
    fc.assert(
      fc.property(events(0, 1_000, 1, 30), fc.option(fc.constantFrom('UTC', 'Asia/Seoul')), (all, timeZone) => {
        const versions = new Map(all.map((one) => [one.id, versionOf(one)]));
        const packed = state({ versions, args: { ...ASKED, timeZone } });
        const read = unpackToken(packToken(packed), NOW);
        expect({ ...read, versions: undefined }).toEqual({ ...packed, versions: undefined });
        expect(new Map(read?.versions)).toEqual(new Map([...versions].sort(([a], [b]) => (a < b ? -1 : 1))));
      }),
    );
  });

  test('is unpacked for users and resources with any valid name', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(id, (userId) => {
        const ids = [1, 2, 30].map((n) => `LECTURE!${userId}!ern:lms:course/4~2/lecture/${n}`);
        const versions = new Map(ids.map((one) => [one, Buffer.from([1, 2, 3, 4, 5, 6])]));
        const read = unpackToken(packToken(state({ userId, versions })), NOW);
        expect([read?.userId, [...(read?.versions?.keys() ?? [])]]).toEqual([userId, ids.sort()]);
      }),
    );
  });

  test('is at most 12,000 characters for 1,000 events with numbered names', () => {
    const kinds = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'] as const;
    const all = Array.from({ length: 1_000 }, (_, n) =>
      numbered(kinds[n % 3] ?? 'LECTURE', n, {
        ern: `ern:lms:course/${1 + (n % 6) * 7}/${['lecture', 'check', 'assignment'][n % 3]}/${10_000 + n * 37}`,
        startsAt: n,
      }),
    );
    const token = packToken(state({ versions: new Map(all.map((one) => [one.id, versionOf(one)])) }));
    expect(unpackToken(token, NOW)?.versions?.size).toBe(1_000);
    expect(token.length).toBeLessThanOrEqual(12_000);
  });

  test('holds 2,000 events with UUIDs in their names', () => {
    const courses = Array.from({ length: 12 }, () => randomUUID());
    const all = Array.from({ length: 2_000 }, (_, n) =>
      numbered('LECTURE', n, { ern: `ern:lms:course/${courses[n % 12]}/lecture/${randomUUID()}` }),
    );
    const token = packToken(state({ versions: new Map(all.map((one) => [one.id, versionOf(one)])) }));
    expect(unpackToken(token, NOW)?.versions?.size).toBe(2_000);
  });

  test('with too many events keeps the arguments and no events', () => {
    const all = Array.from({ length: 30_000 }, (_, n) => numbered('LECTURE', n));
    const token = packToken(state({ versions: new Map(all.map((one) => [one.id, versionOf(one)])) }));
    expect(token.length).toBeLessThan(1_000);
    expect(unpackToken(token, NOW)).toEqual(state({ versions: null }));
  });

  test('is valid for 90 days and no millisecond longer', () => {
    const token = packToken(state());
    expect(unpackToken(token, NOW + 90 * DAY)).not.toBeNull();
    expect(unpackToken(token, NOW + 90 * DAY + 1)).toBeNull();
  });

  test('with one character changed, removed or added is null', () => {
    const token = packToken(state({ versions: new Map([[numbered('LECTURE', 1).id, Buffer.alloc(6)]]) }));
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'z', '_', ''), (place, put) => {
        const changed = token.slice(0, place) + put + token.slice(place + 1);
        const isSame = changed === token;
        expect(unpackToken(changed, NOW) === null).toBe(!isSame);
      }),
    );
  });
});

describe('a malformed sync token is null, never an error', () => {
  test('for random texts', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(unpackToken(text, NOW)).toBeNull()));
  });

  test('for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) =>
        expect(unpackToken(Buffer.from(bytes).toString('base64url'), NOW)).toBeNull(),
      ),
    );
  });

  test('for random JSON with a valid checksum', () => {
    fc.assert(fc.property(fc.json(), (json) => expect(unpackToken(forged(json), NOW)).toBeNull()));
  });

  const id = numbered('LECTURE', 1).id;
  test.each<[string, string]>([
    ['nothing', ''],
    ['a check alone', Buffer.alloc(4).toString('base64url')],
    ['a head that is not JSON', forged('{')],
    ['JSON nested without end', forged('['.repeat(500_000))],
    ['a number for the user', forged([7, ASKED, NOW, null])],
    ['a text for the time', forged([USER, ASKED, 'now', null])],
    ['no question', forged([USER, null, NOW, null])],
    ['a question of numbers', forged([USER, { from: 1, to: 2, timeZone: null, filter: null }, NOW, null])],
    ['a filter that is a list', forged([USER, { ...ASKED, filter: { kinds: 'LECTURE' } }, NOW, null])],
    ['a filter of objects', forged([USER, { ...ASKED, filter: { courses: [{}] } }, NOW, null])],
    ['more ids than versions', forged([USER, ASKED, NOW, [`0 ${id}`]])],
    ['more versions than ids', forged([USER, ASKED, NOW, []], Buffer.alloc(4))],
    ['an id that is none', forged([USER, ASKED, NOW, ['0 x']], Buffer.alloc(4))],
    ['an id without its number', forged([USER, ASKED, NOW, [id]], Buffer.alloc(4))],
    ['an id of another user', forged([USER, ASKED, NOW, [`0 ${id.replace(USER, 'student-8')}`]], Buffer.alloc(4))],
    [
      'ids that unfold into long ones',
      forged([USER, ASKED, NOW, [`0 ${'x'.repeat(9_999)}`, ...Array(5_000).fill('9999 ')]], Buffer.alloc(4 * 5_001)),
    ],
  ])('%s', (_, token) => {
    expect(unpackToken(token, NOW)).toBeNull();
  });

  test('for a small text that unpacks to more than a megabyte', () => {
    const bomb = forged(JSON.stringify([USER, ASKED, NOW, null, 'x'.repeat(30_000_000)]));
    expect(bomb.length).toBeLessThan(48_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(unpackToken(bomb, NOW)).toBeNull();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
  });

  test('for a text longer than the longest token, without unpacking it', () => {
    expect(unpackToken(`${packToken(state())}${'A'.repeat(48_000)}`, NOW)).toBeNull();
  });
});
