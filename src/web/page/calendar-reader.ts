// Reads the calendar for the page: a whole window, or what changed since. One reading at a time counts: an answer to a
// question that is no longer asked is dropped.
import { DOCUMENTS } from '../operations/documents.ts';
import type { Changes, MyPage } from './answers.ts';
import { ask } from './graph.ts';
import { fromMyPage, type Loaded, type Window, withChanges } from './model.ts';

/** Reads with one user's token. */
export class CalendarReader {
  readonly #token: string;
  #reading = new AbortController();
  /** How many whole windows are asked for. */
  #windows = 0;

  constructor(token: string) {
    this.#token = token;
  }

  /** Whether a window is being read. */
  get isReading(): boolean {
    return this.#windows > 0;
  }

  /** The window's answer; null when another reading has begun since, or nobody is signed in. `maxAge` in seconds. Throws GraphError. */
  async read(window: Window, maxAge?: number): Promise<Loaded | null> {
    const reading = this.#begin();
    const variables = { ...window, maxAge: maxAge ?? null };
    const asking = ask<MyPage>(this.#token, DOCUMENTS.myPage, variables, reading.signal);
    this.#windows += 1;
    try {
      return await this.#unlessOver(reading, asking, (answer) => fromMyPage(answer, window, Date.now()));
    } finally {
      this.#windows -= 1;
    }
  }

  /** What was loaded, with what changed since; null when another reading has begun since. Throws GraphError. */
  async update(loaded: Loaded): Promise<Loaded | null> {
    const reading = this.#begin();
    const variables = { ...loaded.window, since: loaded.syncToken };
    return this.#unlessOver(
      reading,
      ask<Changes>(this.#token, DOCUMENTS.changes, variables, reading.signal),
      (answer) => withChanges(loaded, answer, Date.now()),
    );
  }

  #begin(): AbortController {
    this.#reading.abort();
    this.#reading = new AbortController();
    return this.#reading;
  }

  async #unlessOver<A, T>(reading: AbortController, asking: Promise<A>, take: (answer: A) => T): Promise<T | null> {
    try {
      const answer = await asking;
      return reading.signal.aborted ? null : take(answer);
    } catch (error) {
      if (reading.signal.aborted) return null;
      throw error;
    }
  }
}
