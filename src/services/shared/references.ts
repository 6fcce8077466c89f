// Checks the references of `_entities`, which no scalar has checked. A malformed one fails alone.
import type { Caller } from '../../auth/principal.ts';
import { badInput } from '../../errors.ts';
import { EXPECTED_USER_ID, isErn, isUserId } from '../../resource-name.ts';
import { requireReader, requireScope } from './access.ts';
import { inOrder } from './input.ts';
import { EXPECTED_ERN, instantOf } from './scalars.ts';
import type { ItemKey, SliceKey } from './schedule.ts';

/** A user, for callers that may read here; the fields of a user check more. */
export function userReference<R extends { id: string }>(reference: R, caller: Caller): R {
  requireReader(caller);
  if (!isUserId(reference.id)) throw badInput('id', EXPECTED_USER_ID, reference.id);
  return reference;
}

/** A slice; it keeps `from` and `to` as they were sent, so that the caller recognises its key. */
export function sliceReference<R extends SliceKey>(reference: R, caller: Caller): R {
  requireScope(caller, 'schedule:read');
  resource('audience', reference.audience);
  inOrder(instantOf('from', reference.from), 'to', instantOf('to', reference.to));
  return reference;
}

/** An item in one audience. */
export function itemReference<R extends ItemKey>(reference: R, caller: Caller): R {
  requireScope(caller, 'schedule:read');
  resource('ern', reference.ern);
  resource('audience', reference.audience);
  return reference;
}

/** The ERN of a public entity. */
export function entityReference(reference: { ern: string }, caller: Caller): string {
  requireReader(caller);
  return resource('ern', reference.ern);
}

function resource(argument: string, given: unknown): string {
  if (!isErn(given)) throw badInput(argument, EXPECTED_ERN, given);
  return given;
}
