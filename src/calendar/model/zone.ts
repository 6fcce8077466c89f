// Instants as a time zone shows them. Offsets are looked up once per stretch between two
// transitions, then it is arithmetic: a calendar of hundreds of events renders in microseconds.
import { Temporal } from 'temporal-polyfill';

/** A stretch of time with one offset; [from, to) in milliseconds. */
interface Stretch {
  from: number;
  readonly to: number;
  /** Milliseconds east of UTC, whole minutes. */
  readonly offset: number;
  /** As RFC 3339 writes it: +09:00. */
  readonly suffix: string;
}

/** One IANA time zone. */
export class Zone {
  /** Canonical IANA name. */
  readonly name: string;
  readonly #stretches: Stretch[] = [];

  private constructor(name: string) {
    this.name = name;
  }

  /**
   * The zone of this IANA name (any case), or null when there is none. Offsets such as +09:00 are
   * not names.
   */
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

  /** The instant in RFC 3339 with this zone's offset; milliseconds only when there are any. */
  format(instant: number): string {
    const { offset, suffix } = this.#stretchAt(instant);
    const local = new Date(instant + offset).toISOString();
    return (instant % 1000 === 0 ? local.slice(0, 19) : local.slice(0, 23)) + suffix;
  }

  /** The local date, YYYY-MM-DD. */
  dateOf(instant: number): string {
    return new Date(instant + this.#stretchAt(instant).offset).toISOString().slice(0, 10);
  }

  /** The first instant of a local day (YYYY-MM-DD), whatever the clocks do at midnight. */
  startOfDay(date: string): number {
    return Temporal.PlainDate.from(date).toZonedDateTime(this.name).epochMilliseconds;
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
    // RFC 3339 has no seconds in offsets; the few zones that had them are rounded, the instant
    // stays exact.
    const minutes = Math.round(there.offsetNanoseconds / 60_000_000_000);
    const stretch = { from: instant, to, offset: minutes * 60_000, suffix: suffixOf(minutes) };
    this.#stretches.push(stretch);
    return stretch;
  }
}

/** By canonical name: as many as IANA has. */
const ZONES = new Map<string, Zone>();

function suffixOf(minutes: number): string {
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
