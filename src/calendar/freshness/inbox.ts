// A queue between callbacks and one reader, which takes everything that has arrived since its last
// call.

/** Items may be added at any time; one reader takes them. */
export class Inbox<T> {
  #items: T[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /**
   * Ends the queue: `take` throws this error after the remaining items were taken. The first error
   * counts.
   */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** All items, waiting until there is at least one. Throws the error given to `fail`. */
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
