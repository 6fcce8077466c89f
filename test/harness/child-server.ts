// A suite that needs a real server; it is skipped with a notice where the server is missing.
import { describe, test } from '@jest/globals';
import type { Need } from './server-process.ts';

export { freePort } from './free-port.ts';
export { findBinary, type Need, type RealServer } from './server-process.ts';

/**
 * Describes what needs a server: skipped by name where it is missing, a failure with
 * REQUIRE_SERVICES=1.
 */
export function describeWith(need: Need, name: string, body: () => void): void {
  const missing = `${name} [needs the Debian package ${need.debian}]`;
  if (need.found) describe(name, body);
  else if (process.env.REQUIRE_SERVICES !== '1') describe.skip(missing, body);
  else {
    test(missing, () => {
      throw new Error(`REQUIRE_SERVICES=1, and ${need.debian} is not installed`);
    });
  }
}

/**
 * As {@link describeWith}, for what takes more than a minute: only with REQUIRE_SERVICES=1, as in
 * `.ci/run`.
 */
export function describeLongWith(need: Need, name: string, body: () => void): void {
  if (process.env.REQUIRE_SERVICES === '1') describeWith(need, name, body);
  else describe.skip(`${name} [takes more than a minute: REQUIRE_SERVICES=1 runs it]`, body);
}
