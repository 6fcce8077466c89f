// `POST /revalidate`: the gateway asks for many stored answers at once whether they are valid now.
import type { Caller } from '../../auth/principal.ts';
import { ApiError, badInput } from '../../errors.ts';
import type { Check, Reload } from './revalidate.ts';

/** Scope of the service that stores answers. */
export const REVALIDATION_SCOPE = 'answers:revalidate';

/** A call. `inTrace`: runs in the trace of the call. */
interface RevalidationCall {
  readonly caller: Caller;
  readonly body: unknown;
  readonly requestId: string;
  readonly inTrace: <T>(run: () => T) => T;
}

/**
 * Takes `{ "checks": [{ "validator": "…", "maxAge": 1200 }] }` and returns `{ "valid": [true] }`,
 * in the same order; `maxAge` in milliseconds and `load` may be absent. Throws FORBIDDEN without
 * the scope, and BAD_USER_INPUT.
 */
export function revalidationPost(isValid: (check: Check) => boolean, reload: Reload) {
  return async ({ caller, body, requestId, inTrace }: RevalidationCall) => {
    if (!caller.scopes.includes(REVALIDATION_SCOPE)) {
      throw new ApiError('FORBIDDEN', `Expected the scope ${REVALIDATION_SCOPE}.`);
    }
    const checks = typeof body === 'object' && body !== null && 'checks' in body ? body.checks : undefined;
    if (!Array.isArray(checks) || !checks.every(isCheck)) {
      throw badInput('checks', 'a list of { validator, maxAge }', checks);
    }
    const toLoad = checks.filter(({ load }) => load === true);
    if (toLoad.length > 0) await inTrace(() => Promise.all(toLoad.map((check) => reload(check, requestId))));
    return { valid: checks.map(isValid) };
  };
}

function isCheck(given: unknown): given is Check {
  if (typeof given !== 'object' || given === null) return false;
  const { validator, maxAge, load } = given as Readonly<Record<string, unknown>>;
  if (typeof validator !== 'string' || (load !== undefined && typeof load !== 'boolean')) return false;
  return maxAge === undefined || (typeof maxAge === 'number' && maxAge >= 0);
}
