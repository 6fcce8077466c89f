// The state of My Page, and how each action changes it. Pure: `reduce` returns the next state and
// the effects to run; render.ts draws a state, my-page.ts runs effects.
import type { Language } from './messages.ts';
import { covers, type Filters, firstWindow, type Loaded, type Window, windowOf } from './model.ts';
import type { View } from './preferences.ts';
import { addDays, addMonths, dayOf } from './zone.ts';

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
  /** Code of the last failure; null: the last answer arrived. */
  readonly failure: string | null;
  /** Whether the live stream is connected; null: not tried yet. */
  readonly isLive: boolean | null;
}

/** What can happen to the page. */
export type Action =
  | { readonly type: 'STARTED' | 'RETRIED' | 'UPDATE_DUE' }
  /** The page is seen again or online again, or has a new token. */
  | { readonly type: 'RETURNED' | 'TOKEN_RENEWED' }
  | { readonly type: 'LOADED'; readonly loaded: Loaded }
  | { readonly type: 'FAILED'; readonly code: string }
  | { readonly type: 'STEPPED'; readonly step: -1 | 0 | 1 }
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
  | { readonly type: 'STORE_VIEW'; readonly view: View }
  | { readonly type: 'STORE_LANGUAGE'; readonly language: Language };

/** Failures that another attempt cannot change. */
const FINAL: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

const SIGN_OUT: readonly Effect[] = [{ type: 'CANCEL_READ' }, { type: 'SIGN_OUT' }, { type: 'NEED_TOKEN' }];

type Next = readonly [PageState, readonly Effect[]];

/** The state before the first answer. */
export function initialState(chosen: Pick<PageState, 'language' | 'view' | 'isPhone'>): PageState {
  return {
    ...chosen,
    filters: { kinds: new Set(), courses: new Set() },
    loaded: null,
    day: null,
    pendingDay: null,
    failure: null,
    isLive: null,
  };
}

/** The next state and the effects to run. `now`: the browser's clock, in milliseconds. */
export function reduce(state: PageState, action: Action, now: number): Next {
  switch (action.type) {
    case 'STARTED':
      return [state, [{ type: 'READ', window: windowToRead(state, now) }]];
    case 'RETRIED':
      // Cached copies would hide for a while that a service was stopped or is back.
      return [state, [{ type: 'READ', window: windowToRead(state, now), maxAge: 0 }]];
    case 'UPDATE_DUE':
      return [state, [updateOf(state, now)]];
    case 'LOADED':
      return loaded(state, action.loaded);
    case 'FAILED':
      return failed(state, action.code);
    case 'STEPPED':
      return stepped(state, action.step, now);
    default:
      return chosen(state, action, now);
  }
}

type Outside = Extract<Action, { readonly type: 'RETURNED' | 'TOKEN_RENEWED' | 'CONNECTED' | 'NOTIFIED' }>;
type Choice = Extract<Action, { readonly type: `${string}_CHOSEN` | 'WIDTH_CHANGED' }>;

function chosen(state: PageState, action: Choice | Outside, now: number): Next {
  switch (action.type) {
    case 'VIEW_CHOSEN':
      return [{ ...state, view: action.view }, [{ type: 'STORE_VIEW', view: action.view }]];
    case 'LANGUAGE_CHOSEN':
      return [{ ...state, language: action.language }, [{ type: 'STORE_LANGUAGE', language: action.language }]];
    case 'FILTERS_CHOSEN':
      return [{ ...state, filters: action.filters }, []];
    case 'WIDTH_CHANGED':
      return [{ ...state, isPhone: action.isPhone }, []];
    default:
      return fromOutside(state, action, now);
  }
}

