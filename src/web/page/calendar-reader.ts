// Reads the calendar for the page: a whole window, or the changes since. Only the latest read
// counts: the answers of earlier ones are dropped.
import { DOCUMENTS } from '../operations/documents.ts';
import { ask, askWithClock, GraphError } from './graph.ts';
import type { Changes, MyPage, Search } from './graph-types.ts';
import { fromMyPage, type Loaded, type Window, withChanges } from './model.ts';

/** Reads with the user's current token: the own calendar, or another's. */
export class CalendarReader {
  readonly #token: () => string;
  /** Null: the signed-in user. */
  readonly #user: string | null;
  #reading = new AbortController();
  /** Number of whole windows that are being read. */
  #windows = 0;

  constructor(token: () => string, user: string | null) {
    this.#token = token;
    this.#user = user;
  }

  /** Whether a window is being read. */
  get isReading(): boolean {
    return this.#windows > 0;
  }

  /**
   * Reads a window; null when another read has started since. `maxAge` in seconds. Throws
   * GraphError; FORBIDDEN for a calendar that the user may not see.
   */
  async read(window: Window, maxAge?: number): Promise<Loaded | null> {
    const reading = this.#begin();
    const variables = { ...window, maxAge: maxAge ?? null };
    const asking = this.#ask<MyPage>(DOCUMENTS.myPage, DOCUMENTS.pageOf, variables, reading.signal);
    this.#windows += 1;
    try {
      return await this.#unlessOver(reading, asking, ({ data, clockOffset }) => fromMyPage(data, window, clockOffset));
    } finally {
      this.#windows -= 1;
    }
  }

  /**
   * Adds the changes since `loaded`; null when another read has started since. Throws GraphError.
   */
  async update(loaded: Loaded): Promise<Loaded | null> {
    const reading = this.#begin();
    const variables = { ...loaded.window, since: loaded.syncToken };
    const asking = this.#ask<Changes>(DOCUMENTS.changes, DOCUMENTS.changesOf, variables, reading.signal);
    return this.#unlessOver(reading, asking, ({ data, clockOffset }) => withChanges(loaded, data, clockOffset));
  }

  /** Finds events by a part of their title. Throws GraphError. It is not a read of the calendar. */
  async search(text: string, window: Window): Promise<NonNullable<Search['viewer']>['calendar']> {
    const [document, given] = this.#user === null ? [DOCUMENTS.search, {}] : [DOCUMENTS.searchOf, { user: this.#user }];
    const { viewer } = await ask<Search>(this.#token(), document, { text, ...window, ...given });
    if (viewer === null) throw new GraphError('FORBIDDEN', 'You have no access to this calendar.');
    return viewer.calendar;
  }

  async #ask<A extends MyPage | Changes>(own: string, other: string, variables: object, signal: AbortSignal) {
    const [document, given] = this.#user === null ? [own, variables] : [other, { ...variables, user: this.#user }];
    const answer = await askWithClock<A>(this.#token(), document, given, signal);
    if (answer.data.viewer === null) throw new GraphError('FORBIDDEN', 'You have no access to this calendar.');
    return answer;
  }

  /** Drops the read in flight, if any. */
  cancel(): void {
    this.#reading.abort();
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
