// What a cache holds, within its bytes; the least recently used values are evicted first. Values
// that say that there is nothing have a small part of their own, so that unknown keys evict no
// known ones.
import { LRUCache } from 'lru-cache';

/** Maximum number of empty values. */
const MAX_EMPTY = 1_000;

/** Bytes of an entry besides its value and its key: measured, see `test/calendar/memory`. */
const ENTRY_BYTES = 320;

/** A bounded map from identities to entries. */
export class Store<E extends object> {
  readonly #full: LRUCache<string, E>;
  readonly #empty = new LRUCache<string, E>({ max: MAX_EMPTY, maxSize: Number.MAX_SAFE_INTEGER });

  /** `maxBytes`: of all entries that are not empty. */
  constructor(maxBytes: number) {
    this.#full = new LRUCache({ maxSize: maxBytes });
  }

  /** The entry, which becomes the most recently used one. */
  get(id: string): E | undefined {
    return this.#full.get(id) ?? this.#empty.get(id);
  }

  /** The entry, without using it. */
  peek(id: string): E | undefined {
    return this.#full.peek(id) ?? this.#empty.peek(id);
  }

  /** `bytes`: of the value, and at least 1. */
  set(id: string, entry: E, bytes: number, isEmpty: boolean): void {
    const [to, from] = isEmpty ? [this.#empty, this.#full] : [this.#full, this.#empty];
    from.delete(id);
    to.set(flat(id), entry, { size: Math.max(1, Math.ceil(bytes)) });
  }

  /** Number of entries and their bytes. */
  get size(): { readonly entries: number; readonly bytes: number } {
    const { calculatedSize: full } = this.#full;
    return { entries: this.#full.size + this.#empty.size, bytes: full + this.#empty.calculatedSize };
  }
}

/**
 * A copy in one piece: V8 keeps a joined text as its parts, with all that they are parts of. Names
 * and user ids have no unpaired surrogates, which a copy would lose.
 */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

/** Bytes of an entry with a text as its key, besides its value. */
export function bytesOfEntry(id: string): number {
  return ENTRY_BYTES + bytesOfText(id);
}

/** Bytes of a text: its header, and its characters, which take two bytes beyond Latin-1. */
export function bytesOfText(text: string): number {
  return 20 + text.length * (/[\u0100-\uffff]/.test(text) ? 2 : 1);
}
