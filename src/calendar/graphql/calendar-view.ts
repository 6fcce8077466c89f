// A calendar as the schema shows it. Days, summary and conflicts are computed only when they are
// asked for.
import type { ScheduleEvent } from '../model/event.ts';
import type { CalendarReading } from '../read/read-calendar.ts';
import type { Window } from '../read/window.ts';
import { conflictsOf } from '../shape/conflicts.ts';
import { daysOf } from '../shape/days.ts';
import { summarise } from '../shape/summary.ts';
import { type CalendarArgs, packToken } from '../shape/sync-token.ts';
import { digestOf, versionOf } from '../shape/version.ts';
import { EventView, instantsOf, type RenderContext, statusView } from './event-view.ts';

/** The answer to one query for one user. */
export class CalendarView {
  readonly #reading: CalendarReading;
  readonly #renderContext: RenderContext;
  readonly #window: Window;
  readonly #args: CalendarArgs;
  readonly #userId: string;
  #views: ReadonlyMap<ScheduleEvent, EventView> | undefined;

  constructor(
    userId: string,
    args: CalendarArgs,
    window: Window,
    reading: CalendarReading,
    renderContext: RenderContext,
  ) {
    this.#userId = userId;
    this.#args = args;
    this.#window = window;
    this.#reading = reading;
    this.#renderContext = renderContext;
  }

  get from() {
    return this.#renderContext.zone.format(this.#window.from);
  }
  get to() {
    return this.#renderContext.zone.format(this.#window.to);
  }
  get timeZone() {
    return this.#renderContext.zone.name;
  }
  get now() {
    this.#renderContext.recorder.refuse();
    return this.#renderContext.zone.format(this.#renderContext.now);
  }
  get events() {
    return [...this.#viewOf().values()];
  }
  get days() {
    const { zone, now } = this.#renderContext;
    const today = zone.dateOf(now);
    this.#dependsOnToday();
    return daysOf(this.#reading.events, this.#window, zone).map(({ date, segments }) => ({
      date,
      isToday: date === today,
      count: segments.length,
      segments: segments.map(({ event, startsAt, endsAt, isStart, isEnd }) => ({
        event: this.#viewed(event),
        startsAt: zone.format(startsAt),
        endsAt: zone.format(endsAt),
        isStart,
        isEnd,
      })),
    }));
  }
  get summary() {
    this.#dependsOnToday();
    this.#dependsOnEvents();
    const summary = summarise(this.#reading.events, this.#renderContext.now, this.#renderContext.zone);
    return { ...summary, byKind: [...summary.byKind] };
  }
  get conflicts() {
    this.#dependsOnEvents();
    const { zone, now } = this.#renderContext;
    return conflictsOf(this.#reading.events, now).map(({ kind, startsAt, endsAt, events }) => ({
      kind,
      startsAt: zone.format(startsAt),
      endsAt: zone.format(endsAt),
      events: events.map((event) => this.#viewed(event)),
    }));
  }
  get completeness() {
    return this.#reading.completeness;
  }
  get sources() {
    return this.#reading.sources.map((status) => statusView(status, this.#renderContext));
  }
  get version() {
    return digestOf(this.#reading.events);
  }
  get syncToken() {
    const versions = new Map(this.#reading.events.map((event) => [event.id, versionOf(event)]));
    return packToken({ userId: this.#userId, args: this.#args, at: this.#renderContext.now, versions });
  }

  #dependsOnToday(): void {
    const { zone, now, recorder } = this.#renderContext;
    const { from, to } = zone.dayAround(now);
    recorder.changesAt(now, from, to);
  }

  #dependsOnEvents(): void {
    const { now, recorder } = this.#renderContext;
    for (const event of this.#reading.events) recorder.changesAt(now, ...instantsOf(event));
  }

  #viewOf(): ReadonlyMap<ScheduleEvent, EventView> {
    this.#views ??= new Map(this.#reading.events.map((event) => [event, new EventView(event, this.#renderContext)]));
    return this.#views;
  }

  #viewed(event: ScheduleEvent): EventView {
    return this.#viewOf().get(event) ?? new EventView(event, this.#renderContext);
  }
}
