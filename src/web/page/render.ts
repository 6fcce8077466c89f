// Draws a state of My Page: what changed since the state that was drawn before, and nothing else,
// so that focus and unfolded parts stay.
import { DEMO_USERS } from '../demo-users.ts';
import { type CalendarOwner, showCalendarOf } from './calendar-owner.ts';
import { CalendarView, keepingFocus, periodOf } from './calendar-view.ts';
import { drawAccount, drawFilters, drawSteps, drawViews, showDay } from './controls.ts';
import { at, h } from './dom.ts';
import type { Locale } from './event-mark.ts';
import type { ScheduleEvent } from './graph-types.ts';
import { joinChecks } from './joined-checks.ts';
import type { Command } from './keyboard.ts';
import { MESSAGES, type Messages } from './messages.ts';
import { coursesOf, filtered, type Loaded } from './model.ts';
import { type Action, type Notice, type PageState, serverNow, shownView, todayOf } from './page-state.ts';
import { closePanel } from './panel.ts';
import { pickUserForm } from './pick-user.ts';
import * as preferences from './preferences.ts';
import { chooseUser, type Session } from './session.ts';
import { drawSidebar } from './sidebar.ts';
import { signInNotice } from './sign-in-link.ts';
import { drawStatus, emptyText } from './status.ts';
import { createTools } from './tools.ts';

/** What drawing needs besides the state. */
export interface RenderOptions {
  readonly session: Session;
  readonly owner: CalendarOwner;
  readonly dispatch: (action: Action) => void;
  readonly openEvent: (event: ScheduleEvent, locale: Locale) => void;
  readonly openSubscription: (messages: Messages) => void;
  readonly run: (command: Command) => void;
  readonly drawReminders: (messages: Messages) => void;
}

/** Draws states one after the other. */
export class PageRenderer {
  readonly #options: RenderOptions;
  readonly #calendarView = new CalendarView();
  #before: PageState | null = null;

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  /** Draws what differs from the state before. */
  render(state: PageState): void {
    const before = this.#before;
    this.#before = state;
    const changed = (...fields: readonly (keyof PageState)[]) =>
      before === null || fields.some((field) => before[field] !== state[field]);
    const isNewFrame = changed('language', 'view', 'isPhone');
    if (isNewFrame) this.#drawFrame(state);
    if (changed('language', 'isLive', 'failure')) drawLive(state);
    if (isNewFrame || changed('loaded', 'day', 'pendingDay', 'failure', 'filters', 'notice'))
      this.#drawCalendar(state, isNewFrame);
    if (changed('language', 'loaded', 'failure')) this.renderStatus();
    if (state.loaded === null) return;
    const isFirst = before?.loaded == null;
    if (isFirst || changed('language')) this.#drawTools(state, state.loaded);
    if (isFirst || changed('open')) this.#drawPanel(state, state.loaded);
  }

  /** Draws the sources' ages again, which grow with time. */
  renderStatus(): void {
    const state = this.#before;
    if (state === null) return;
    const onRetry = () => this.#options.dispatch({ type: 'RETRIED' });
    const messages = MESSAGES[state.language];
    const items = drawStatus(state.loaded?.sources ?? [], {
      messages,
      now: serverNow(state, Date.now()),
      isCurrent: state.failure === null,
      onRetry,
    });
    const place = at('sources');
    // Screen readers announce this region: unchanged text must not be announced again.
    if (items.map((item) => item.outerHTML).join('') !== place.innerHTML) place.replaceChildren(...items);
  }

