// The built program (`npm run build`), which is what is deployed: run from its source with tsx,
// each inner function is given its name whenever it is made.

/** A file of the built program, with the types of its source. */
export function built<T>(path: string): Promise<T> {
  return import(new URL(`../../dist/${path}.js`, import.meta.url).href) as Promise<T>;
}
