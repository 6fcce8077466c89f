// Month and week, drawn by FullCalendar in the home zone. A deadline is among the all-day events of
// its day, with its time in words.
import { Calendar, type CalendarOptions, type EventInput } from 'fullcalendar';
import dayGrid from 'fullcalendar/daygrid';
import ko from 'fullcalendar/locales/ko';
import classic from 'fullcalendar/themes/classic';
import timeGrid from 'fullcalendar/timegrid';
import { EVENT_KINDS, KINDS } from '../../event-kinds.ts';
import { h } from './dom.ts';
import { clockOf, eventMark, type Locale } from './event-mark.ts';
import type { ScheduleEvent } from './graph-types.ts';
import type { Messages } from './messages.ts';
import { dayShown, hoursOf, lastDayOf, momentOf } from './model.ts';
import { addDays, dayOf, weekNumberOf } from './zone.ts';

/** A month or a week. */
export interface Grid {
  /** Redraws the events that changed. */
  draw(events: readonly ScheduleEvent[]): void;
  /** `day`: any of the period, YYYY-MM-DD. */
  show(view: 'month' | 'week', day: string): void;
  destroy(): void;
}

const VIEWS = { month: 'dayGridMonth', week: 'timeGridWeek' } as const;

/** What a grid is drawn with. */
export interface GridOptions extends Locale {
  /** The server's clock, in milliseconds. */
  readonly now: () => number;
  readonly onOpen: (event: ScheduleEvent) => void;
}

/** Creates a grid in `place`; nothing is shown before `show`. */
export function createGrid(place: HTMLElement, options: GridOptions): Grid {
  let shown: readonly ScheduleEvent[] = [];
  const calendar = new Calendar(place, {
    ...LAYOUT,
    ...textsOf(options.messages),
    ...drawingOf(options),
    locale: options.language,
    timeZone: options.timeZone,
    now: () => new Date(options.now()),
    events: (_, succeed) => succeed(shown.map((event) => inputOf(event, options.timeZone))),
    eventClick: ({ event, jsEvent }) => {
      jsEvent.preventDefault();
      options.onOpen(eventOf(event.extendedProps));
    },
  });
  let isShown = false;
  return {
    draw(events) {
      shown = events;
      calendar.refetchEvents();
    },
    show(view, day) {
      if (view === 'week') {
        const { from, to } = hoursOf(shown, day, options.timeZone);
        calendar.setOption('slotMinTime', timeText(from));
        calendar.setOption('slotMaxTime', timeText(to));
      }
      calendar.changeView(VIEWS[view], day);
      if (!isShown) calendar.render();
      isShown = true;
    },
    destroy: () => calendar.destroy(),
  };
}

const LAYOUT: CalendarOptions = {
  plugins: [dayGrid, timeGrid, classic],
  locales: [ko],
  headerToolbar: false,
  firstDay: 0,
  height: 'auto',
  dayMaxEvents: 4,
  fixedWeekCount: false,
  nowIndicator: true,
  eventDisplay: 'block',
  eventOrder: 'order',
  eventInteractive: true,
  weekNumbers: true,
  slotMinHeight: 32,
};

/** An hour of the day as FullCalendar takes it: 07:00. */
const timeText = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

const HAS_WHOLE_DAYS = EVENT_KINDS.some((kind) => KINDS[kind].allDay !== null);

function textsOf(messages: Messages): CalendarOptions {
  return {
    allDayText: HAS_WHOLE_DAYS ? messages.allDay : messages.due,
    weekTextShort: messages.weekShort,
    moreLinkContent: ({ num }) => messages.more(num),
    moreLinkHint: (num) => messages.moreHint(num),
    closeHint: messages.close,
  };
}

/** How events and day cells are drawn. */
function drawingOf(locale: Locale): CalendarOptions {
  return {
    weekNumberCalculation: (day) => weekNumberOf(dayOf(day.getTime(), locale.timeZone)),
    slotHeaderFormat: clockOf(locale.hourCycle),
    eventContent: ({ event, view }) => ({
      domNodes: [eventMark(eventOf(event.extendedProps), { ...locale, isTall: view.type === VIEWS.week })],
    }),
    eventClass: ({ event }) => classesOf(eventOf(event.extendedProps)),
    eventDidMount: ({ el, event }) => {
      const { id, course } = eventOf(event.extendedProps);
      el.style.setProperty('--course', course.color);
      el.dataset.event = id;
      el.title = event.title;
    },
    // A cell's name would hide the names of its events from screen readers (WCAG 2.5.3).
    dayCellDidMount: ({ el }) => {
      el.prepend(h('span', { className: 'unseen' }, el.ariaLabel ?? ''));
      el.removeAttribute('aria-label');
    },
  };
}

function inputOf(event: ScheduleEvent, timeZone: string): EventInput {
  const order = `${new Date(momentOf(event)).toISOString()} ${EVENT_KINDS.indexOf(event.kind)}`;
  return { id: event.id, title: event.title, ...placeOf(event, timeZone), extendedProps: { event, order } };
}

/** Days are given as days: FullCalendar's end is the day after the last one. */
function placeOf(event: ScheduleEvent, timeZone: string): EventInput {
  const { timing, startsAt, endsAt } = event;
  if (timing === 'INTERVAL') return { start: startsAt, end: endsAt, allDay: false };
  const start = dayShown(event, timeZone);
  return timing === 'DEADLINE'
    ? { start, allDay: true }
    : { start, end: addDays(lastDayOf(event, timeZone), 1), allDay: true };
}

function eventOf(props: Readonly<Record<string, unknown>>): ScheduleEvent {
  return props.event as ScheduleEvent;
}

/** The classes of an event for the style sheet. */
export function classesOf(event: ScheduleEvent): string {
  return `event kind-${event.kind} completion-${event.completion} phase-${event.phase}`;
}
