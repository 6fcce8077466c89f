// What counts as a text: visible, without control characters, and as long as a person counts.
import { describe, expect, test } from '@jest/globals';
import { optionalText, text } from '../../../src/services/shared/input.ts';
import { URLScalar } from '../../../src/services/shared/scalars.ts';

const FAMILY = '👨‍👩‍👧‍👦';

describe('a text', () => {
  test('is counted in characters as people see them, and kept in NFC', () => {
    expect(text('title', '학'.normalize('NFD').repeat(200))).toBe('학'.repeat(200));
    expect(text('title', FAMILY.repeat(90))).toBe(FAMILY.repeat(90));
    expect(() => text('title', 'é'.normalize('NFD').repeat(201))).toThrow(
      'title: expected 1 to 200 characters, given "',
    );
  });

  test('is no longer than what a calendar shows, however few characters it seems to have', () => {
    expect(() => text('title', FAMILY.repeat(91))).toThrow(
      'title: expected 1 to 200 characters, 1000 UTF-16 code units',
    );
    expect(() => text('reason', FAMILY.repeat(91), 500)).toThrow('reason: expected 1 to 500 characters, 1000');
    expect(() => text('title', `a${'\u0301'.repeat(1_001)}`)).toThrow('title: expected 1 to 200 characters, 1000');
  });

  test.each([
    '\u200b',
    '\u2060',
    '\u3164',
    '\uffa0',
    '\u115f',
    '\u180e',
    '\u00a0',
    '\u2800',
    '\u0301',
    '\ufe0f',
    '\u200b \u3164',
    '',
    ' \t',
  ])('of %j alone is refused, because nobody sees it', (invisible) =>
    expect(() => text('title', invisible)).toThrow('title: expected 1 to 200 characters, given '),
  );

  test.each(['a\0b', '\u0007', 'a\u009fb', `a${String.fromCharCode(0xdc00)}`])('with %j is refused', (bad) => {
    expect(() => text('title', bad)).toThrow('title: expected text without control characters, given ');
    expect(() => optionalText('reason', bad, 500)).toThrow('reason: expected text without control characters');
  });

  test('may have lines, tabs and joiners', () => {
    expect(text('description', ' a\n\tb\r\n', 10_000)).toBe('a\n\tb');
    expect(optionalText('room', null)).toBeNull();
  });
});

test.each(['https://x.example/\0', 'https://x.example/a b', 'https://x.example/\n'])('%j is no address', (bad) => {
  expect(() => URLScalar.parseValue(bad)).toThrow('URL: expected an absolute http(s) address');
});
