// Between a source of callbacks and one reader: what came since the last look is taken all at once.

/** Items put in at any time, taken out by one reader. */
export class Inbox<T> {
  #items: T[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /**
   * Nothing more will come: `take` throws this once what came before is taken. The first failure
   * counts.
   */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** Everything there is, waiting until there is something. Throws what `fail` was given. */
  async take(): Promise<readonly T[]> {
    while (this.#items.length === 0) {
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const items = this.#items;
    this.#items = [];
    return items;
  }
}
