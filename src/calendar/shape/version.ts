// What an event says, as a short hash: equal exactly when nothing a client could see has changed,
// whenever it was read. Pure.
import { createHash } from 'node:crypto';
import type { ScheduleEvent } from '../model/event.ts';

/** Bytes of an event's version. */
export const VERSION_BYTES = 4;

/**
 * The event's version: the first {@link VERSION_BYTES} bytes of the SHA-1 of its content. What
 * follows from now is not in it.
 */
export function versionOf(event: ScheduleEvent): Buffer {
  return createHash('sha1')
    .update(JSON.stringify(contentOf(event)))
    .digest()
    .subarray(0, VERSION_BYTES);
}

/** Digest of a calendar's content: the same for the same events, whenever they were fetched. */
export function digestOf(events: readonly ScheduleEvent[]): string {
  const hash = createHash('sha256');
  for (const event of events) hash.update(event.id).update(versionOf(event));
  return hash.digest('base64url').slice(0, 22);
}

/** In a fixed order, so that how an event was put together does not show. */
function contentOf({
  id,
  ern,
  title,
  course,
  startsAt,
  endsAt,
  location,
  updatedAt,
  lateLimit,
  done,
  dateOverride,
}: ScheduleEvent) {
  const override = dateOverride && [dateOverride.startsAt, dateOverride.endsAt, dateOverride.reason];
  const { title: name, color } = course;
  return [id, ern, title, course.ern, name, color, startsAt, endsAt, location, updatedAt, lateLimit, done, override];
}
