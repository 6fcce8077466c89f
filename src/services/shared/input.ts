// Checks of mutation arguments beyond those of the schema. Messages name the argument, what was
// expected and what was given.
import { badInput } from '../../errors.ts';
import { EXPECTED_USER_ID, isUserId } from '../../resource-name.ts';

/** Text of 1 to `most` characters, trimmed. */
export function text(argument: string, given: string, most = 200): string {
  const trimmed = given.trim();
  if (trimmed.length < 1 || trimmed.length > most) throw badInput(argument, `1 to ${most} characters`, given);
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
