// The stage: the period's events as month, week or list, or the shape of what is to come while nobody knows yet. What stays
// between two drawings is kept: the grid, the focus, what was unfolded.
import type { ScheduleEvent } from './answers.ts';
import { at, h } from './dom.ts';
import type { Writing } from './event-mark.ts';
import { createGrid, type Grid } from './grid.ts';
import { drawList } from './list.ts';
import type { View } from './preferences.ts';
import type { Language, Words } from './words.ts';
import { addDays, addMonths, formatter, weekOf } from './zone.ts';

/** What is to be shown. */
export interface Scene {
  readonly view: View;
  /** Any day of the period, YYYY-MM-DD. */
  readonly day: string;
  readonly today: string;
  readonly events: readonly ScheduleEvent[];
  readonly writing: Writing;
  /** The server's clock, in milliseconds. */
  readonly now: () => number;
  readonly onOpen: (event: ScheduleEvent) => void;
}

/** Draws on `#stage`. */
export class Stage {
  readonly #place = at('stage');
  #grid: Grid | null = null;

  /** Shows a scene; what did not change since the last one stays as it is. */
  draw(scene: Scene): void {
    this.#place.ariaBusy = 'false';
    keepingFocus(this.#place, () =>
      scene.view === 'list' ? this.#drawList(scene) : this.#drawGrid(scene, scene.view),
    );
  }

  /** Before another language, view or width: the next scene is drawn from nothing. */
  clear(): void {
    this.#grid?.destroy();
    this.#grid = null;
    this.#place.replaceChildren();
  }

  /** Before the first answer: the shape of a month. */
  wait(words: Words): void {
    const cells = Array.from({ length: 35 }, () => h('div', { className: 'skeleton cell' }));
    this.#place.ariaBusy = 'true';
    this.#place.replaceChildren(
      h('div', { className: 'waiting', role: 'status', aria: { label: words.loading } }, ...cells),
    );
  }

  /** Whether an answer is awaited; what is shown is another period's. */
  set isBusy(isBusy: boolean) {
    this.#place.ariaBusy = String(isBusy);
  }

  #drawList({ events, day, today, writing, onOpen }: Scene): void {
    const wasUnfolded = this.#place.querySelector('.past')?.hasAttribute('open') ?? false;
    const list = drawList(events, { from: `${day.slice(0, 7)}-01`, to: addMonths(day, 1), today, writing, onOpen });
    list.querySelector('.past')?.toggleAttribute('open', wasUnfolded);
    this.#place.replaceChildren(list);
  }

  #drawGrid({ events, day, writing, now, onOpen }: Scene, view: 'month' | 'week'): void {
    if (this.#grid === null) {
      this.#place.replaceChildren();
      this.#grid = createGrid(this.#place.appendChild(h('div')), { ...writing, now, onOpen });
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
