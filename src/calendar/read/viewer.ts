// The signed-in user of a request, and the refusal that all reads share.
import type { Principal } from '../../auth/principal.ts';
import { ApiError } from '../../errors.ts';

/** The signed-in user. Throws UNAUTHENTICATED when there is none. */
export function viewerOf({ caller }: { readonly caller: { readonly user: Principal | null } }): Principal {
  if (caller.user === null) throw new ApiError('UNAUTHENTICATED', 'Expected a signed-in user, given none.');
  return caller.user;
}

/** Throws FORBIDDEN with the same message for every user id, also for one that does not exist. */
export function forbidden(): never {
  throw new ApiError('FORBIDDEN', 'You have no access to this calendar.');
}
