// Measures how long after an edit My Page shows it, and the calls to the services meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealGraph } from '../harness/real-graph.ts';

const DAY_MS = 86_400_000;
const UNCOUNTED = 10;
/** A student's month, as My Page asks for it. Times as in the sample data: today is in it. */
const PAGE = `query ($from: DateTime!, $to: DateTime!) { viewer { calendar(from: $from, to: $to) {
  completeness events { ern kind title startsAt endsAt course { ern title color } }
} } }`;
const MOVE = `mutation ($ern: ERN!, $startsAt: DateTime!, $endsAt: DateTime!, $room: String) {
  rescheduleLecture(ern: $ern, startsAt: $startsAt, endsAt: $endsAt, room: $room) { ern }
}`;

interface Shown {
  readonly ern: string;
  readonly kind: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** One who reads and one who edits: not the same, so that it shows by being heard of alone. */
export class Probe {
  readonly #graph: RealGraph;
  readonly #window = { from: iso(Date.now() - 15 * DAY_MS), to: iso(Date.now() + 15 * DAY_MS) };

  readonly #write: RealGraph['query'];

  /** `write`: how edits are made. Default through the gateway. */
  constructor(graph: RealGraph, write = graph.query) {
    this.#graph = graph;
    this.#write = write;
  }

  /** What student-1 has in the month. */
  async page(): Promise<readonly Shown[]> {
    type Page = { viewer: { calendar: { events: readonly Shown[] } } };
    const { body, text } = await this.#graph.query<Page>('student-1', PAGE, this.#window);
    if (body.errors !== undefined) throw new Error(text);
    return body.data.viewer.calendar.events;
  }

  /**
   * Student-1's lectures of the month, but for its first and last day: none of these is moved out
   * of what is read.
   */
  async lectures(): Promise<readonly Shown[]> {
    const [first, last] = [Date.parse(this.#window.from) + DAY_MS, Date.parse(this.#window.to) - DAY_MS];
    const isInside = (instant: number) => first < instant && instant < last;
    return (await this.page()).filter(({ kind, startsAt }) => kind === 'LECTURE' && isInside(Date.parse(startsAt)));
  }

  /**
   * Moves a lecture by so many minutes from where it was given; resolves when the mutation is
   * answered.
   */
  async move({ ern, startsAt, endsAt }: Shown, minutes: number): Promise<string> {
    const moved = {
      startsAt: iso(Date.parse(startsAt) + minutes * 60_000),
      endsAt: iso(Date.parse(endsAt) + minutes * 60_000),
    };
    const { body, text } = await this.#write('admin-1', MOVE, { ern, ...moved });
    if (body.errors !== undefined) throw new Error(text);
    return moved.startsAt;
  }

  /**
   * Milliseconds from sending an edit until it shows, for each of so many edits. Reads are 5 ms
   * apart; before each edit there is a random pause, so that edits fall anywhere between two rounds
   * of polling readers. The first ten are not counted: code that runs for the first time is
   * compiled, and what was read just after the start is read once more.
   */
  async edits(count: number, mostPauseMs: number): Promise<number[]> {
    // One of each course: a slice that is edited again within a second is not read again within it.
    const lectures = [...new Map((await this.lectures()).map((one) => [one.ern.split('/lecture/')[0], one])).values()];
    const waits: number[] = [];
    for (let edit = 0; edit < UNCOUNTED + count; edit += 1) {
      await sleep(200 + Math.random() * mostPauseMs);
      const lecture = lectures[edit % lectures.length] as Shown;
      const begin = performance.now();
      const startsAt = Date.parse(await this.move(lecture, 1 + edit));
      const shows = ({ ern, startsAt: at }: Shown) => ern === lecture.ern && Date.parse(at) === startsAt;
      while (!(await this.page()).some(shows)) await sleep(5);
      waits.push(performance.now() - begin);
    }
    return waits.slice(UNCOUNTED);
  }

  /**
   * For so long (milliseconds) the page is read ten times a second, and `perSecond` edits are made.
   */
  async traffic(forMs: number, perSecond: number): Promise<void> {
    const lectures = await this.lectures();
    const end = performance.now() + forMs;
    const every = async (pauseMs: number, work: (turn: number) => Promise<unknown>) => {
      for (let turn = 0; performance.now() < end; turn += 1) await Promise.all([work(turn), sleep(pauseMs)]);
    };
    const edit = (turn: number) => this.move(lectures[turn % lectures.length] as Shown, turn % 50);
    await Promise.all([every(100, () => this.page()), ...(perSecond > 0 ? [every(1_000 / perSecond, edit)] : [])]);
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
