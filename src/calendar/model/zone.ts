// Instants in a time zone. Offsets are looked up once for each period between two transitions,
// dates once for each day, and then reused: an answer has hundreds of instants.
import { Temporal } from 'temporal-polyfill';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The minutes of a day: T00:00:00 to T23:59:00. */
const TIMES = Array.from({ length: DAY_MS / MINUTE_MS }, (_, minute) =>
  new Date(minute * MINUTE_MS).toISOString().slice(10, 19),
);
/** So many dates of each zone are remembered. */
const DATES = 500;

/** A period with one offset; [from, to) in milliseconds. */
interface Stretch {
  from: number;
  readonly to: number;
  /** Milliseconds east of UTC, whole minutes. */
  readonly offset: number;
  /** In RFC 3339 form: +09:00. */
  readonly suffix: string;
}

/** One IANA time zone. */
export class Zone {
  /** Canonical IANA name. */
  readonly name: string;
  readonly #stretches: Stretch[] = [];
  /** YYYY-MM-DD, by days since 1970. */
  readonly #dates = new Map<number, string>();

  private constructor(name: string) {
    this.name = name;
  }

  /** The zone with this IANA name (in any case), or null. Offsets such as +09:00 are not names. */
  static named(name: string): Zone | null {
    const known = ZONES.get(name);
    if (known !== undefined) return known;
    if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return null;
    try {
      const canonical = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
      const zone = ZONES.get(canonical) ?? new Zone(canonical);
      ZONES.set(canonical, zone);
      return zone;
    } catch {
      return null;
    }
  }

  /**
   * The instant in RFC 3339 form with this zone's offset; with milliseconds only if they are not
   * zero.
   */
  format(instant: number): string {
    const { offset, suffix } = this.#stretchAt(instant);
    const local = instant + offset;
    const time = TIMES[(local % DAY_MS) / MINUTE_MS];
    // Nearly every date of an item is a whole minute.
    if (time !== undefined) return this.#dateAt(local) + time + suffix;
    const text = new Date(local).toISOString();
    return (instant % 1000 === 0 ? text.slice(0, 19) : text.slice(0, 23)) + suffix;
  }

  /** The local date, YYYY-MM-DD. */
  dateOf(instant: number): string {
    return this.#dateAt(instant + this.#stretchAt(instant).offset);
  }

  /** The first instant of a local day (YYYY-MM-DD), also where clocks change at midnight. */
  startOfDay(date: string): number {
    return Temporal.PlainDate.from(date).toZonedDateTime(this.name).epochMilliseconds;
  }

  /**
   * A period around the instant with one local date, and nothing but this date in it: the local
   * day, cut where clocks are set. [from, to) in milliseconds.
   */
  dayAround(instant: number): { readonly from: number; readonly to: number } {
    const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.name);
    const from = there.startOfDay().epochMilliseconds;
    const to = there.toPlainDate().add({ days: 1 }).toZonedDateTime(this.name).epochMilliseconds;
    // The transition before the next millisecond is at this instant or before it.
    const before = there.add({ milliseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? from;
    const after = there.getTimeZoneTransition('next')?.epochMilliseconds ?? to;
    const period = { from: Math.max(from, before), to: Math.min(to, after) };
    return period.from <= instant && instant < period.to ? period : { from: instant, to: instant + 1 };
  }

  /** The date of local milliseconds. */
  #dateAt(local: number): string {
    const day = Math.floor(local / DAY_MS);
    const known = this.#dates.get(day);
    if (known !== undefined) return known;
    const date = new Date(local).toISOString().slice(0, 10);
    if (this.#dates.size === DATES) this.#dates.clear();
    this.#dates.set(day, date);
    return date;
  }

  #stretchAt(instant: number): Stretch {
    const known = this.#stretches.find((stretch) => instant >= stretch.from && instant < stretch.to);
    if (known !== undefined) return known;
    const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.name);
    const to = there.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
    const same = this.#stretches.find((stretch) => stretch.to === to);
    if (same !== undefined) {
      same.from = instant;
      return same;
    }
    // RFC 3339 offsets have no seconds: those of the few zones that had them are rounded; the
    // instant stays exact.
    const minutes = Math.round(there.offsetNanoseconds / 60_000_000_000);
    const stretch = { from: instant, to, offset: minutes * 60_000, suffix: suffixOf(minutes) };
    this.#stretches.push(stretch);
    return stretch;
  }
}

/** Zones by canonical name; IANA bounds their number. */
const ZONES = new Map<string, Zone>();

function suffixOf(minutes: number): string {
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
