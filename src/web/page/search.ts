// The search panel: asks the API for events with a text in their title, some months back and ahead,
// and opens the one that is chosen, wherever it is.
import { DAY_MS } from '../../durations.ts';
import { at, h } from './dom.ts';
import type { Locale } from './event-mark.ts';
import type { Completeness, ScheduleEvent } from './graph-types.ts';
import { eventRow } from './list.ts';
import { momentOf, type Window } from './model.ts';
import { panelHeading } from './panel.ts';

/** How far a search goes, in days to each side: the API answers 400 at once. */
const DAYS = 199;
/** How many events are shown. */
const MAX_SHOWN = 50;

/** What was found. */
export interface Found {
  readonly events: readonly ScheduleEvent[];
  readonly completeness: Completeness;
}

/** Asks for the events of a window with this text in their title. */
export type Find = (text: string, window: Window) => Promise<Found>;

/** Opens the panel. `now`: the server's clock, in milliseconds. */
export function openSearch(
  locale: Locale,
  { now, find, onOpen }: { readonly now: number; readonly find: Find; readonly onOpen: (event: ScheduleEvent) => void },
): void {
  const { messages } = locale;
  const dialog = at<HTMLDialogElement>('search');
  const input = h('input', { type: 'search', required: true, aria: { label: messages.searchLabel } });
  const said = h('p', { className: 'quiet', role: 'status' });
  const list = h('ul', {});
  const form = h('form', { className: 'field' }, input, h('button', { type: 'submit' }, messages.search));
  let latest = 0;
  form.onsubmit = async (event) => {
    event.preventDefault();
    latest += 1;
    const turn = latest;
    said.replaceChildren(messages.loading);
    const found = await find(input.value.trim(), searchWindow(now)).catch(() => null);
    // An answer that a later one has overtaken.
    if (turn !== latest) return;
    const events = found === null ? [] : nearestFirst(found.events, now);
    const choose = (chosen: ScheduleEvent) => {
      dialog.close();
      onOpen(chosen);
    };
    said.replaceChildren(resultText(found, messages));
    list.replaceChildren(...events.slice(0, MAX_SHOWN).map((one) => h('li', {}, eventRow(one, locale, choose, true))));
  };
  dialog.replaceChildren(
    h(
      'div',
      { className: 'panel-body' },
      panelHeading(messages, dialog, messages.search, 'search-title', messages.searchTitle),
      form,
      said,
      list,
    ),
  );
  dialog.showModal();
  input.focus();
}

/** The window of a search around now, in milliseconds. */
export function searchWindow(now: number): Window {
  const at = (days: number) => new Date(now + days * DAY_MS).toISOString();
  return { from: at(-DAYS), to: at(DAYS) };
}

/** What is ahead, the next first; then what is over, the last first. */
export function nearestFirst(events: readonly ScheduleEvent[], now: number): readonly ScheduleEvent[] {
  const time = (event: ScheduleEvent) => Date.parse(momentOf(event));
  const ahead = events.filter((event) => time(event) >= now).toSorted((a, b) => time(a) - time(b));
  const over = events.filter((event) => time(event) < now).toSorted((a, b) => time(b) - time(a));
  return [...ahead, ...over];
}

/** What is said above the results: null could not be asked. */
export function resultText(found: Found | null, messages: Locale['messages']): string {
  if (found === null) return messages.failed;
  const unknown = found.completeness === 'PARTIAL' || found.completeness === 'UNAVAILABLE';
  const count = messages.found(found.events.length, Math.min(found.events.length, MAX_SHOWN));
  return unknown ? `${count} ${messages.notAllKnown}` : count;
}
