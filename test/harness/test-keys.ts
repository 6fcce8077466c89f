// What every graph in the tests shares: the secret of internal tokens, the issuer of user tokens,
// the gateway's limits.
import type { GatewayOptions } from '../../src/gateway/gateway.ts';

export const SECRET = new TextEncoder().encode('a secret for tests, thirty-two bytes at least');
export const ISSUER = { issuer: 'https://id.test', audience: 'calendar' };

/** The gateway's limits on one query: the defaults of the configuration. */
export const LIMITS: GatewayOptions['limits'] = {
  tokens: 1000,
  depth: 10,
  fields: 300,
  aliases: 10,
  directives: 20,
  fragments: 30,
  valueDepth: 5,
  list: 200,
};
