// Delivers changes of enrollments and of who teaches to the services that keep a copy. Pending
// deliveries are in tables, so they survive a restart. A subscriber that fails is retried with
// longer and longer pauses and does not delay the others. At least once, in no fixed order.

import type { Clock } from '../../clock.ts';
import { reportError } from '../../diagnostics.ts';
import { doublingPause } from '../../durations.ts';
import type { Membership } from '../shared/memberships.ts';
import type { Database } from '../storage/database.ts';
import { instant } from '../storage/sql.ts';

/** A service that keeps a copy of memberships. */
export interface EnrollmentSubscriber {
  readonly name: string;
  /**
   * Resolves when the subscriber has stored it; rejects otherwise. It should end within about a
   * second.
   */
  deliver(course: string, user: string, enrolled: boolean, revision: number, since: string | null): Promise<void>;
  /** As `deliver`, for whether a user teaches a course. */
  deliverTeaching(course: string, user: string, teaches: boolean, revision: number): Promise<void>;
  /** As `deliver`, for a lecture whose attendance checks move with it. */
  deliverMove(move: LectureMove): Promise<void>;
}

/** A lecture that was rescheduled. Instants as UTC text. */
export interface LectureMove {
  readonly course: string;
  readonly lecture: string;
  readonly wasStartsAt: string;
  readonly wasEndsAt: string;
  readonly startsAt: string;
  readonly revision: number;
}

/**
 * The subscriber has answered, and refuses the delivery. After ten refusals it is set aside: it
 * stays in its table, and is delivered again with the next change of the same key.
 */
export class DeliveryRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'DeliveryRefused';
  }
}

/** The outgoing queue of one lecture service. */
export interface OutgoingQueue {
  /** Names of the subscribers. */
  readonly subscribers: readonly string[];
  /**
   * Attempts all pending deliveries now; resolves when all were attempted, at the latest after
   * `waitMs`. Never rejects.
   */
  attempt(waitMs: number): Promise<void>;
  /** Looks for deliveries that nobody attempted, e.g. of a process that ended after its write. */
  sweep(): void;
  /** Stops retrying; resolves when running deliveries have ended. */
  close(): Promise<void>;
}

const AT_ONCE = 20;
const RETRY_FIRST_MS = 1_000;
const MAX_RETRY_MS = 30_000;
const MAX_REFUSALS = 10;

