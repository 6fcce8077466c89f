// Work that begins at a constant rate, whether earlier work is done or not, as users do.

/** Running work. */
export interface Paced {
  /** Nothing further begins; resolves when all is done. */
  stop(): Promise<void>;
}

/** Begins `work` with 1, 2, 3 … so many times a second. It must not reject. */
export function paced(perSecond: number, work: (n: number) => Promise<void>): Paced {
  const open = new Set<Promise<void>>();
  let begun = 0;
  const timer = setInterval(() => {
    begun += 1;
    const running = work(begun).finally(() => open.delete(running));
    open.add(running);
  }, 1_000 / perSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}
