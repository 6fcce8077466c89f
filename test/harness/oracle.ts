// What must be on a calendar, computed naively from the rows, without months, slices or caches.
import type { EventKind } from '../../src/calendar/model/event.ts';
import { audiencesOf } from './mock-schema.ts';
import { type ItemRow, ownErn, type Rows } from './rows.ts';

/** As much of an event as tells one from another. Instants in milliseconds. */
export interface Expected {
  readonly ern: string;
  readonly kind: EventKind;
  readonly title: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

const KINDS: readonly EventKind[] = ['LECTURE', 'ATTENDANCE', 'ASSIGNMENT'];

/** The user's events that meet [from, to), by (startsAt, ern). */
export function expected(
  rows: Rows,
  user: string,
  window: { readonly from: string; readonly to: string },
  kinds: readonly EventKind[] = KINDS,
): Expected[] {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  return kinds
    .flatMap((kind) => eventsOf(rows, user, kind))
    .filter(({ startsAt, endsAt }) => startsAt < to && (endsAt > from || (endsAt === startsAt && startsAt >= from)))
    .sort(byStart);
}

/** An answer's events in the oracle's form and order. */
export function drawn(
  events: readonly { ern: string; kind: EventKind; title: string; startsAt: string; endsAt: string }[],
) {
  return events
    .map(({ ern, kind, title, startsAt, endsAt }): Expected => {
      return { ern, kind, title, startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) };
    })
    .sort(byStart);
}

/** Whether an answer's events are in the order promised: by (startsAt, id). */
export function isOrdered(events: readonly { readonly id: string; readonly startsAt: string }[]): boolean {
  const key = (event: { id: string; startsAt: string }) => `${new Date(event.startsAt).toISOString()} ${event.id}`;
  return events.every((event, i) => i === 0 || key(events[i - 1] as typeof event) < key(event));
}

function eventsOf(rows: Rows, user: string, kind: EventKind): Expected[] {
  const audiences = audiencesOf(rows, kind, user);
  const visible = rows.items.filter((row) => row.kind === kind && audiences.includes(row.audience));
  const erns = [...new Set(visible.map((row) => row.ern))];
  return erns.flatMap((ern) => {
    const shared = visible.find((row) => row.ern === ern && row.audience !== ownErn(user));
    const mine = visible.find((row) => row.ern === ern && row.audience === ownErn(user));
    if (shared?.hidden || mine?.hidden) return [];
    const { title, startsAt, endsAt } = { ...shared, ...given(mine) };
    if (!title || !startsAt || !endsAt) return [];
    return [{ ern, kind, title, startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) }];
  });
}

function given(row: ItemRow | undefined): Partial<ItemRow> {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, value]) => value !== null));
}

const byStart = (a: Expected, b: Expected) => a.startsAt - b.startsAt || (a.ern < b.ern ? -1 : 1);
