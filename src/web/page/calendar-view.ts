// The stage: the period's events as month, week or list, or the shape of what is to come while
// nobody knows yet. What stays between two drawings is kept: the grid, the focus, what was
// unfolded.

import { at, h } from './dom.ts';
import type { Locale } from './event-mark.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { createGrid, type Grid } from './grid.ts';
import { drawList } from './list.ts';
import type { Language, Messages } from './messages.ts';
import type { View } from './preferences.ts';
import { addDays, addMonths, formatter, weekOf } from './zone.ts';

/** What is to be shown. */
export interface ViewState {
  readonly view: View;
  /** Any day of the period, YYYY-MM-DD. */
  readonly day: string;
  readonly today: string;
  readonly events: readonly ScheduleEvent[];
  readonly locale: Locale;
  /** The server's clock, in milliseconds. */
  readonly now: () => number;
  readonly onOpen: (event: ScheduleEvent) => void;
}

/** Draws on `#stage`. */
export class CalendarView {
  readonly #place = at('stage');
  #grid: Grid | null = null;

  /** Shows a view; what did not change since the last one stays as it is. */
  draw(viewState: ViewState): void {
    this.#place.ariaBusy = 'false';
    keepingFocus(this.#place, () =>
      viewState.view === 'list' ? this.#drawList(viewState) : this.#drawGrid(viewState, viewState.view),
    );
  }

  /** Before another language, view or width: the next view is drawn from nothing. */
  clear(): void {
    this.#grid?.destroy();
    this.#grid = null;
    this.#place.replaceChildren();
  }

  /** Before the first answer: the shape of a month. */
  wait(messages: Messages): void {
    const cells = Array.from({ length: 35 }, () => h('div', { className: 'skeleton cell' }));
    this.#place.ariaBusy = 'true';
    this.#place.replaceChildren(
      h('div', { className: 'waiting', role: 'status', aria: { label: messages.loading } }, ...cells),
    );
  }

  /** Whether an answer is awaited; what is shown is another period's. */
  set isBusy(isBusy: boolean) {
    this.#place.ariaBusy = String(isBusy);
  }

  #drawList({ events, day, today, locale, onOpen }: ViewState): void {
    const wasUnfolded = this.#place.querySelector('.past')?.hasAttribute('open') ?? false;
    const list = drawList(events, { from: `${day.slice(0, 7)}-01`, to: addMonths(day, 1), today, locale, onOpen });
    list.querySelector('.past')?.toggleAttribute('open', wasUnfolded);
    this.#place.replaceChildren(list);
  }

  #drawGrid({ events, day, locale, now, onOpen }: ViewState, view: 'month' | 'week'): void {
    if (this.#grid === null) {
      this.#place.replaceChildren();
      this.#grid = createGrid(this.#place.appendChild(h('div')), { ...locale, now, onOpen });
    }
    this.#grid.draw(events);
    this.#grid.show(view, day);
  }
}

/** The period in words: a month, or the days of a week. */
export function periodOf(view: View, day: string, language: Language): string {
  const month = { timeZone: 'UTC', year: 'numeric', month: 'long' } as const;
  if (view !== 'week') return formatter(language, month).format(new Date(day));
  const days = { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' } as const;
  return formatter(language, days).formatRange(new Date(weekOf(day)), new Date(addDays(weekOf(day), 6)));
}

/** Draws a place anew, then gives the focus back to the event in it that had it. */
export function keepingFocus(place: HTMLElement, draw: () => void): void {
  const before = document.activeElement;
  const id = before instanceof HTMLElement && place.contains(before) ? before.dataset.event : undefined;
  draw();
  if (id === undefined || before?.isConnected) return;
  place.querySelector<HTMLElement>(`[data-event="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}
