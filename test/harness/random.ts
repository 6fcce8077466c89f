// Random numbers that a seed repeats.

/** Numbers in [0, 1) by Marsaglia's xorshift32; the seed is any whole number but 0. */
export function xorshift(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
