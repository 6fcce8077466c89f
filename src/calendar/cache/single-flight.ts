// Who may share a load. A reader joins a running load only if that load started late enough for the
// reader; at most two run per key, and everyone who needs a still later one shares the one that
// starts when the first ends.

/** A load's result with its place in the sequence. Never rejects. */
interface Flight<R> {
  readonly seq: number;
  readonly settled: Promise<R>;
}

interface Flights<R> {
  running: readonly Flight<R>[];
  waiting: Promise<R> | null;
}

const MAX_RUNNING = 2;

/** Running loads by key. `R` is whatever a load comes to; failing is a result too. */
export class SingleFlight<R> {
  readonly #table = new Map<string, Flights<R>>();

  /**
   * The result of a load of `id` whose number is above `after`: a running one if there is, else a
   * new one. `start` is called at most once, when the load starts; it answers the number drawn and
   * a promise that never rejects.
   */
  join(id: string, after: number, start: () => { seq: number; result: Promise<R> }): Promise<R> {
    const flights = this.#table.get(id) ?? { running: [], waiting: null };
    this.#table.set(id, flights);
    const joinable = flights.running.find((flight) => flight.seq > after);
    if (joinable !== undefined) return joinable.settled;
    // Between a landing and the start of the load that waited for it the place is taken, though
    // fewer run.
    if (flights.waiting === null && flights.running.length < MAX_RUNNING) return this.#start(id, flights, start);
    // Whoever waits here arrived before it starts, so it is late enough for all of them.
    flights.waiting ??= Promise.race(flights.running.map((flight) => flight.settled)).then(() => {
      flights.waiting = null;
      return this.#start(id, flights, start);
    });
    return flights.waiting;
  }

  /** Whether a load above `after` is running. */
  has(id: string, after: number): boolean {
    return this.#table.get(id)?.running.some((flight) => flight.seq > after) ?? false;
  }

  /** Loads running now, of one key or of all. */
  running(id?: string): number {
    if (id !== undefined) return this.#table.get(id)?.running.length ?? 0;
    let running = 0;
    for (const flights of this.#table.values()) running += flights.running.length;
    return running;
  }

  #start(id: string, flights: Flights<R>, start: () => { seq: number; result: Promise<R> }): Promise<R> {
    const { seq, result } = start();
    const settled = result.then((outcome) => {
      flights.running = flights.running.filter((flight) => flight.seq !== seq);
      if (flights.running.length === 0 && flights.waiting === null) this.#table.delete(id);
      return outcome;
    });
    flights.running = [...flights.running, { seq, settled }];
    return settled;
  }
}
