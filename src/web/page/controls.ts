// The controls of the page: steps through time, views, filters, account. Native buttons and
// selects; they are redrawn when their texts change, and keep the focus by id.

import type { CalendarOwner } from './calendar-owner.ts';
import { at, h, icon } from './dom.ts';
import { type Course, EVENT_KINDS, type Kind } from './graph-types.ts';
import type { Language, Messages } from './messages.ts';
import type { Filters } from './model.ts';
import type { View } from './preferences.ts';

/** Draws the steps: previous, next, today, and a day. */
export function drawSteps(messages: Messages, onStep: (step: -1 | 0 | 1) => void, onDay: (day: string) => void): void {
  const arrow = (name: 'previous' | 'next', step: -1 | 1) =>
    h(
      'button',
      { id: name, type: 'button', className: 'plain', aria: { label: messages[name] }, onclick: () => onStep(step) },
      icon(name),
    );
  fill(
    at('steps'),
    arrow('previous', -1),
    arrow('next', 1),
    h('button', { id: 'today', type: 'button', onclick: () => onStep(0) }, messages.today),
    datePicker(messages, onDay),
  );
}

/** The browser's own picker. It is followed once a day is whole: while it is typed it is empty. */
function datePicker(messages: Messages, onDay: (day: string) => void): HTMLElement {
  const input = h('input', { id: 'date', type: 'date', min: '1900-01-01', max: '2199-12-31' });
  input.ariaLabel = messages.goTo;
  input.title = messages.goTo;
  input.onchange = () => {
    if (input.value !== '' && input.validity.valid) onDay(input.value);
  };
  return input;
}

/** Shows the day of the period in the picker. */
export function showDay(day: string): void {
  at<HTMLInputElement>('date').value = day;
}

/** Draws the views; the shown one is pressed. */
export function drawViews(messages: Messages, shown: View, onView: (view: View) => void): void {
  const place = at('views');
  place.ariaLabel = messages.view;
  const views = ['month', 'week', 'list'] as const;
  fill(
    place,
    ...views.map((view) =>
      h(
        'button',
        { id: `view-${view}`, type: 'button', aria: { pressed: String(view === shown) }, onclick: () => onView(view) },
        messages[view],
      ),
    ),
  );
}

/**
 * Draws the account area: owner of the calendar, subscription, language, theme, and the demo users
 * if there are any.
 */
export function drawAccount(
  messages: Messages,
  options: {
    readonly language: Language;
    readonly user: { readonly name: string; readonly all: readonly string[] } | null;
    readonly owner: CalendarOwner;
    /** An empty name: one's own calendar. */
    readonly onOwner: (user: string) => void;
    readonly onSubscribe: () => void;
    readonly onSearch: () => void;
    readonly onHelp: () => void;
    readonly onLanguage: (language: Language) => void;
    readonly onTheme: () => void;
    readonly onUser: (user: string) => void;
  },
): void {
  const { language, user, owner, onOwner, onSubscribe, onSearch, onHelp, onLanguage, onTheme, onUser } = options;
  const other = language === 'ko' ? 'en' : 'ko';
  fill(
    at('account'),
    user && userMenu(messages, user, onUser),
    ownerMenu(messages, owner, onOwner),
    h('button', { id: 'open-search', type: 'button', onclick: onSearch }, icon('search'), messages.search),
    // Only the owner can share a subscription URL.
    owner.user === null &&
      h(
        'button',
        { id: 'open-subscribe', type: 'button', onclick: onSubscribe },
        icon('subscribe'),
        messages.subscribe,
      ),
    h(
      'button',
      { id: 'language', type: 'button', lang: other, onclick: () => onLanguage(other) },
      other === 'ko' ? '한국어' : 'English',
    ),
    h(
      'button',
      { id: 'theme', type: 'button', className: 'plain', aria: { label: messages.theme }, onclick: onTheme },
      icon('theme'),
    ),
    h(
      'button',
      { id: 'open-help', type: 'button', className: 'plain', aria: { label: messages.help }, onclick: onHelp },
      icon('help'),
    ),
  );
}

function userMenu(
  messages: Messages,
  { name, all }: { name: string; all: readonly string[] },
  onUser: (user: string) => void,
) {
  const select = h(
    'select',
    { id: 'user', aria: { label: messages.signedInAs } },
    ...all.map((one) => h('option', { value: one, selected: one === name }, one)),
  );
  select.onchange = () => onUser(select.value);
  return select;
}

/**
 * The choice of the calendar's owner: parents choose among their children, teachers enter a
 * student.
 */
function ownerMenu(
  messages: Messages,
  { user, observed, canPickAnyUser }: CalendarOwner,
  onOwner: (user: string) => void,
) {
  const named = { id: 'whose', aria: { label: messages.whose } };
  if (observed.length > 0) {
    const all = user === null || observed.includes(user) ? observed : [user, ...observed];
    const select = h(
      'select',
      named,
      ...all.map((one) => h('option', { value: one, selected: one === user }, messages.titleOf(one))),
    );
    select.onchange = () => onOwner(select.value);
    return select;
  }
  if (!canPickAnyUser) return null;
  const input = h('input', { ...named, type: 'search', value: user ?? '', placeholder: messages.whose });
  input.onchange = () => onOwner(input.value.trim());
  return input;
}

/** Draws the filters: each kind and each course of the loaded events, pressed while it is shown. */
export function drawFilters(
  messages: Messages,
  courses: readonly Course[],
  filters: Filters,
  onToggle: (change: Filters) => void,
): void {
  const kind = (one: Kind) =>
    toggle(
      `kind-${one}`,
      filters.kinds.has(one),
      () => onToggle({ ...filters, kinds: toggled(filters.kinds, one) }),
      icon(one),
      messages.kind[one],
    );
  const course = ({ ern, title, color }: Course) =>
    toggle(
      `course-${ern}`,
      filters.courses.has(ern),
      () => onToggle({ ...filters, courses: toggled(filters.courses, ern) }),
      h('span', { className: 'dot', vars: { '--course': color } }),
      title,
    );
  fill(
    at('filters'),
    group(messages.kinds, EVENT_KINDS.map(kind)),
    courses.length > 0 && group(messages.courses, courses.map(course)),
  );
}

function group(title: string, buttons: readonly HTMLElement[]): HTMLElement {
  return h(
    'section',
    {},
    h('h2', {}, title),
    h('div', { className: 'toggles', role: 'group', aria: { label: title } }, ...buttons),
  );
}

function toggle(id: string, isOff: boolean, onclick: () => void, ...children: readonly (Node | string)[]): HTMLElement {
  return h(
    'button',
    { id, type: 'button', className: 'toggle', aria: { pressed: String(!isOff) }, onclick },
    ...children,
  );
}

function toggled<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const changed = new Set(set);
  if (!changed.delete(one)) changed.add(one);
  return changed;
}

/** Replaces the content of a place; the focus stays on the element with the same id. */
function fill(place: HTMLElement, ...children: readonly (HTMLElement | false | null)[]): void {
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
  place.replaceChildren(...children.filter((child) => child instanceof HTMLElement));
  if (focused) document.getElementById(focused)?.focus();
}
