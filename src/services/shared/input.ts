// Checks of mutation arguments beyond those of the schema. Messages name the argument, what was
// expected and what was given.
import { badInput } from '../../errors.ts';
import { EXPECTED_USER_ID, isUserId } from '../../resource-name.ts';

/** What a calendar shows of a text, in UTF-16 code units: a longer one would be refused there. */
const MAX_SHOWN = 1_000;
/** Control characters, but for line ends and tabs, and unpaired surrogates. */
const UNUSABLE = /[^\P{Cc}\t\n\r]|\p{Cs}/u;
/** A character that can be seen: not a space, a filler (U+3164) or a mark without a letter. */
const VISIBLE = /[^\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Visible text of 1 to `most` characters as people count them (graphemes), in NFC and trimmed. A
 * character of many code units has a limit as well.
 */
export function text(argument: string, given: string, most = 200): string {
  if (UNUSABLE.test(given)) throw badInput(argument, 'text without control characters', given);
  const trimmed = given.normalize('NFC').trim();
  const maxUnits = most > MAX_SHOWN ? 5 * most : MAX_SHOWN;
  if (trimmed.length > maxUnits)
    throw badInput(argument, `1 to ${most} characters, ${maxUnits} UTF-16 code units`, given);
  const { length } = [...graphemes.segment(trimmed)];
  if (length < 1 || length > most || !VISIBLE.test(trimmed)) throw badInput(argument, `1 to ${most} characters`, given);
  return trimmed;
}

/** As {@link text}; absent and null are null. */
export function optionalText(argument: string, given: string | null | undefined, most = 200): string | null {
  return given == null ? null : text(argument, given, most);
}

/** A user id, of the grammar of all parts. */
export function userId(argument: string, given: string): string {
  if (!isUserId(given)) throw badInput(argument, EXPECTED_USER_ID, given);
  return given;
}

/**
 * Refuses dates out of order; equal dates are allowed. Instants as the DateTime scalar returns
 * them.
 */
export function inOrder(earlier: string, argument: string, later: string): void {
  if (later < earlier) throw badInput(argument, `an instant not before ${earlier}`, later);
}
