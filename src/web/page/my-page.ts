// My Page itself: what is shown, and what each control does to it. Answers come from the reader,
// drawing is the others'.
import { DEMO_USERS } from '../demo-users.ts';
import { DOCUMENTS } from '../operations/documents.ts';
import { type CalendarOwner, chooseWhose } from './calendar-owner.ts';
import { CalendarReader } from './calendar-reader.ts';
import { CalendarView, keepingFocus, periodOf } from './calendar-view.ts';
import { drawAccount, drawFilters, drawSteps, drawViews } from './controls.ts';
import { at, h } from './dom.ts';
import type { Locale } from './event-mark.ts';
import { ask, GraphError } from './graph.ts';
import type { EventDetail, ScheduleEvent, SubscriptionAddress } from './graph-types.ts';
import { type ChangeNotification, listen } from './live.ts';
import { type Messages, WORDS } from './messages.ts';
import { coursesOf, covers, type Filters, filtered, firstWindow, type Loaded, type Window, windowOf } from './model.ts';
import { openPanel } from './panel.ts';
import * as preferences from './preferences.ts';
import { chooseUser, type Session, signOut } from './session.ts';
import { drawRail } from './sidebar.ts';
import { drawStatus, emptyText } from './status.ts';
import { openSubscribe } from './subscribe.ts';
import { createTools } from './tools.ts';
import { addDays, addMonths, dayOf } from './zone.ts';

/** While something is missing or old, it is asked for again after this long, in milliseconds. */
const AGAIN_MS = 10_000;
const PHONE = matchMedia('(max-width: 700px)');

