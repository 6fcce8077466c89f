// Keeps the browser's address and the page's state together: what is shown is written into the
// address, with an entry of the history for each step of the user; Back and Forward are told.
import { type Address, parseAddress, searchOf } from './address.ts';
import { type Action, type PageState, todayOf } from './page-state.ts';

/** What the user does gets an entry of its own. */
const STEPS: ReadonlySet<Action['type']> = new Set([
  'STEPPED',
  'DAY_CHOSEN',
  'VIEW_CHOSEN',
  'FILTERS_CHOSEN',
  'EVENT_OPENED',
  'EVENT_CLOSED',
]);
/** What an address says is shown in the entry that is there already. */
const ARRIVALS: ReadonlySet<Action['type']> = new Set(['STARTED', 'NAVIGATED']);

/** The address of the page of one owner; null: the signed-in user. */
export class AddressBar {
  readonly #user: string | null;
  #isStep = false;

  constructor(user: string | null) {
    this.#user = user;
  }

  /** Calls back with each address that the user goes back or forward to. */
  onNavigation(go: (address: Address) => void): void {
    addEventListener('popstate', () => go(parseAddress(location.search)));
  }

  /** Writes the state after an action, unless the address says the same. */
  show(state: PageState, action: Action): void {
    if (STEPS.has(action.type)) this.#isStep = true;
    if (ARRIVALS.has(action.type)) this.#isStep = false;
    // Until the answer is here the address is still that of what is shown, and while something of
    // an address cannot be shown it stays, for a reload.
    if (state.loaded === null || state.pendingDay !== null || state.notice !== null) return;
    const { view, filters, day, open } = state;
    const common = { user: this.#user, today: todayOf(state, Date.now()) };
    const search = searchOf({ ...common, view, filters, day, event: open?.id ?? null });
    const present = parseAddress(location.search);
    if (search === searchOf({ ...present, ...common, view: present.view ?? view })) return;
    if (this.#isStep) history.pushState(null, '', search);
    else history.replaceState(null, '', search);
    this.#isStep = false;
  }
}
