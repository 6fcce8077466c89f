// Content lines: at most 75 octets, no character is cut, and no value ends its line.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { line, text, utc } from '../../src/ics/content-line.ts';
import { title } from './examples.ts';

const unfolded = (folded: string) => folded.replace(/\r\n /g, '');

test('a line is folded at 75 octets and can be unfolded', () => {
  fc.assert(
    fc.property(title, (value) => {
      const folded = line('SUMMARY', text(value));
      for (const one of folded.split('\r\n')) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(75);
      expect(unfolded(folded)).toBe(`SUMMARY:${text(value)}\r\n`);
    }),
    { numRuns: 1_000 },
  );
});

test('folding never cuts a character: every line is valid UTF-8', () => {
  const folded = line('SUMMARY', text('강의 👨‍👩‍👧‍👦 자료구조 '.repeat(20)));
  const lines = Buffer.from(folded).toString('latin1').split('\r\n');
  expect(lines.length).toBeGreaterThan(5);
  for (const one of lines)
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(one, 'latin1'))).not.toThrow();
});

test('75 octets of ASCII are one line, 76 are two', () => {
  expect(line('X', 'a'.repeat(73))).toBe(`X:${'a'.repeat(73)}\r\n`);
  expect(line('X', 'a'.repeat(74))).toBe(`X:${'a'.repeat(73)}\r\n a\r\n`);
});

describe('text', () => {
  test.each([
    ['a\\b', 'a\\\\b'],
    ['a;b,c', 'a\\;b\\,c'],
    ['a\nb', 'a\\nb'],
    ['a\r\nb', 'a\\nb'],
    ['a\rb', 'a\\nb'],
    ['a\tb', 'a b'],
    ['a\u0000\u001b\u007f\u0085\u2028\u2029b', 'ab'],
    ['a: "b"', 'a: "b"'],
  ])('TEXT %j is written as %j', (given, written) => {
    expect(text(given)).toBe(written);
  });
});

test('a value that is not TEXT cannot end its line either', () => {
  expect(line('URL', 'https://x.test/\r\nATTACH:https://y.test')).toBe('URL:https://x.test/ATTACH:https://y.test\r\n');
});

test('instants are written in UTC, to the second', () => {
  expect(utc(Date.parse('2026-03-10T09:00:00.500+09:00'))).toBe('20260310T000000Z');
});
