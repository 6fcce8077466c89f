// The id of an event: its kind, user and resource. It is opaque to clients; the server parses it.
import { isErn } from './ern.ts';
import { EVENT_KINDS, type EventKind } from './event.ts';

/** The parts of an event's id. */
export interface EventRef {
  readonly kind: EventKind;
  readonly userId: string;
  readonly ern: string;
}

/** The id, unique per user and resource. */
export function eventId({ kind, userId, ern }: EventRef): string {
  return `${kind}!${userId}!${ern}`;
}

/** Parses an id; null when it is malformed. A resource name contains no '!', so a user id may. */
export function parseEventId(id: string): EventRef | null {
  const [first, last] = [id.indexOf('!'), id.lastIndexOf('!')];
  const kind = EVENT_KINDS.find((known) => known === id.slice(0, first));
  const [userId, ern] = [id.slice(first + 1, last), id.slice(last + 1)];
  return kind !== undefined && last > first + 1 && isErn(ern) ? { kind, userId, ern } : null;
}
