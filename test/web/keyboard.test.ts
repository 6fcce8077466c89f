// The keys of the page: what each does, and where they do nothing.
import { describe, expect, test } from '@jest/globals';
import { commandOf, type Pressed } from '../../src/web/page/keyboard.ts';

const press = (key: string, more: Partial<Pressed> = {}) =>
  commandOf({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, target: 'BODY', ...more });

describe('a key', () => {
  test.each([
    ['t', 'today'],
    ['T', 'today'],
    ['m', 'month'],
    ['w', 'week'],
    ['l', 'list'],
    ['ArrowLeft', 'previous'],
    ['ArrowRight', 'next'],
    ['/', 'search'],
    ['?', 'help'],
  ])('%s is %s', (key, command) => expect(press(key)).toBe(command));

  test('works by its place while Hangul is switched on', () => {
    expect(press('ㅅ', { code: 'KeyT' })).toBe('today');
    expect(press('ㅡ', { code: 'KeyM' })).toBe('month');
  });

  test('of a letter is the letter, wherever the keyboard has it', () => {
    expect(press('m', { code: 'KeyT' })).toBe('month');
  });

  test.each(['a', 'ArrowUp', 'Enter', 'Process', ''])('%j does nothing', (key) => expect(press(key)).toBeNull());

  test('does nothing with a modifier, or where something is written or chosen', () => {
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) expect(press('t', { [modifier]: true })).toBeNull();
    for (const target of ['INPUT', 'SELECT', 'TEXTAREA']) expect(press('ArrowLeft', { target })).toBeNull();
    expect(press('ArrowLeft', { target: 'BUTTON' })).toBe('previous');
  });
});
