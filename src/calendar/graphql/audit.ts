// Tells of reads of other users' calendars by administrators and staff, for the log. An answer that
// is told of is never stored, because a stored one would be read without being told of.
import { isAdministrator } from '../../auth/rights.ts';
import { publish } from '../../diagnostics.ts';
import type { EventKind } from '../model/event.ts';
import type { Access } from '../read/access.ts';
import { viewerOf } from '../read/viewer.ts';
import type { Context } from './prepare-read.ts';

/** Whose reads of other users' calendars are told of; `staff`: of administrators too. */
export type AuditedReaders = 'none' | 'administrators' | 'staff';

/** What was read. Instants in RFC 3339; null where the field has no window. */
export interface ReadArea {
  readonly field: string;
  readonly kinds: readonly EventKind[];
  readonly from: string | null;
  readonly to: string | null;
}

/** Tells of a read that was allowed, if it is one to be told of; of equal ones once a request. */
export function auditRead(
  audited: AuditedReaders,
  context: Context,
  userId: string,
  access: NonNullable<Access>,
  area: ReadArea,
): void {
  const viewer = viewerOf(context);
  if (viewer.id === userId || audited === 'none') return;
  const isStaff = access !== 'ALL';
  if (!isAdministrator(viewer) && !(isStaff && audited === 'staff')) return;
  context.recorder.refuse();
  const as = isAdministrator(viewer) ? 'ADMINISTRATOR' : 'STAFF';
  const read = JSON.stringify(['read', userId, area]);
  if (context.counted.has(read)) return;
  context.counted.add(read);
  publish('calendar:foreign-read', { viewer: viewer.id, user: userId, as, ...area, requestId: context.requestId });
}
