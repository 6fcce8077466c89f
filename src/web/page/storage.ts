// What the page keeps in the browser. A browser may deny storage to a page in another site's frame:
// then it is kept as long as the page is open.

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

function inMemory(): Kept {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

const memory = { localStorage: inMemory(), sessionStorage: inMemory() };

function storage(name: keyof typeof memory): Kept {
  try {
    return globalThis[name];
  } catch {
    return memory[name];
  }
}

/** Kept for this browser. */
export const forBrowser = (): Kept => storage('localStorage');
/** Kept for this tab. */
export const forTab = (): Kept => storage('sessionStorage');
