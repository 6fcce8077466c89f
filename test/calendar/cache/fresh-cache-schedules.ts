// Random schedules for a cache. Small on purpose: two keys and at most sixteen steps reach every
// race, and shrink to something readable.
import fc from 'fast-check';
import type { FailureReason } from '../../../src/errors.ts';

export type Key = 'a' | 'b';

/** One thing that happens; `nth` picks among the running loads, times are milliseconds. */
export type Action =
  | { do: 'read'; key: Key; maxAge: number | undefined; waitMs: number | undefined }
  | { do: 'write'; key: Key; name: 'own' | 'group' | 'all' }
  | { do: 'see'; nth: number }
  | { do: 'land'; nth: number }
  | { do: 'fail'; nth: number; reason: FailureReason; retryAfterMs: number }
  | { do: 'advance'; ms: number };

/**
 * What happens, and how many promise turns pass before the next thing does; null lets everything
 * settle.
 */
export type Step = Action & { then: number | null };

const key = fc.constantFrom<Key>('a', 'b');
const nth = fc.nat({ max: 3 });
/** Most readers ask for nothing special. */
const sometimes = <T>(...values: T[]) => fc.constantFrom(undefined, undefined, undefined, undefined, ...values);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('read'), key, maxAge: sometimes(0, 500, 20_000), waitMs: sometimes(50) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write'), key, name: fc.constantFrom('own', 'group', 'all') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('see'), nth }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('land'), nth }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail'),
      nth,
      reason: fc.constantFrom<FailureReason>('UNREACHABLE', 'OVERLOADED', 'CIRCUIT_OPEN'),
      retryAfterMs: fc.constantFrom(0, 5_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.constantFrom(60, 600, 1_100, 31_000, 95_000) }),
  },
) as fc.Arbitrary<Action>;

/** Small schedules: each is one life of a cache. */
export const schedules: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .tuple(action, fc.option(fc.nat({ max: 4 }), { nil: null, freq: 2 }))
    .map(([what, then]): Step => ({ ...what, then })),
  { minLength: 3, maxLength: 16 },
);