/** What the browser, the live stream and the embedding page tell. */
function fromOutside(state: PageState, action: Outside, now: number): Next {
  switch (action.type) {
    case 'RETURNED':
      return [state, returned(state, now)];
    case 'TOKEN_RENEWED':
      return [state, [...(FINAL.has(state.failure ?? '') ? [updateOf(state, now)] : []), { type: 'WAKE' }]];
    case 'CONNECTED':
      return connected(state, action.isLive, now);
    case 'NOTIFIED':
      return [state, concerns(state, action) ? [updateOf(state, now)] : []];
  }
}

/** Heading, events and statuses change together, when the answer is here. */
function loaded(state: PageState, answer: Loaded): Next {
  const next = { ...state, loaded: answer, day: state.pendingDay ?? state.day, pendingDay: null, failure: null };
  return [next, answer.completeness === 'COMPLETE' ? [] : [{ type: 'UPDATE_LATER' }]];
}

/** The period that is shown stays, with its heading. */
function failed(state: PageState, code: string): Next {
  const next = { ...state, pendingDay: null, failure: code };
  if (code === 'UNAUTHENTICATED') return [{ ...next, isLive: false }, SIGN_OUT];
  return [next, FINAL.has(code) ? [] : [{ type: 'UPDATE_LATER' }]];
}

function stepped(state: PageState, step: -1 | 0 | 1, now: number): Next {
  if (state.loaded === null) return [state, []];
  const today = todayOf(state, now);
  const from = state.pendingDay ?? state.day ?? today;
  const moved = shownView(state) === 'week' ? addDays(from, 7 * step) : addMonths(from, step);
  const day = step === 0 ? today : moved;
  const window = windowOf(day, state.loaded.timeZone);
  if (covers(state.loaded.window, window)) {
    const effects: Effect[] = state.pendingDay === null ? [] : [{ type: 'CANCEL_READ' }];
    return [{ ...state, day, pendingDay: null, failure: null }, effects];
  }
  return [{ ...state, pendingDay: day }, [{ type: 'READ', window }]];
}

/** Without a failure and with a live stream there is nothing to ask: the stream tells. */
function returned(state: PageState, now: number): readonly Effect[] {
  if (state.failure === 'UNAUTHENTICATED') return [{ type: 'NEED_TOKEN' }];
  const isBehind = state.failure !== null || state.isLive === false;
  return [{ type: 'WAKE' }, ...(isBehind ? [updateOf(state, now)] : [])];
}

/** A stream that is connected again proves that the API can be reached. */
function connected(state: PageState, isLive: boolean, now: number): Next {
  const canHeal = isLive && state.failure !== null && !FINAL.has(state.failure);
  return [{ ...state, isLive }, canHeal ? [updateOf(state, now)] : []];
}

/** Assignments of any month may be in the sidebar. */
function concerns({ loaded: shown }: PageState, { kinds, months }: Extract<Action, { type: 'NOTIFIED' }>): boolean {
  if (shown === null || months === null || kinds.includes('ASSIGNMENT')) return true;
  const [from, to] = [shown.window.from.slice(0, 7), shown.window.to.slice(0, 7)];
  return months.some((month) => from <= month && month <= to);
}

function updateOf(state: PageState, now: number): Effect {
  if (state.loaded !== null) return { type: 'UPDATE', loaded: state.loaded };
  return { type: 'READ', window: windowToRead(state, now) };
}

function windowToRead(state: PageState, now: number): Window {
  const day = state.pendingDay ?? state.day;
  return state.loaded === null || day === null ? firstWindow(now) : windowOf(day, state.loaded.timeZone);
}

/** Phones show the list. */
export function shownView({ isPhone, view }: PageState): View {
  return isPhone ? 'list' : view;
}

/** The time by the server's clock, in milliseconds. */
export function serverNow({ loaded: shown }: PageState, now: number): number {
  return now + (shown?.clockOffset ?? 0);
}

/** The current day in the calendar's zone, YYYY-MM-DD. */
export function todayOf(state: PageState, now: number): string {
  return dayOf(serverNow(state, now), state.loaded?.timeZone ?? 'UTC');
}
