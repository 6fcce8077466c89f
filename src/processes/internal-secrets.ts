// The secrets between the parts, as the settings say: those of a pair, or the one for all pairs.
import type { SecretsOf } from '../auth/internal-token.ts';
import type { Config } from '../config.ts';

/** For signers and verifiers. */
export function internalSecrets({
  INTERNAL_SECRET: shared,
  INTERNAL_SECRET_ACCEPTED: accepted,
  INTERNAL_SECRETS: pairs,
}: Pick<Config, 'INTERNAL_SECRET' | 'INTERNAL_SECRET_ACCEPTED' | 'INTERNAL_SECRETS'>): SecretsOf {
  const forAll = accepted === undefined ? [shared] : [shared, accepted];
  return (caller, audience) => pairs?.get(`${caller}:${audience}`) ?? forAll;
}