/** Creates the queue; nothing is delivered before the first `attempt`. */
export function createOutgoingQueue(
  database: Database,
  subscribers: readonly EnrollmentSubscriber[],
  clock: Clock,
): OutgoingQueue {
  const lanes = subscribers.flatMap((subscriber) =>
    [ENROLLMENTS, STAFF, MOVES].map((topic) => new Worker(database, subscriber, topic, clock)),
  );
  return {
    subscribers: subscribers.map((subscriber) => subscriber.name),
    attempt: (waitMs) => {
      let cancel: () => void = () => undefined;
      const waited = new Promise<void>((resolve) => {
        cancel = clock.after(waitMs, resolve);
      });
      const tried = Promise.all(lanes.map((lane) => lane.run())).then(() => cancel());
      return Promise.race([tried, waited]);
    },
    sweep: () => {
      for (const lane of lanes) lane.sweep();
    },
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

function setAside(subscriber: string, table: string, course: string, cause: unknown): Error {
  return new Error(`${subscriber} refused a delivery of ${course} ten times: it is set aside in ${table}`, { cause });
}

/** One kind of deliveries: its table, what is sent, as SQL over the table `d`, and how. */
interface Topic {
  readonly table: string;
  /** The column that names what changed in the course. */
  readonly key: 'user_id' | 'lecture';
  readonly state: string;
  readonly send: (subscriber: EnrollmentSubscriber, pending: Pending) => Promise<void>;
}

/** What is pending: the key as `user`, and what its topic sends. */
interface Pending extends Omit<Membership, 'enrolled'>, Partial<Omit<LectureMove, 'course' | 'revision'>> {
  readonly enrolled?: boolean;
  readonly teaches?: boolean;
}

const ENROLLMENTS: Topic = {
  table: 'lecture.delivery',
  key: 'user_id',
  state: `d.enrolled, (SELECT ${instant('e.since')} FROM lecture.enrollment e
    WHERE e.course = d.course AND e.user_id = d.user_id) AS since`,
  send: (subscriber, { course, user, enrolled = false, revision, since = null }) =>
    subscriber.deliver(course, user, enrolled, revision, since),
};

const STAFF: Topic = {
  table: 'lecture.staff_delivery',
  key: 'user_id',
  state: `EXISTS (SELECT FROM lecture.staff s WHERE s.course = d.course AND s.user_id = d.user_id) AS teaches`,
  send: (subscriber, { course, user, teaches = false, revision }) =>
    subscriber.deliverTeaching(course, user, teaches, revision),
};

const MOVES: Topic = {
  table: 'lecture.move_delivery',
  key: 'lecture',
  state: `${instant('d.was_starts_at')} AS "wasStartsAt", ${instant('d.was_ends_at')} AS "wasEndsAt",
    (SELECT ${instant('i.starts_at')} FROM lecture.item i WHERE i.ern = d.lecture) AS "startsAt"`,
  send: async (subscriber, { course, user: lecture, wasStartsAt = '', wasEndsAt = '', startsAt, revision }) => {
    // A lecture that was cancelled since has no new time.
    if (startsAt == null) return;
    await subscriber.deliverMove({ course, lecture, wasStartsAt, wasEndsAt, startsAt, revision });
  },
};

/** The deliveries of one topic to one subscriber, one pass at a time. */
class Worker {
  readonly #database: Database;
  readonly #subscriber: EnrollmentSubscriber;
  readonly #topic: Topic;
  readonly #clock: Clock;
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #closed = false;
  #cancelRetry: () => void = () => undefined;

  constructor(database: Database, subscriber: EnrollmentSubscriber, topic: Topic, clock: Clock) {
    this.#database = database;
    this.#subscriber = subscriber;
    this.#topic = topic;
    this.#clock = clock;
  }

  /**
   * Delivers everything that is pending. A running pass may have read the table too early, so
   * another one follows it.
   */
  run(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#passes().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** As `run`, unless it will try again by itself. */
  sweep(): void {
    if (this.#failures === 0) void this.run();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry();
    await this.#running;
  }

  async #passes(): Promise<void> {
    this.#cancelRetry();
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        await this.#pass();
        this.#failures = 0;
      } catch (error) {
        reportError(error);
        this.#failures += 1;
      }
    }
    if (this.#failures > 0 && !this.#closed) this.#retryLater();
  }

  #retryLater(): void {
    const wait = doublingPause(this.#failures, RETRY_FIRST_MS, MAX_RETRY_MS);
    this.#cancelRetry = this.#clock.after(wait, () => void this.run());
  }

  /**
   * The least attempted come first, so that a delivery that always fails does not block the others.
   */
  async #pass(): Promise<void> {
    const { table, key, state } = this.#topic;
    const pending = await this.#database.query<Pending>(
      `SELECT d.course, d.${key} AS user, d.revision, ${state} FROM ${table} d
       WHERE subscriber = $1 AND refusals < ${MAX_REFUSALS} ORDER BY attempts, course, d.${key} LIMIT ${AT_ONCE}`,
      [this.#subscriber.name],
    );
    const results = await Promise.allSettled(pending.map((one) => this.#deliver(one)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if (pending.length === AT_ONCE) this.#again = true;
  }

  async #deliver(pending: Pending): Promise<void> {
    const { table, send } = this.#topic;
    const { course, user, revision } = pending;
    const which = [this.#subscriber.name, course, user, revision];
    try {
      await send(this.#subscriber, pending);
    } catch (error) {
      const refused = error instanceof DeliveryRefused ? 1 : 0;
      const [row] = await this.#write(
        `UPDATE ${table} SET attempts = attempts + 1, refusals = refusals + ${refused}`,
        which,
      );
      if (refused > 0 && row?.refusals === MAX_REFUSALS)
        reportError(setAside(this.#subscriber.name, table, course, error));
      throw error;
    }
    // Only this revision: a newer one may have been written since.
    await this.#write(`DELETE FROM ${table}`, which);
  }

  #write(change: string, which: readonly unknown[]): Promise<{ readonly refusals: number }[]> {
    const { key } = this.#topic;
    const sql = `${change} WHERE subscriber = $1 AND course = $2 AND ${key} = $3 AND revision = $4 RETURNING refusals`;
    return this.#database.transaction((tx) => tx.query(sql, which));
  }
}
