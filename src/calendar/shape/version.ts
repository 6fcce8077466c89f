// The version of an event: a short hash that is equal exactly when nothing visible has changed.
// Pure.
import { createHash } from 'node:crypto';
import type { ScheduleEvent } from '../model/event.ts';

/** Length of a version in bytes: two of 2^48 are equal by chance, so that no change is missed. */
export const VERSION_BYTES = 6;

/**
 * The event's version: the first {@link VERSION_BYTES} bytes of the SHA-1 of its content, without
 * fields that depend on now.
 */
export function versionOf(event: ScheduleEvent): Buffer {
  return createHash('sha1')
    .update(JSON.stringify(contentOf(event)))
    .digest()
    .subarray(0, VERSION_BYTES);
}

/** Digest of a calendar's content: the same for the same events, whenever they were loaded. */
export function digestOf(events: readonly ScheduleEvent[]): string {
  const hash = createHash('sha256');
  for (const event of events) hash.update(event.id).update(versionOf(event));
  return hash.digest('base64url').slice(0, 22);
}

/** In a fixed order, so that the order of properties does not matter. */
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
  lecture,
  done,
  allDay,
  dateOverride,
}: ScheduleEvent) {
  // No submission and none known of are shown alike.
  const state = done ?? 'NONE';
  const override = dateOverride && [dateOverride.startsAt, dateOverride.endsAt, dateOverride.reason];
  const { title: name, color } = course;
  return [
    id,
    ern,
    title,
    course.ern,
    name,
    color,
    startsAt,
    endsAt,
    location,
    updatedAt,
    lateLimit,
    lecture,
    state,
    override,
    // Only then, so that the versions of other events stay as they were.
    ...(allDay ? ['ALL_DAY'] : []),
  ];
}
