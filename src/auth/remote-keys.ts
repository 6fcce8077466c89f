// The identity provider's public keys, from its JWKS URL (RFC 7517 §5). The last good set is kept
// during an outage. Unknown key ids and wrong signatures together cause at most one request per
// 30 s, however many tokens have them.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { UserVerifierOptions } from './user-token.ts';

const REFRESH_MS = 10 * 60_000;
const COOLDOWN_MS = 30_000;
/** Without any key nobody can sign in, so the wait is short. */
const FIRST_MS = 1_000;

/** What createUserVerifier needs. */
export type RemoteKeys = Required<Pick<UserVerifierOptions, 'keys' | 'newerKeys'>> & {
  /** Reads the keys if there are none yet, before the first token needs them. Never rejects. */
  load(): Promise<void>;
};

/**
 * Keys for createUserVerifier. `read` returns the JWKS as JSON text or throws; it is first called
 * by `load` or for the first token.
 */
export function createRemoteKeys(options: { read: () => Promise<string>; clock: Clock }): RemoteKeys {
  const { read, clock } = options;
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  let text: string | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const readNow = async () => {
    try {
      const answer = await read();
      keys = createLocalJWKSet(JSON.parse(answer) as JSONWebKeySet);
      text = answer;
    } catch {
      // The present set is kept; the next attempt comes after the cooldown.
    }
  };
  const refresh = async (afterMs: number) => {
    if (running === undefined && clock.elapsed() - triedAt >= afterMs) {
      triedAt = clock.elapsed();
      running = readNow().finally(() => {
        running = undefined;
      });
    }
    await running;
  };
  const find: JWTVerifyGetKey = async (header, token) => {
    if (keys === undefined) await refresh(FIRST_MS);
    else void refresh(REFRESH_MS);
    if (keys === undefined) throw new ApiError('UNAVAILABLE', 'Tokens cannot be checked at the moment.');
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh(COOLDOWN_MS);
      return keys(header, token);
    }
  };
  return {
    async load() {
      if (keys === undefined) await refresh(FIRST_MS);
    },
    keys: find,
    async newerKeys() {
      const before = text;
      await refresh(COOLDOWN_MS);
      return text !== before;
    },
  };
}
