// Shared loads. A reader joins a running load only if it started late enough for that reader. At
// most two loads of a key run; all readers that need a later one share the load that starts when
// the first ends.

/** A load in flight and its number in the sequence. Never rejects. */
interface Flight<R> {
  readonly seq: number;
  readonly settled: Promise<R>;
}

interface Flights<R> {
  running: readonly Flight<R>[];
  waiting: Promise<R> | null;
}

const MAX_RUNNING = 2;

/** Loads in flight by key. `R` is the result of a load, which may be a failure. */
export class SingleFlight<R> {
  readonly #table = new Map<string, Flights<R>>();

  /**
   * The result of a load of `id` whose number is higher than `after`: a running load if there is
   * one, otherwise a new one. `start` is called at most once, when the load starts. It returns its
   * number and a promise that never rejects.
   */
  join(id: string, after: number, start: () => { seq: number; result: Promise<R> }): Promise<R> {
    const flights = this.#table.get(id) ?? { running: [], waiting: null };
    this.#table.set(id, flights);
    const joinable = flights.running.find((flight) => flight.seq > after);
    if (joinable !== undefined) return joinable.settled;
    // Until the waiting load starts, the slot of the load that ended stays reserved for it.
    if (flights.waiting === null && flights.running.length < MAX_RUNNING) return this.#start(id, flights, start);
    // All waiting readers arrived before this load starts, so it is late enough for each of them.
    flights.waiting ??= Promise.race(flights.running.map((flight) => flight.settled)).then(() => {
      flights.waiting = null;
      return this.#start(id, flights, start);
    });
    return flights.waiting;
  }

  /** Whether a load with a number higher than `after` is running, or waits to start. */
  has(id: string, after: number): boolean {
    const flights = this.#table.get(id);
    return flights !== undefined && (flights.waiting !== null || flights.running.some(({ seq }) => seq > after));
  }

  /** Number of loads in flight, of one key or of all. */
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