/** The page of a signed-in user. */
export class MyPage {
  readonly #session: Session;
  readonly #whose: CalendarOwner;
  readonly #reader: CalendarReader;
  readonly #stage = new CalendarView();
  #loaded: Loaded | null = null;
  /** Any day of the period shown; null: today's, once the zone is known. */
  #day: string | null = null;
  #view: preferences.View = preferences.view();
  #language = preferences.language();
  #filters: Filters = { kinds: new Set(), courses: new Set() };
  /** Null: not tried yet. */
  #isLive: boolean | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, whose: CalendarOwner) {
    this.#session = session;
    this.#whose = whose;
    this.#reader = new CalendarReader(session.token, whose.user);
  }

  /** Draws the frame, then the first month. */
  async start(): Promise<void> {
    PHONE.addEventListener('change', () => this.#redraw());
    setInterval(() => this.#drawStatus(), 30_000);
    this.#drawFrame();
    await this.#read(firstWindow(Date.now()));
    const linked = new URLSearchParams(location.search).get('event');
    const event = this.#loaded?.events.find(({ ern }) => ern === linked);
    if (event !== undefined) this.#open(event);
    this.#drawTools();
    const onState = (isLive: boolean) => this.#drawLive(isLive);
    await listen({
      token: this.#session.token,
      user: this.#whose.user,
      onChange: (notification) => void this.#hear(notification),
      onState,
    });
  }

  /**
   * What changed is asked for if it is in the months that are loaded; what is to be done may be in
   * any.
   */
  async #hear({ kinds, months }: ChangeNotification): Promise<void> {
    const { from, to } = this.#loaded?.window ?? { from: '', to: '' };
    const isShown = months?.some((month) => from.slice(0, 7) <= month && month <= to.slice(0, 7)) ?? true;
    if (isShown || kinds.includes('ASSIGNMENT')) await this.#update();
  }

  #drawTools(): void {
    const loaded = this.#loaded;
    const { demoUser } = this.#session;
    if (demoUser === null || loaded === null) return;
    const courses = new Set(coursesOf(loaded.events).map(({ ern }) => ern));
    const { window } = loaded;
    // Copies would hide for a while that a service has stopped.
    const onSwitch = () => void this.#read(this.#window(), 0);
    const user = this.#whose.user ?? demoUser;
    const options = { locale: this.#locale, user, window, courses, now: this.#now(), onSwitch };
    at('tools').replaceChildren(createTools(options));
  }

  #drawLive(isLive: boolean): void {
    this.#isLive = isLive;
    at('live').textContent = isLive ? this.#messages.live : this.#messages.notLive;
    at('live').dataset.on = String(isLive);
  }

  /**
   * Asks what changed, and shows it; while a window is being read there is nothing to ask, that is
   * newer.
   */
  async #update(): Promise<void> {
    const loaded = this.#loaded;
    if (loaded !== null && !this.#reader.isReading) await this.#take(this.#reader.update(loaded));
  }

  get #messages(): Messages {
    return WORDS[this.#language];
  }

  get #locale(): Locale {
    return { timeZone: this.#loaded?.timeZone ?? 'UTC', language: this.#language, messages: this.#messages };
  }

  /** Milliseconds, by the server's clock. */
  #now(): number {
    return Date.now() + (this.#loaded?.clockOffset ?? 0);
  }

  get #today(): string {
    return dayOf(this.#now(), this.#locale.timeZone);
  }

  get #shownView(): preferences.View {
    return PHONE.matches ? 'list' : this.#view;
  }

  async #read(window: Window, maxAge?: number): Promise<void> {
    await this.#take(this.#reader.read(window, maxAge));
  }

  async #take(reading: Promise<Loaded | null>): Promise<void> {
    clearTimeout(this.#again);
    try {
      const loaded = await reading;
      if (loaded === null) return;
      this.#loaded = loaded;
      this.#drawLoaded();
      if (loaded.completeness !== 'COMPLETE') this.#again = setTimeout(() => void this.#update(), AGAIN_MS);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What is shown stays; that nothing newer could be had is said, with a way to try again. */
  #fail(error: unknown): void {
    const code = error instanceof GraphError ? error.code : '';
    if (code === 'UNAUTHENTICATED') signOut();
    this.#stage.isBusy = false;
    const retry = h(
      'button',
      { type: 'button', onclick: () => void this.#read(this.#window(), 0) },
      this.#messages.retry,
    );
    const refusal = { UNAUTHENTICATED: this.#messages.signIn, FORBIDDEN: this.#messages.notYours }[code];
    at('empty').replaceChildren(...(refusal === undefined ? [this.#messages.failed, ' ', retry] : [refusal]));
    at('empty').hidden = false;
    if (this.#loaded === null) this.#stage.clear();
  }

  /** The window that shows the period. */
  #window(): Window {
    const zone = this.#loaded?.timeZone;
    return zone === undefined || this.#day === null ? firstWindow(Date.now()) : windowOf(this.#day, zone);
  }

  async #step(step: -1 | 0 | 1): Promise<void> {
    if (this.#loaded === null) return;
    const day = this.#day ?? this.#today;
    const moved = this.#shownView === 'week' ? addDays(day, 7 * step) : addMonths(day, step);
    this.#day = step === 0 ? this.#today : moved;
    this.#drawFrame();
    const window = this.#window();
    if (covers(this.#loaded.window, window)) {
      this.#drawLoaded();
      return;
    }
    this.#drawWaiting();
    await this.#read(window);
  }

  #chooseView(view: preferences.View): void {
    this.#view = view;
    preferences.chooseView(view);
    this.#redraw();
  }

  /** Everything anew: another language, another view, another width. */
  #redraw(): void {
    this.#stage.clear();
    this.#drawFrame();
    if (this.#loaded !== null) this.#drawLoaded();
  }

  #drawFrame(): void {
    const messages = this.#messages;
    document.documentElement.lang = this.#language;
    const { user: shown } = this.#whose;
    document.title = shown === null ? messages.title : messages.titleOf(shown);
    at('title').textContent = document.title;
    document.body.dataset.view = this.#shownView;
    if (this.#isLive !== null) this.#drawLive(this.#isLive);
    drawSteps(messages, (step) => void this.#step(step));
    drawViews(messages, this.#shownView, (view) => this.#chooseView(view));
    const { demoUser } = this.#session;
    drawAccount(messages, {
      language: this.#language,
      user: demoUser === null ? null : { name: demoUser, all: DEMO_USERS },
      whose: this.#whose,
      onWhose: chooseWhose,
      onSubscribe: () => void this.#subscribe(),
      onTheme: preferences.switchTheme,
      onLanguage: (language) => {
        this.#language = language;
        preferences.chooseLanguage(language);
        this.#redraw();
        this.#drawTools();
      },
      onUser: (user) => {
        chooseUser(user);
        location.assign(location.pathname);
      },
    });
    if (this.#loaded === null) this.#drawWaiting();
  }

  #drawWaiting(): void {
    at('empty').hidden = true;
    if (this.#loaded !== null) {
      this.#stage.isBusy = true;
      this.#drawPeriod();
      return;
    }
    this.#stage.wait(this.#messages);
    at('sidebar').replaceChildren(...Array.from({ length: 4 }, () => h('div', { className: 'skeleton line' })));
  }

  #drawPeriod(): void {
    at('period').textContent = periodOf(this.#shownView, this.#day ?? this.#today, this.#language);
  }

  #drawLoaded(): void {
    const loaded = this.#loaded;
    if (loaded === null) return;
    this.#drawPeriod();
    this.#drawStatus();
    const onOpen = (event: ScheduleEvent) => this.#open(event);
    const locale = this.#locale;
    this.#stage.draw({
      view: this.#shownView,
      day: this.#day ?? this.#today,
      today: this.#today,
      events: filtered(loaded.events, this.#filters),
      locale,
      now: () => this.#now(),
      onOpen,
    });
    const sidebar = at('sidebar');
    keepingFocus(sidebar, () => sidebar.replaceChildren(...drawRail(loaded, { locale, now: this.#now(), onOpen })));
    drawFilters(this.#messages, coursesOf(loaded.events), this.#filters, (filters) => {
      this.#filters = filters;
      this.#drawLoaded();
    });
    const empty = emptyText(loaded, this.#filters, this.#messages);
    at('empty').replaceChildren(empty ?? '');
    at('empty').hidden = empty === null;
  }

  #drawStatus(): void {
    const options = { messages: this.#messages, now: this.#now(), onRetry: () => void this.#read(this.#window(), 0) };
    const items = drawStatus(this.#loaded?.sources ?? [], options);
    const place = at('sources');
    // What is said already is not said again to those who hear the page.
    if (items.map((item) => item.outerHTML).join('') !== place.innerHTML) place.replaceChildren(...items);
  }

  #open(event: ScheduleEvent): void {
    const { token } = this.#session;
    void openPanel(event, this.#locale, async () => {
      const { scheduleEvent } = await ask<EventDetail>(token, DOCUMENTS.eventDetail, { id: event.id });
      return scheduleEvent;
    });
  }

  async #subscribe(): Promise<void> {
    const { token } = this.#session;
    type Answer = { viewer: { calendarSubscription: SubscriptionAddress | null } | null };
    await openSubscribe(
      this.#messages,
      async () => (await ask<Answer>(token, DOCUMENTS.subscription, {})).viewer?.calendarSubscription ?? null,
      async () =>
        (await ask<{ rotateCalendarSubscription: SubscriptionAddress }>(token, DOCUMENTS.rotateSubscription, {}))
          .rotateCalendarSubscription,
    );
  }
}
