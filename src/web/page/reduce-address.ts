// How addresses and the open event change the state of My Page. Pure. An event of a link is looked
// up by its id, wherever it is; then the period changes to the event's.
import type { Address } from './address.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { dayShown, type Loaded } from './model.ts';
import {
  type Effect,
  goTo,
  type Next,
  type OpenEvent,
  type PageState,
  shownView,
  todayOf,
  windowToRead,
} from './page-state.ts';
import { weekOf } from './zone.ts';

/** Reads the first window, and the linked event beside it. */
export function startOf(state: PageState, now: number): Next {
  return [state, [...finding(state.open), { type: 'READ', window: windowToRead(state, now) }]];
}

/** Shows what the address says. */
export function navigated(state: PageState, address: Address, now: number): Next {
  const { view, filters, event, problems } = address;
  const isOpen = event !== null && state.open?.id === event;
  const known = event === null ? null : knownEvent(state.loaded, event);
  const opened = event === null ? null : { id: event, event: known, movesPeriod: address.day === null };
  const open = isOpen ? state.open : opened;
  const next: PageState = {
    ...state,
    view: view ?? state.view,
    filters,
    open,
    notice: problems.length === 0 ? null : { type: 'BAD_ADDRESS', problems },
  };
  const [there, effects] = goTo(next, address.day ?? todayOf(state, now));
  return [there, [...effects, ...(open?.event === null ? finding(open) : [])]];
}

/** Opens an event that is known. */
export function openEvent(
  state: PageState,
  { event, isElsewhere = false }: { readonly event: ScheduleEvent; readonly isElsewhere?: boolean },
  now: number,
): Next {
  return seek({ ...state, open: { id: event.id, event, movesPeriod: isElsewhere }, notice: null }, now);
}

/** Closes the open event. */
export function closeEvent(state: PageState): PageState {
  return state.open?.event == null ? state : { ...state, open: null };
}

/** Takes what was found of a linked event, unless another one was opened since. */
export function eventFound(
  state: PageState,
  { id, event }: { readonly id: string; readonly event: ScheduleEvent | 'NOT_LOADED' | null },
  now: number,
): Next {
  if (state.open?.id !== id || state.open.event !== null) return [state, []];
  if (event === null) return [{ ...state, open: null, notice: { type: 'EVENT_GONE' } }, []];
  if (event === 'NOT_LOADED') return [{ ...state, open: null, notice: { type: 'EVENT_NOT_LOADED' } }, []];
  return seek({ ...state, open: { ...state.open, event } }, now);
}

/**
 * Opens a linked event, and changes the period to the event's, once both the event and the calendar
 * are known. An event of an earlier link, an ERN, is only found in what is loaded.
 */
export function seek(state: PageState, now: number): Next {
  const { open, loaded } = state;
  if (loaded === null || open === null || (open.event !== null && !open.movesPeriod)) return [state, []];
  const event = open.event ?? knownEvent(loaded, open.id);
  if (event === null) {
    return isErn(open.id) ? [{ ...state, open: null, notice: { type: 'EVENT_GONE' } }, []] : [state, []];
  }
  const found: PageState = { ...state, open: { id: event.id, event, movesPeriod: false } };
  const day = dayShown(event, loaded.timeZone);
  return isShown(state, day, now) || !open.movesPeriod ? [found, []] : goTo(found, day);
}

function isShown(state: PageState, day: string, now: number): boolean {
  const shown = state.pendingDay ?? state.day ?? todayOf(state, now);
  if (shownView(state) === 'week') return weekOf(day) === weekOf(shown);
  return day.slice(0, 7) === shown.slice(0, 7);
}

function finding(open: OpenEvent | null): readonly Effect[] {
  return open === null || isErn(open.id) ? [] : [{ type: 'FIND_EVENT', id: open.id }];
}

function knownEvent(loaded: Loaded | null, id: string): ScheduleEvent | null {
  const known = loaded === null ? [] : [...loaded.events, ...loaded.toDo.upcoming.nodes, ...loaded.toDo.overdue.nodes];
  return known.find((event) => event.id === id || event.ern === id) ?? null;
}

const isErn = (id: string): boolean => id.startsWith('ern:');
