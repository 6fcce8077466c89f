// Reads a user's events in a window, with a status for each source: audiences first, then their
// slices, through the caches. A source that fails affects its own events only.

import { publish } from '../../diagnostics.ts';
import { type Attributes, inSpan } from '../../tracing.ts';
import type { FreshCache, ReadOptions } from '../cache/fresh-cache.ts';
import type { EventKind, ScheduleEvent } from '../model/event.ts';
import type { HeldAudiences, HeldSlice } from '../model/packed.ts';
import { type AudienceKey, hasUnnamedGap, type Month, type Slice, type SliceKey } from '../model/slice.ts';
import { type Completeness, combine, completenessOf, type Reading, type SourceStatus } from '../model/status.ts';
import type { Zone } from '../model/zone.ts';
import { inOrder, mergeSource, movedIntoWindow, type SourceSlices, withoutReason } from './merge.ts';
import { ownInSight, readAudiences, type SeenAudiences, type Sight } from './read-audiences.ts';
import { type Copy, readSlices } from './read-slices.ts';
import { monthsCovering, type Window } from './window.ts';

/**
 * A query of a calendar without its window: whose events, of which kinds, and how old the values
 * may be.
 */
export interface CalendarQuery {
  readonly userId: string;
  readonly kinds: readonly EventKind[];
  /** What the reader sees of the user. */
  readonly sight: Sight;
  /** Which events match the filter and may be seen by the viewer. */
  readonly keep: (event: ScheduleEvent) => boolean;
  /** Whether the reasons of other dates are left out. Default no. */
  readonly hidesReasons?: boolean;
  readonly readOptions: ReadOptions;
}

/** A query of one window. */
export interface CalendarRequest extends CalendarQuery {
  readonly window: Window;
}

/** The answer, before it is converted for GraphQL. */
export interface CalendarReading {
  /** By (startsAt, id). */
  readonly events: readonly ScheduleEvent[];
  /** One status for each requested kind, in that order. */
  readonly sources: readonly SourceStatus[];
  readonly completeness: Completeness;
}

/** The caches that a read goes through. */
export interface ReadThrough {
  readonly audiences: FreshCache<AudienceKey, HeldAudiences>;
  /** The same for readers who may not see everything, kept apart. */
  readonly foreignAudiences: FreshCache<AudienceKey, HeldAudiences>;
  readonly slices: FreshCache<SliceKey, HeldSlice>;
  /** Slices are calendar months of this zone. */
  readonly homeZone: Zone;
  /** The audience that consists of this user alone. */
  readonly ownAudience: (userId: string) => string;
}

/**
 * Reads the calendar. Never rejects: `sources` says what could not be loaded. An empty window loads
 * nothing.
 */
export function readCalendar(through: ReadThrough, request: CalendarRequest): Promise<CalendarReading> {
  const months = monthsCovering(request.window, through.homeZone);
  return inSpan('calendar.read', { 'calendar.months': months.length }, async (span) => {
    const reading = await readSources(through, request, months);
    span?.setAttributes(attributesOf(reading));
    return reading;
  });
}

/** What a trace says of a reading: of each source the status, and why. */
function attributesOf({ completeness, sources }: CalendarReading): Attributes {
  const statuses = sources.map(({ kind, status, reason }) => [
    `calendar.source.${kind.toLowerCase()}`,
    reason === null ? status : `${status} ${reason}`,
  ]);
  return { 'calendar.completeness': completeness, ...Object.fromEntries(statuses) };
}

async function readSources(
  through: ReadThrough,
  request: CalendarRequest,
  months: readonly Month[],
): Promise<CalendarReading> {
  const parts = await Promise.all(request.kinds.map((kind) => readSource(through, request, kind, months)));
  const sources = parts.map((sourcePart) => sourcePart.status);
  const completeness = completenessOf(sources);
  publish('calendar:answer', { completeness });
  return { events: inOrder(parts.flatMap((sourcePart) => sourcePart.events)), sources, completeness };
}

interface SourcePart {
  readonly events: readonly ScheduleEvent[];
  readonly status: SourceStatus;
}

async function readSource(
  through: ReadThrough,
  request: CalendarRequest,
  kind: EventKind,
  months: readonly Month[],
): Promise<SourcePart> {
  if (months.length === 0) return sourcePart(kind, [], [], [], 0);
  const seen = await readAudiences(through, request, kind);
  if ('state' in seen) return sourcePart(kind, [seen], [], [], 0);
  const keys = months.flatMap((month) => [
    ...seen.shared.map((audience) => seen.sharedSlice(audience, month)),
    ...seen.own(month),
  ]);
  let copies = await readSlices(through.slices, keys, request.readOptions);
  const own = through.ownAudience(request.userId);
  let slices = partitionSlices(kind, copies, own, seen.taught, request.sight);
  const elsewhere = originalSlices(movedIntoWindow(slices), seen, months, through.homeZone);
  if (elsewhere.length > 0) {
    copies = await readSlices(through.slices, elsewhere, request.readOptions, copies);
    slices = partitionSlices(kind, copies, own, seen.taught, request.sight);
  }
  const merged = mergeSource(slices, request.userId, request.window);
  const readings = [...seen.readings, ...copies.map((copy) => copy.reading)];
  const kept = merged.events.filter(request.keep);
  const events = request.hidesReasons === true ? kept.map(withoutReason) : kept;
  return sourcePart(kind, readings, [...slices.shared, ...slices.own], events, merged.dropped);
}

/** The slices that were read: shared ones and the user's own. */
function partitionSlices(
  kind: EventKind,
  copies: readonly Copy[],
  own: string,
  taught: readonly string[],
  sight: Sight,
): SourceSlices {
  const loaded = copies.flatMap(({ key, reading }) => (reading.value === null ? [] : [{ key, slice: reading.value }]));
  const isOwn = ({ key }: (typeof loaded)[number]) => key.audience === own;
  const shared = loaded.filter((one) => !isOwn(one)).map(({ slice }) => slice);
  const mine = loaded.filter(isOwn);
  const unknownMonths = mine.filter(({ slice }) => hasUnnamedGap(slice)).map(({ key }) => key.month);
  const ownSlices = mine.map(({ slice }) => slice);
  return { kind, taught, shared, own: ownInSight(sight, ownSlices, shared), unknownMonths };
}

/**
 * The slices that may hold the original items of overrides that moved into the window, as far as
 * they were not read yet: those of the original month in every audience that is seen, because a
 * section or group may list its course's items. One more call, and rare.
 */
function originalSlices(
  moved: ReturnType<typeof movedIntoWindow>,
  seen: SeenAudiences,
  read: readonly Month[],
  zone: Zone,
): readonly SliceKey[] {
  const months = new Map<string, Month>();
  for (const { original } of moved) {
    const [month] = monthsCovering({ from: original.startsAt, to: original.startsAt + 1 }, zone);
    if (month !== undefined && !read.some(({ name }) => name === month.name)) months.set(month.name, month);
  }
  return [...months.values()].flatMap((month) => seen.shared.map((audience) => seen.sharedSlice(audience, month)));
}

function sourcePart(
  kind: EventKind,
  readings: readonly Reading<unknown>[],
  slices: readonly Slice[],
  events: readonly ScheduleEvent[],
  contradictions: number,
): SourcePart {
  const dropped = slices.reduce((sum, slice) => sum + slice.dropped, contradictions);
  const truncated = slices.some((slice) => slice.truncated);
  return { events, status: { kind, ...combine(readings), count: events.length, dropped, truncated } };
}
