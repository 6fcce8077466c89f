// How each action changes the state of My Page, and what the page must then do. Pure.
import type { Loaded } from './model.ts';
import {
  type Action,
  type Effect,
  goTo,
  type Next,
  type PageState,
  shownView,
  todayOf,
  updateOf,
  windowToRead,
} from './page-state.ts';
import { closeEvent, eventFound, navigated, openEvent, seek, startOf } from './reduce-address.ts';
import { addDays, addMonths } from './zone.ts';

/** Failures that another attempt cannot change. */
const FINAL: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

const SIGN_OUT: readonly Effect[] = [{ type: 'CANCEL_READ' }, { type: 'SIGN_OUT' }, { type: 'NEED_TOKEN' }];

type Choice = Extract<Action, { readonly type: `${string}_CHOSEN` | 'WIDTH_CHANGED' }>;
type OfAddress = Extract<Action, { readonly type: 'NAVIGATED' | `EVENT_${string}` }>;
type Outside = Extract<Action, { readonly type: 'RETURNED' | 'TOKEN_RENEWED' | 'CONNECTED' | 'NOTIFIED' }>;

/** The next state and the effects to run. `now`: the browser's clock, in milliseconds. */
export function reduce(state: PageState, action: Action, now: number): Next {
  switch (action.type) {
    case 'STARTED':
      return startOf(state, now);
    case 'RETRIED':
      // Cached copies would hide for a while that a service was stopped or is back.
      return [state, [{ type: 'READ', window: windowToRead(state, now), maxAge: 0 }]];
    case 'UPDATE_DUE':
      return [state, [updateOf(state, now)]];
    case 'LOADED':
      return loaded(state, action.loaded, now);
    case 'FAILED':
      return failed(state, action.code);
    case 'STEPPED':
      return stepped(state, action.step, now);
    default:
      return chosen(state, action, now);
  }
}

function chosen(state: PageState, action: Choice | OfAddress | Outside, now: number): Next {
  switch (action.type) {
    case 'VIEW_CHOSEN':
      return [{ ...state, view: action.view, notice: null }, [{ type: 'STORE_VIEW', view: action.view }]];
    case 'LANGUAGE_CHOSEN':
      return [{ ...state, language: action.language }, [{ type: 'STORE_LANGUAGE', language: action.language }]];
    case 'FILTERS_CHOSEN':
      return [{ ...state, filters: action.filters, notice: null }, []];
    case 'WIDTH_CHANGED':
      return [{ ...state, isPhone: action.isPhone }, []];
    case 'NAVIGATED':
      return navigated(state, action.address, now);
    case 'EVENT_OPENED':
      return openEvent(state, action, now);
    case 'DAY_CHOSEN':
      return state.loaded === null ? [state, []] : goTo({ ...state, notice: null }, action.day);
    case 'EVENT_CLOSED':
      return [closeEvent(state), []];
    case 'EVENT_FOUND':
      return eventFound(state, action, now);
    case 'EVENT_NOT_LOADED':
      return eventFound(state, { id: action.id, event: 'NOT_LOADED' }, now);
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
function loaded(state: PageState, answer: Loaded, now: number): Next {
  const here = { ...state, loaded: answer, day: state.pendingDay ?? state.day, pendingDay: null, failure: null };
  const [next, effects] = seek(here, now);
  return [next, [...effects, ...(answer.completeness === 'COMPLETE' ? [] : [{ type: 'UPDATE_LATER' } as const])]];
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
  return goTo({ ...state, notice: null }, step === 0 ? today : moved);
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
