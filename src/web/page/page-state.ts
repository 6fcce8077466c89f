// The state of My Page: what it shows, and what can be read from it. Pure. reduce.ts changes it,
// render.ts draws it, my-page.ts runs effects.
import type { Address } from './address.ts';
import type { ScheduleEvent } from './graph-types.ts';
import type { Language } from './messages.ts';
import { covers, type Filters, firstWindow, type Loaded, type Window, windowOf } from './model.ts';
import type { View } from './preferences.ts';
import { dayOf } from './zone.ts';

/** Everything that the page shows, except what is computed from the current time. */
export interface PageState {
  readonly language: Language;
  /** The chosen view; phones show the list. */
  readonly view: View;
  readonly isPhone: boolean;
  readonly filters: Filters;
  /** The last answer; null: none yet. */
  readonly loaded: Loaded | null;
  /** A day of the shown period, YYYY-MM-DD; null: today. It belongs to `loaded`. */
  readonly day: string | null;
  /** A day of the period that is being read; null: none. */
  readonly pendingDay: string | null;
  /** The open event; null: none. */
  readonly open: OpenEvent | null;
  /** What could not be shown of an address; null: nothing. */
  readonly notice: Notice | null;
  /** Code of the last failure; null: the last answer arrived. */
  readonly failure: string | null;
  /** Whether the live stream is connected; null: not tried yet. */
  readonly isLive: boolean | null;
}

/** An event that is open, or is to be opened when it is known. */
export interface OpenEvent {
  /** Its id. In links of earlier versions: its ERN. */
  readonly id: string;
  /** Null: not found yet. */
  readonly event: ScheduleEvent | null;
  /** Whether the period is changed to the event's once it is known: for a link without a period. */
  readonly movesPeriod: boolean;
}

/** A linked event that is gone or cannot be loaded, or parameters that cannot be read. */
export type Notice =
  | { readonly type: 'EVENT_GONE' | 'EVENT_NOT_LOADED' }
  | { readonly type: 'BAD_ADDRESS'; readonly problems: readonly string[] };

/** What can happen to the page. */
export type Action =
  | { readonly type: 'STARTED' | 'RETRIED' | 'UPDATE_DUE' }
  /** The page is seen again or online again, or has a new token. */
  | { readonly type: 'RETURNED' | 'TOKEN_RENEWED' }
  | { readonly type: 'LOADED'; readonly loaded: Loaded }
  | { readonly type: 'FAILED'; readonly code: string }
  | { readonly type: 'STEPPED'; readonly step: -1 | 0 | 1 }
  /** Back, Forward, or another address in this page. */
  | { readonly type: 'NAVIGATED'; readonly address: Address }
  | { readonly type: 'DAY_CHOSEN'; readonly day: string }
  /** `isElsewhere`: the period may be another one and changes to the event's. */
  | { readonly type: 'EVENT_OPENED'; readonly event: ScheduleEvent; readonly isElsewhere?: boolean }
  | { readonly type: 'EVENT_CLOSED' }
  /** An event that was looked up. Null: it does not exist, or the viewer may not see it. */
  | { readonly type: 'EVENT_FOUND'; readonly id: string; readonly event: ScheduleEvent | null }
  | { readonly type: 'EVENT_NOT_LOADED'; readonly id: string }
  | { readonly type: 'VIEW_CHOSEN'; readonly view: View }
  | { readonly type: 'LANGUAGE_CHOSEN'; readonly language: Language }
  | { readonly type: 'FILTERS_CHOSEN'; readonly filters: Filters }
  | { readonly type: 'WIDTH_CHANGED'; readonly isPhone: boolean }
  | { readonly type: 'CONNECTED'; readonly isLive: boolean }
  | { readonly type: 'NOTIFIED'; readonly kinds: readonly string[]; readonly months: readonly string[] | null };

/**
 * What the page must do because of an action. READ: a whole window; `maxAge` in seconds. WAKE:
 * connect the live stream now. NEED_TOKEN: ask for a new token.
 */
export type Effect =
  | { readonly type: 'READ'; readonly window: Window; readonly maxAge?: number }
  | { readonly type: 'UPDATE'; readonly loaded: Loaded }
  | { readonly type: 'CANCEL_READ' | 'UPDATE_LATER' | 'SIGN_OUT' | 'NEED_TOKEN' | 'WAKE' }
  | { readonly type: 'FIND_EVENT'; readonly id: string }
  | { readonly type: 'STORE_VIEW'; readonly view: View }
  | { readonly type: 'STORE_LANGUAGE'; readonly language: Language };

/** The next state and the effects to run. */
export type Next = readonly [PageState, readonly Effect[]];

/** The state before the first answer: what the address says, else what the browser has stored. */
export function initialState(
  stored: Pick<PageState, 'language' | 'view' | 'isPhone'>,
  { view, day, filters, event, problems }: Address,
): PageState {
  return {
    ...stored,
    view: view ?? stored.view,
    filters,
    loaded: null,
    day,
    pendingDay: null,
    open: event === null ? null : { id: event, event: null, movesPeriod: day === null },
    notice: problems.length === 0 ? null : { type: 'BAD_ADDRESS', problems },
    failure: null,
    isLive: null,
  };
}

/** The state that shows a day, and the effect that reads it if it is not loaded. */
export function goTo(state: PageState, day: string): Next {
  if (state.loaded === null) return [{ ...state, day }, []];
  const window = windowOf(day, state.loaded.timeZone);
  if (!covers(state.loaded.window, window)) return [{ ...state, pendingDay: day }, [{ type: 'READ', window }]];
  const effects: readonly Effect[] = state.pendingDay === null ? [] : [{ type: 'CANCEL_READ' }];
  return [{ ...state, day, pendingDay: null, failure: null }, effects];
}

/** The effect that reads what changed, or the window if there is none yet. */
export function updateOf(state: PageState, now: number): Effect {
  if (state.loaded !== null) return { type: 'UPDATE', loaded: state.loaded };
  return { type: 'READ', window: windowToRead(state, now) };
}

/** The window of the period that is to be shown. */
export function windowToRead({ loaded, pendingDay, day }: PageState, now: number): Window {
  const wanted = pendingDay ?? day;
  return loaded === null || wanted === null ? firstWindow(now, wanted) : windowOf(wanted, loaded.timeZone);
}

/** Phones show the list. */
export function shownView({ isPhone, view }: PageState): View {
  return isPhone ? 'list' : view;
}

/** The time by the server's clock, in milliseconds. */
export function serverNow({ loaded }: PageState, now: number): number {
  return now + (loaded?.clockOffset ?? 0);
}

/** The current day in the calendar's zone, YYYY-MM-DD. */
export function todayOf(state: PageState, now: number): string {
  return dayOf(serverNow(state, now), state.loaded?.timeZone ?? 'UTC');
}
