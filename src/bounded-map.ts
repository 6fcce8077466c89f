// A map with a maximum size: when it is full, the entry that was set longest ago is dropped.

/** `onDrop` is called with each entry that is dropped because of the size. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #limit: number;
  readonly #onDrop: (key: K, value: V) => void;

  constructor(limit: number, onDrop: (key: K, value: V) => void = () => {}) {
    this.#limit = limit;
    this.#onDrop = onDrop;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** Sets the entry and makes it the newest. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const oldest = this.#entries.entries().next().value;
    if (oldest === undefined) return;
    this.#entries.delete(oldest[0]);
    this.#onDrop(...oldest);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** At most the limit. */
  get size(): number {
    return this.#entries.size;
  }
}
