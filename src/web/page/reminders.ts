// Reminders of what is due soon, as notifications of the browser while the page is open. Off until
// the user switches them on; only then the browser is asked for permission.
import { at, h } from './dom.ts';
import { type Locale, whenOf } from './event-mark.ts';
import type { ScheduleEvent } from './graph-types.ts';
import type { Messages } from './messages.ts';
import { forBrowser, forTab } from './storage.ts';

/** How long before it is due a reminder comes, in milliseconds. */
const LEAD_MS = 3_600_000;
const SETTING = 'reminders';
const REMINDED = 'calendar.reminded';

/** A reminder is for an event and its due instant: an extension brings a new one. */
const keyOf = ({ id, endsAt }: ScheduleEvent): string => `${id} ${endsAt}`;

/**
 * The deadlines within the next hour that are still to be met. `reminded`: keys of those of which
 * the user was reminded. `now`: the server's clock, in milliseconds.
 */
export function dueSoon(
  events: readonly ScheduleEvent[],
  reminded: ReadonlySet<string>,
  now: number,
): readonly ScheduleEvent[] {
  return events.filter((event) => {
    const left = Date.parse(event.endsAt) - now;
    const isOpen = event.timing === 'DEADLINE' && event.completion === 'PENDING';
    return isOpen && left > 0 && left <= LEAD_MS && !reminded.has(keyOf(event));
  });
}

/** The reminders of one page. */
export class Reminders {
  readonly #onOpen: (event: ScheduleEvent) => void;

  constructor(onOpen: (event: ScheduleEvent) => void) {
    this.#onOpen = onOpen;
  }

  /** Draws the switch, where the browser has notifications. `onChange`: after it is switched. */
  draw(messages: Messages, onChange: () => void): void {
    if (!('Notification' in window)) return;
    const said = h('p', { className: 'quiet', role: 'status' });
    const button = h('button', { id: 'remind', type: 'button', className: 'toggle' }, messages.remindSoon);
    const show = () => {
      button.ariaPressed = String(isOn());
    };
    button.onclick = async () => {
      if (!isOn() && Notification.permission === 'default') await Notification.requestPermission();
      const isDenied = Notification.permission !== 'granted';
      forBrowser().setItem(SETTING, isOn() || isDenied ? 'off' : 'on');
      said.replaceChildren(isDenied ? messages.remindDenied : '');
      show();
      onChange();
    };
    show();
    at('reminders').replaceChildren(button, said);
  }

  /** Reminds of what is due soon, of each once in this tab. */
  check(events: readonly ScheduleEvent[], locale: Locale, now: number): void {
    if (!isOn()) return;
    const reminded = new Set((forTab().getItem(REMINDED) ?? '').split('\n').filter(Boolean));
    for (const event of dueSoon(events, reminded, now)) {
      const notification = new Notification(event.title, { body: whenOf(event, locale), tag: event.id });
      notification.onclick = () => {
        window.focus();
        this.#onOpen(event);
      };
      forTab().setItem(REMINDED, [...reminded.add(keyOf(event))].join('\n'));
    }
  }
}

function isOn(): boolean {
  return 'Notification' in window && Notification.permission === 'granted' && forBrowser().getItem(SETTING) === 'on';
}
