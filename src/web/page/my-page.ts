// My Page: it keeps the state, draws it after each action, and runs the effects of actions: reading
// the calendar, timers, stored choices. page-state.ts decides, render.ts draws.
import { DOCUMENTS, detailOf } from '../operations/documents.ts';
import { parseAddress } from './address.ts';
import { AddressBar } from './address-bar.ts';
import type { CalendarOwner } from './calendar-owner.ts';
import { CalendarReader } from './calendar-reader.ts';
import { drawActions, type Send } from './event-actions.ts';
import type { Locale } from './event-mark.ts';
import { actionOf, type Detail, isTaught, type Staff } from './event-rights.ts';
import { ask, GraphError } from './graph.ts';
import type { EventDetail, ScheduleEvent, SubscriptionAddress } from './graph-types.ts';
import { openHelp } from './help.ts';
import { checksOf } from './joined-checks.ts';
import { type Command, listenToKeys } from './keyboard.ts';
import { eventRow } from './list.ts';
import { LiveConnection } from './live.ts';
import { MESSAGES, type Messages } from './messages.ts';
import type { Loaded } from './model.ts';
import { type Action, type Effect, initialState, type PageState, serverNow } from './page-state.ts';
import { onPanelClosed, openPanel } from './panel.ts';
import type { View } from './preferences.ts';
import * as preferences from './preferences.ts';
import { reduce } from './reduce.ts';
import { Reminders } from './reminders.ts';
import { localeOf, PageRenderer } from './render.ts';
import { openSearch } from './search.ts';
import { type Session, signOut } from './session.ts';
import { openSubscribe } from './subscribe.ts';
import { drawTeacherActions } from './teacher-actions.ts';
import type { TokenSource } from './token-source.ts';

/** How soon an incomplete or failed answer is asked for again, in milliseconds. */
const UPDATE_LATER_MS = 10_000;
/** How often ages of sources and reminders are looked at again, in milliseconds. */
const STATUS_MS = 30_000;
const STEPS: Readonly<Partial<Record<Command, -1 | 0 | 1>>> = { previous: -1, today: 0, next: 1 };
const VIEWS: Readonly<Partial<Record<Command, View>>> = { month: 'month', week: 'week', list: 'list' };
const PHONE = matchMedia('(max-width: 700px)');

