// Reads the calendar for the page: a whole window, or what changed since. One reading at a time
// counts: an answer to a question that is no longer asked is dropped.
import { DOCUMENTS } from '../operations/documents.ts';
import { ask, GraphError } from './graph.ts';
import type { Changes, MyPage } from './graph-types.ts';
import { fromMyPage, type Loaded, type Window, withChanges } from './model.ts';

/** Reads with one user's token, their own calendar or another's. */
export class CalendarReader {
  readonly #token: string;
  /** Null: the signed-in user. */
  readonly #user: string | null;
  #reading = new AbortController();
  /** How many whole windows are asked for. */
  #windows = 0;

  constructor(token: string, user: string | null) {
    this.#token = token;
    this.#user = user;
  }

  /** Whether a window is being read. */
  get isReading(): boolean {
    return this.#windows > 0;
  }

  /**
   * The window's answer; null when another reading has begun since. `maxAge` in seconds. Throws
   * GraphError, FORBIDDEN for a calendar one may not see.
   */
  async read(window: Window, maxAge?: number): Promise<Loaded | null> {
    const reading = this.#begin();
    const variables = { ...window, maxAge: maxAge ?? null };
    const asking = this.#ask<MyPage>(DOCUMENTS.myPage, DOCUMENTS.pageOf, variables, reading.signal);
    this.#windows += 1;
    try {
      return await this.#unlessOver(reading, asking, (answer) => fromMyPage(answer, window, Date.now()));
    } finally {
      this.#windows -= 1;
    }
  }

  /**
   * What was loaded, with what changed since; null when another reading has begun since. Throws
   * GraphError.
   */
  async update(loaded: Loaded): Promise<Loaded | null> {
    const reading = this.#begin();
    const variables = { ...loaded.window, since: loaded.syncToken };
    const asking = this.#ask<Changes>(DOCUMENTS.changes, DOCUMENTS.changesOf, variables, reading.signal);
    return this.#unlessOver(reading, asking, (answer) => withChanges(loaded, answer, Date.now()));
  }

  async #ask<A extends MyPage | Changes>(own: string, other: string, variables: object, signal: AbortSignal) {
    const [document, given] = this.#user === null ? [own, variables] : [other, { ...variables, user: this.#user }];
    const answer = await ask<A>(this.#token, document, given, signal);
    if (answer.viewer === null) throw new GraphError('FORBIDDEN', 'This calendar is not yours to read.');
    return answer;
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
