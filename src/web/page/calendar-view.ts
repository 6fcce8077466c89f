// The main part of the page: the events of the period as month, week or list, or a placeholder
// before the first answer. The grid, the focus and unfolded parts are kept between two drawings.

import { at, h } from './dom.ts';
import type { Locale } from './event-mark.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { createGrid, type Grid } from './grid.ts';
import { drawList } from './list.ts';
import type { Language, Messages } from './messages.ts';
import { drawPhoneMonth } from './phone-month.ts';
import type { View } from './preferences.ts';
import { addDays, addMonths, formatter, weekOf } from './zone.ts';

/** What to show. */
export interface ViewState {
  readonly view: View;
  /** On a phone the list has a small month above it. */
  readonly isPhone: boolean;
  /** Any day of the period, YYYY-MM-DD. */
  readonly day: string;
  readonly today: string;
  readonly events: readonly ScheduleEvent[];
  readonly locale: Locale;
  /** The server's clock, in milliseconds. */
  readonly now: () => number;
  readonly onOpen: (event: ScheduleEvent) => void;
}

/** The rows of a new grid get their height in the third frame. */
const STILL_FRAMES = 3;
/** How many frames a new grid may take to get its size. */
const MAX_FRAMES = 20;

/** Draws into `#stage`. */
export class CalendarView {
  readonly #place = at('stage');
  #grid: Grid | null = null;
  #isBusy = false;
  /** Whether the grid has its size: it is drawn in several steps. */
  #isSettled = false;

  /** Shows a view; unchanged parts stay as they are. */
  draw(viewState: ViewState): void {
    keepingFocus(this.#place, () =>
      viewState.view === 'list' ? this.#drawList(viewState) : this.#drawGrid(viewState, viewState.view),
    );
    this.isBusy = false;
  }

  /** Removes everything, before another language, view or width. */
  clear(): void {
    this.#isSettled = false;
    this.#grid?.destroy();
    this.#grid = null;
    this.#place.replaceChildren();
  }

  /** Shows a placeholder before the first answer. */
  wait(messages: Messages): void {
    const cells = Array.from({ length: 35 }, () => h('div', { className: 'skeleton cell' }));
    this.#place.ariaBusy = 'true';
    this.#place.replaceChildren(
      h('div', { className: 'waiting', role: 'status', aria: { label: messages.loading } }, ...cells),
    );
  }

  /** Whether another period is being read while this one is shown. */
  set isBusy(isBusy: boolean) {
    this.#isBusy = isBusy;
    this.#place.ariaBusy = String(isBusy || !this.#isSettled);
  }

  #drawList({ events, day, today, isPhone, locale, onOpen }: ViewState): void {
    const wasUnfolded = this.#place.querySelector('.past')?.hasAttribute('open') ?? false;
    const list = drawList(events, { from: `${day.slice(0, 7)}-01`, to: addMonths(day, 1), today, locale, onOpen });
    list.querySelector('.past')?.toggleAttribute('open', wasUnfolded);
    const month = isPhone ? [drawPhoneMonth({ events, day, today, locale, onDay: (date) => showDay(list, date) })] : [];
    this.#place.replaceChildren(...month, list);
    this.#isSettled = true;
  }

  #drawGrid({ events, day, locale, now, onOpen }: ViewState, view: 'month' | 'week'): void {
    const isNew = this.#grid === null;
    const holder = isNew ? h('div', { className: 'settling' }) : null;
    if (holder !== null) this.#place.append(holder);
    this.#grid ??= createGrid(holder ?? this.#place, { ...locale, now, onOpen });
    this.#grid.draw(events);
    this.#grid.show(view, day);
    if (holder !== null) void this.#settle(holder);
  }

  /**
   * Shows a new grid in place of the placeholder once its height stays the same: until then its
   * rows grow, and everything would jump (Layout Instability).
   */
  async #settle(holder: HTMLElement): Promise<void> {
    const heights: number[] = [];
    const isSettled = () => heights.length >= STILL_FRAMES && new Set(heights.slice(-STILL_FRAMES)).size === 1;
    while (!isSettled() && heights.length < MAX_FRAMES) {
      heights.push(holder.offsetHeight);
      await new Promise(requestAnimationFrame);
    }
    if (!holder.isConnected) return;
    for (const other of [...this.#place.children]) if (other !== holder) other.remove();
    holder.className = '';
    this.#isSettled = true;
    this.isBusy = this.#isBusy;
  }
}

/** Scrolls to a day of the list and unfolds it. */
function showDay(list: HTMLElement, date: string): void {
  const section = list.querySelector<HTMLElement>(`[data-day="${date}"]`);
  section?.closest('details')?.setAttribute('open', '');
  section?.scrollIntoView({ block: 'start' });
  section?.querySelector('button')?.focus({ preventScroll: true });
}

/** The heading of a period: a month, or the days of a week. */
export function periodOf(view: View, day: string, language: Language): string {
  const month = { timeZone: 'UTC', year: 'numeric', month: 'long' } as const;
  if (view !== 'week') return formatter(language, month).format(new Date(day));
  const days = { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' } as const;
  return formatter(language, days).formatRange(new Date(weekOf(day)), new Date(addDays(weekOf(day), 6)));
}

/** Redraws a place, then returns the focus to the same event. */
export function keepingFocus(place: HTMLElement, draw: () => void): void {
  const before = document.activeElement;
  const id = before instanceof HTMLElement && place.contains(before) ? before.dataset.event : undefined;
  draw();
  if (id === undefined || before?.isConnected) return;
  place.querySelector<HTMLElement>(`[data-event="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}