/** The page of a signed-in user. */
export class MyPage {
  readonly #tokens: TokenSource;
  readonly #staff: Staff;
  readonly #reminders = new Reminders(
    (event) => void this.#dispatch({ type: 'EVENT_OPENED', event, isElsewhere: true }),
  );
  readonly #live: LiveConnection;
  readonly #reader: CalendarReader;
  readonly #renderer: PageRenderer;
  readonly #addressBar: AddressBar;
  /** Details of linked events, which are read before the event is opened. */
  readonly #details = new Map<string, Promise<EventDetail['scheduleEvent']>>();
  #state: PageState;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, owner: CalendarOwner, tokens: TokenSource) {
    this.#tokens = tokens;
    this.#staff = { roles: session.roles, user: owner.user };
    this.#reader = new CalendarReader(() => tokens.token, owner.user);
    this.#live = new LiveConnection({
      token: () => (this.#state.failure === 'UNAUTHENTICATED' ? null : tokens.token),
      user: owner.user,
      onChange: ({ kinds, months }) => void this.#dispatch({ type: 'NOTIFIED', kinds, months }),
      onState: (isLive) => void this.#dispatch({ type: 'CONNECTED', isLive }),
    });
    tokens.follow(
      session,
      () => void this.#dispatch({ type: 'TOKEN_RENEWED' }),
      () => void this.#dispatch({ type: 'FAILED', code: 'UNAUTHENTICATED' }),
    );
    this.#state = initialState(
      { language: preferences.language(), view: preferences.view(), isPhone: PHONE.matches },
      parseAddress(location.search),
    );
    this.#addressBar = new AddressBar(owner.user);
    this.#renderer = new PageRenderer({
      session,
      owner,
      dispatch: (action) => void this.#dispatch(action),
      openEvent: (event, locale) => this.#openEvent(event, locale),
      openSubscription: (messages) => void this.#openSubscription(messages),
      run: (command) => this.#runCommand(command),
      drawReminders: (messages) => this.#reminders.draw(messages, () => this.#remind()),
    });
  }

  /** Draws the frame and the first month; then follows changes while the page is open. */
  async start(): Promise<void> {
    this.#renderer.render(this.#state);
    PHONE.addEventListener('change', () => void this.#dispatch({ type: 'WIDTH_CHANGED', isPhone: PHONE.matches }));
    this.#followConnection();
    this.#addressBar.onNavigation((address) => void this.#dispatch({ type: 'NAVIGATED', address }));
    listenToKeys((command) => this.#runCommand(command));
    onPanelClosed(() => void this.#dispatch({ type: 'EVENT_CLOSED' }));
    setInterval(() => {
      this.#renderer.renderStatus();
      this.#remind();
    }, STATUS_MS);
    await this.#dispatch({ type: 'STARTED' });
    await this.#live.listen();
  }

  /** The page heals when it is online again, seen again, or in use again. */
  #followConnection(): void {
    const onReturn = () => void this.#dispatch({ type: 'RETURNED' });
    addEventListener('online', onReturn);
    addEventListener('focus', onReturn);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') onReturn();
    });
    addEventListener('offline', () => void this.#dispatch({ type: 'FAILED', code: 'UNREACHABLE' }));
  }

  async #dispatch(action: Action): Promise<void> {
    const [state, effects] = reduce(this.#state, action, Date.now());
    this.#state = state;
    this.#renderer.render(state);
    this.#addressBar.show(state, action);
    for (const effect of effects) await this.#run(effect);
  }

  async #run(effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'READ':
        return this.#await(this.#reader.read(effect.window, effect.maxAge));
      case 'UPDATE':
        // A window that is being read will be newer.
        return this.#reader.isReading ? undefined : this.#await(this.#reader.update(effect.loaded));
      case 'UPDATE_LATER':
        clearTimeout(this.#later);
        this.#later = setTimeout(() => void this.#dispatch({ type: 'UPDATE_DUE' }), UPDATE_LATER_MS);
        return;
      case 'FIND_EVENT':
        // Beside the calendar, which is read at the same time.
        void this.#findEvent(effect.id);
        return;
      case 'CANCEL_READ':
        return this.#reader.cancel();
      case 'SIGN_OUT':
        clearTimeout(this.#later);
        return signOut();
      case 'NEED_TOKEN':
        return this.#tokens.need();
      case 'WAKE':
        return this.#live.wake();
      case 'STORE_VIEW':
        return preferences.chooseView(effect.view);
      case 'STORE_LANGUAGE':
        return preferences.chooseLanguage(effect.language);
    }
  }

  /** Dispatches the result of a read; null is one that another read replaced. */
  async #await(reading: Promise<Loaded | null>): Promise<void> {
    clearTimeout(this.#later);
    try {
      const loaded = await reading;
      if (loaded === null) return;
      this.#tokens.watch(Date.now() + loaded.clockOffset);
      await this.#dispatch({ type: 'LOADED', loaded });
      this.#remind();
    } catch (error) {
      await this.#dispatch({ type: 'FAILED', code: error instanceof GraphError ? error.code : 'UNKNOWN' });
    }
  }

  #remind(): void {
    const { loaded } = this.#state;
    if (loaded === null) return;
    const events = loaded.toDo.upcoming.nodes;
    this.#reminders.check(events, localeOf(this.#state, loaded), Date.now() + loaded.clockOffset);
  }

  /** Does what a key does. */
  #runCommand(command: Command): void {
    const [step, view] = [STEPS[command], VIEWS[command]];
    if (command === 'search') this.#openSearch();
    if (command === 'help') openHelp(MESSAGES[this.#state.language]);
    if (step !== undefined) void this.#dispatch({ type: 'STEPPED', step });
    if (view !== undefined) void this.#dispatch({ type: 'VIEW_CHOSEN', view });
  }

  /** Before the first answer the time zone is not known, and there is nothing to open. */
  #openSearch(): void {
    const { loaded } = this.#state;
    if (loaded === null) return;
    openSearch(localeOf(this.#state, loaded), {
      now: Date.now() + loaded.clockOffset,
      find: (text, window) => this.#reader.search(text, window),
      onOpen: (event) => void this.#dispatch({ type: 'EVENT_OPENED', event, isElsewhere: true }),
    });
  }

  async #findEvent(id: string): Promise<void> {
    const detail = this.#readDetail(id);
    this.#details.set(id, detail);
    try {
      await this.#dispatch({ type: 'EVENT_FOUND', id, event: await detail });
    } catch (error) {
      const isGone = error instanceof GraphError && ['FORBIDDEN', 'BAD_USER_INPUT'].includes(error.code);
      await this.#dispatch(isGone ? { type: 'EVENT_FOUND', id, event: null } : { type: 'EVENT_NOT_LOADED', id });
    }
  }

  async #readDetail(id: string): Promise<EventDetail['scheduleEvent']> {
    return (await ask<EventDetail>(this.#tokens.token, detailOf(id), { id })).scheduleEvent;
  }

  /** `said`: what was done a moment ago. */
  #openEvent(event: ScheduleEvent, locale: Locale, said?: string): void {
    const found = this.#details.get(event.id);
    // Once: when the event is opened again it may have changed.
    this.#details.delete(event.id);
    void openPanel(event, locale, {
      detail: () => found ?? this.#readDetail(event.id),
      checks: checksOf(event, this.#state.loaded?.events ?? []).map((check) =>
        eventRow(check, locale, (opened) => void this.#dispatch({ type: 'EVENT_OPENED', event: opened })),
      ),
      actions: (detail) => this.#actionsOf(event, detail, locale),
      ...(said === undefined ? {} : { said }),
    });
  }

  /** What the viewer can do about an event: as its student, or as staff of its course. */
  #actionsOf(event: ScheduleEvent, detail: Detail, locale: Locale): readonly HTMLElement[] {
    const send: Send = (document, variables, said) => this.#send(event, locale, { document, variables, said });
    const action = this.#staff.user === null ? actionOf(event, detail, serverNow(this.#state, Date.now())) : null;
    return [
      ...drawActions(detail, { action, messages: locale.messages, send }),
      ...(isTaught(event, this.#staff) ? drawTeacherActions(event, locale, this.#staff, send) : []),
    ];
  }

  /** Sends a mutation, then draws the panel and the calendar as they are after it. */
  async #send(
    event: ScheduleEvent,
    locale: Locale,
    { document, variables, said }: { readonly document: string; readonly variables: object; readonly said: string },
  ): Promise<void> {
    await ask(this.#tokens.token, document, variables);
    const detail = this.#readDetail(event.id);
    const after = (await detail.catch(() => null)) ?? event;
    this.#details.set(event.id, detail);
    this.#openEvent(after, locale, said);
    await this.#dispatch({ type: 'UPDATE_DUE' });
  }

  async #openSubscription(messages: Messages): Promise<void> {
    const { token } = this.#tokens;
    type Data = { viewer: { calendarSubscription: SubscriptionAddress | null } | null };
    await openSubscribe(
      messages,
      async () => (await ask<Data>(token, DOCUMENTS.subscription, {})).viewer?.calendarSubscription ?? null,
      async () =>
        (await ask<{ rotateCalendarSubscription: SubscriptionAddress }>(token, DOCUMENTS.rotateSubscription, {}))
          .rotateCalendarSubscription,
    );
  }
}
