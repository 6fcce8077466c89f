// The id of an event: which kind, for whom, of which resource. Clients take it as opaque; we take
// it apart again.
import { isErn } from './ern.ts';
import { EVENT_KINDS, type EventKind } from './event.ts';

/** What an event's id says. */
export interface EventRef {
  readonly kind: EventKind;
  readonly userId: string;
  readonly ern: string;
}

/** The id, unique per user and resource. */
export function eventId({ kind, userId, ern }: EventRef): string {
  return `${kind}!${userId}!${ern}`;
}

/**
 * Takes an id apart; null when it is none. A resource name has no '!', so a user's id may have one.
 */
export function parseEventId(id: string): EventRef | null {
  const [first, last] = [id.indexOf('!'), id.lastIndexOf('!')];
  const kind = EVENT_KINDS.find((known) => known === id.slice(0, first));
  const [userId, ern] = [id.slice(first + 1, last), id.slice(last + 1)];
  return kind !== undefined && last > first + 1 && isErn(ern) ? { kind, userId, ern } : null;
}
