// Events and statuses as the schema shows them: instants in the calendar's zone, time-dependent
// fields computed when they are asked for.
import { echo } from '../../errors.ts';
import { BUSY, completionOf, isOverdue, phaseOf, TIMING } from '../model/derive.ts';
import type { EventKind, ScheduleEvent } from '../model/event.ts';
import { parseEventId } from '../model/event-id.ts';
import type { SourceStatus } from '../model/status.ts';
import type { Zone } from '../model/zone.ts';
import type { Recorder } from '../revalidation/recorder.ts';

/** The URL of an event, from its id and its resource name. */
export type EventUrl = (event: Pick<ScheduleEvent, 'id' | 'ern'>) => string;

/** What all events of one answer are formatted with. */
export interface RenderContext {
  readonly zone: Zone;
  /** Milliseconds. */
  readonly now: number;
  /** The URL of an event. */
  readonly eventUrl: EventUrl;
  /** Is told which fields depend on now. */
  readonly recorder: Recorder;
}

/** The instants at which phase, completion and isOverdue of an event change. */
export function instantsOf({ startsAt, endsAt, lateLimit }: ScheduleEvent): readonly (number | null)[] {
  return [startsAt, endsAt, lateLimit];
}

/** One event of any kind; the schema decides which of these fields it has. */
export class EventView {
  readonly #event: ScheduleEvent;
  readonly #renderContext: RenderContext;

  constructor(event: ScheduleEvent, renderContext: RenderContext) {
    this.#event = event;
    this.#renderContext = renderContext;
  }

  get id() {
    return this.#event.id;
  }
  get ern() {
    return this.#event.ern;
  }
  get kind() {
    return this.#event.kind;
  }
  get title() {
    return this.#event.title;
  }
  get course() {
    return this.#event.course;
  }
  get startsAt() {
    return this.#renderContext.zone.format(this.#event.startsAt);
  }
  get endsAt() {
    return this.#renderContext.zone.format(this.#event.endsAt);
  }
  get timing() {
    return TIMING[this.#event.kind];
  }
  get dateOverride() {
    const { dateOverride } = this.#event;
    if (dateOverride === null) return null;
    const { zone } = this.#renderContext;
    return { ...dateOverride, startsAt: zone.format(dateOverride.startsAt), endsAt: zone.format(dateOverride.endsAt) };
  }
  get phase() {
    return phaseOf(this.#event, this.#now());
  }
  get completion() {
    const { now, recorder } = this.#renderContext;
    const completion = completionOf(this.#event, now);
    // Of the others, only a write changes it.
    if (completion === 'PENDING' || completion === 'MISSED') {
      recorder.changesAt(now, this.#event.endsAt, this.#event.lateLimit);
    }
    return completion;
  }
  get isOverdue() {
    return isOverdue(this.#event, this.#now());
  }
  get busyStatus() {
    return BUSY[this.#event.kind];
  }
  get location() {
    return this.#event.location;
  }
  get url() {
    return this.#renderContext.eventUrl(this.#event);
  }
  get updatedAt() {
    return this.#renderContext.zone.format(this.#event.updatedAt);
  }
  get lateAt() {
    return this.#lateLimit();
  }
  get closesAt() {
    return this.#lateLimit();
  }
  /** Of a lecture itself, of a check the one in which it takes place. */
  get lecture() {
    const { kind, ern, lecture } = this.#event;
    if (kind === 'LECTURE') return { ern };
    return lecture === null ? null : { ern: lecture };
  }
  get attendanceCheck() {
    return { ern: this.#event.ern };
  }
  get assignment() {
    return { ern: this.#event.ern };
  }

  /** Now, for a field that depends on it. */
  #now() {
    const { now, recorder } = this.#renderContext;
    recorder.changesAt(now, ...instantsOf(this.#event));
    return now;
  }

  #lateLimit() {
    const { lateLimit } = this.#event;
    return lateLimit === null ? null : this.#renderContext.zone.format(lateLimit);
  }
}

/** The schema's type for events of this kind. */
export const TYPE_OF = {
  LECTURE: 'LectureEvent',
  ATTENDANCE: 'AttendanceEvent',
  ASSIGNMENT: 'AssignmentEvent',
} as const satisfies Record<EventKind, string>;

/** A source's status as the schema shows it. */
export function statusView(status: SourceStatus, { zone, recorder }: RenderContext) {
  return {
    ...status,
    get fetchedAt() {
      recorder.showsLoadTimes();
      return status.fetchedAt === null ? null : zone.format(status.fetchedAt);
    },
  };
}

/**
 * Returns a function that replaces `{ern}`, `{id}` and `{user}` (the owner of the calendar) in the
 * template, escaped. Throws TypeError unless the template has one `{ern}` or one `{id}`.
 */
export function eventUrlFrom(template: string): EventUrl {
  if (template.split(/\{(?:ern|id)\}/).length !== 2) {
    throw new TypeError(`expected an address with {ern} or {id} in it once, given ${echo(template)}`);
  }
  return ({ id, ern }) => {
    const values: Readonly<Record<string, string>> = { id, ern, user: parseEventId(id)?.userId ?? '' };
    return template.replace(/\{(ern|id|user)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  };
}