  #drawFrame(state: PageState): void {
    const { session, owner, dispatch, run } = this.#options;
    const messages = MESSAGES[state.language];
    this.#calendarView.clear();
    document.documentElement.lang = state.language;
    document.title = owner.user === null ? messages.title : messages.titleOf(owner.user);
    at('title').textContent = document.title;
    document.body.dataset.view = shownView(state);
    drawSteps(
      messages,
      (step) => dispatch({ type: 'STEPPED', step }),
      (day) => dispatch({ type: 'DAY_CHOSEN', day }),
    );
    drawViews(messages, shownView(state), (view) => dispatch({ type: 'VIEW_CHOSEN', view }));
    this.#options.drawReminders(messages);
    drawAccount(messages, {
      language: state.language,
      user: session.demoUser === null ? null : { name: session.demoUser, all: DEMO_USERS },
      owner,
      onOwner: showCalendarOf,
      onSubscribe: () => this.#options.openSubscription(messages),
      onSearch: () => run('search'),
      onHelp: () => run('help'),
      onTheme: preferences.switchTheme,
      onLanguage: (language) => dispatch({ type: 'LANGUAGE_CHOSEN', language }),
      onUser: (user) => {
        chooseUser(user);
        location.assign(location.pathname);
      },
    });
  }

  #drawCalendar(state: PageState, isNewFrame: boolean): void {
    const { loaded, pendingDay, language } = state;
    document.body.dataset.pickUser = String(this.#mustPickUser(state));
    if (loaded === null) {
      this.#drawEmptyPage(state);
      return;
    }
    // The heading is that of the answer which is shown; what is being read stands beside it.
    const period = (of: string) => periodOf(shownView(state), of, language);
    const day = state.day ?? todayOf(state, Date.now());
    at('period').textContent = period(day);
    showDay(day);
    at('reading').textContent = pendingDay === null ? '' : MESSAGES[language].readingPeriod(period(pendingDay));
    if (pendingDay === null || isNewFrame) this.#drawLoaded(state, loaded);
    this.#calendarView.isBusy = pendingDay !== null;
    drawNotice(pendingDay === null ? this.#notice(state) : []);
  }

  #drawEmptyPage(state: PageState): void {
    drawNotice(this.#notice(state));
    if (state.failure === null) {
      this.#calendarView.wait(MESSAGES[state.language]);
      at('sidebar').replaceChildren(...Array.from({ length: 4 }, () => h('div', { className: 'skeleton line' })));
    } else {
      this.#calendarView.clear();
    }
  }

  #drawLoaded(state: PageState, loaded: Loaded): void {
    const { dispatch } = this.#options;
    const locale = localeOf(state, loaded);
    const onOpen = (event: ScheduleEvent) => dispatch({ type: 'EVENT_OPENED', event });
    const today = todayOf(state, Date.now());
    this.#calendarView.draw({
      view: shownView(state),
      isPhone: state.isPhone,
      day: state.day ?? today,
      today,
      events: joinChecks(filtered(loaded.events, state.filters)),
      locale,
      now: () => serverNow(state, Date.now()),
      onOpen,
    });
    const sidebar = at('sidebar');
    const now = serverNow(state, Date.now());
    keepingFocus(sidebar, () => sidebar.replaceChildren(...drawSidebar(loaded, { locale, now, onOpen })));
    drawFilters(locale.messages, coursesOf(loaded.events), state.filters, (filters) =>
      dispatch({ type: 'FILTERS_CHOSEN', filters }),
    );
  }

  /** An administrator has no events: what is to be shown is the calendar of somebody else. */
  #mustPickUser({ loaded }: PageState): boolean {
    const { session, owner } = this.#options;
    return session.roles.includes('admin') && owner.user === null && loaded?.events.length === 0;
  }

  /** Above the calendar: why nothing newer is shown, or why nothing is shown. */
  #notice(state: PageState): (Node | string)[] {
    const messages = MESSAGES[state.language];
    const { failure, loaded } = state;
    if (failure === 'UNAUTHENTICATED') return signInNotice(messages, loaded !== null);
    if (failure === 'FORBIDDEN') return [messages.notYours];
    if (failure !== null) {
      const onclick = () => this.#options.dispatch({ type: 'RETRIED' });
      const text = loaded === null ? messages.nothingKnown : messages.failed;
      return [text, ' ', h('button', { type: 'button', onclick }, messages.retry)];
    }
    if (state.notice !== null) return [noticeText(state.notice, messages)];
    if (this.#mustPickUser(state)) return [pickUserForm(messages)];
    const empty = loaded === null ? null : emptyText(loaded, state.filters, messages);
    return empty === null ? [] : [empty];
  }

  #drawPanel(state: PageState, loaded: Loaded): void {
    if (state.open === null) closePanel();
    else if (state.open.event !== null) this.#options.openEvent(state.open.event, localeOf(state, loaded));
  }

  #drawTools(state: PageState, loaded: Loaded): void {
    const { session, owner, dispatch } = this.#options;
    if (session.demoUser === null) return;
    const tools = createTools({
      locale: localeOf(state, loaded),
      user: owner.user ?? session.demoUser,
      window: loaded.window,
      courses: new Set(coursesOf(loaded.events).map(({ ern }) => ern)),
      now: serverNow(state, Date.now()),
      onSwitch: () => dispatch({ type: 'RETRIED' }),
    });
    at('tools').replaceChildren(tools);
  }
}

/** How times and texts of the calendar are written. */
export function localeOf({ language }: PageState, { timeZone }: Loaded): Locale {
  const hourCycle = preferences.hourCycleOf(language, navigator.language);
  return { timeZone, language, hourCycle, messages: MESSAGES[language] };
}

function drawLive({ isLive, failure, language }: PageState): void {
  if (isLive === null) return;
  const messages = MESSAGES[language];
  const notLive = failure === 'UNAUTHENTICATED' ? messages.signedOut : messages.notLive;
  at('live').textContent = isLive ? messages.live : notLive;
  at('live').dataset.on = String(isLive);
}

function noticeText(notice: Notice, messages: Messages): string {
  if (notice.type === 'BAD_ADDRESS') return messages.badAddress(notice.problems.join(', '));
  return notice.type === 'EVENT_GONE' ? messages.eventGone : messages.eventNotLoaded;
}

function drawNotice(texts: readonly (Node | string)[]): void {
  at('empty').replaceChildren(...texts);
  at('empty').hidden = texts.length === 0;
}
