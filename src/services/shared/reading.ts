// Who may read what: a user's audiences are for services, and what is behind a name is for members
// and staff of its course.
import type { Caller } from '../../auth/principal.ts';
import { allows, mayAdministrate, type Right } from '../../auth/rights.ts';
import { requireReader, requireScope } from './access.ts';
import type { MemberAudiences, Schedule } from './schedule.ts';

/** A user's audiences, for a service that may read schedules. Throws FORBIDDEN for others. */
export function audiencesOf(
  { caller, schedule }: { readonly caller: Caller; readonly schedule: Pick<Schedule<object, object>, 'audiences'> },
  userId: string,
): Promise<MemberAudiences> {
  requireScope(caller, 'schedule:read');
  return schedule.audiences.load(userId);
}

/** What a field that reads by name needs. */
interface ReadingContext<Entity extends object> {
  readonly caller: Caller;
  readonly schedule: Pick<Schedule<object, Entity>, 'entities' | 'members'>;
}

/**
 * The entity for members and staff of its course, administrators, and services that read schedules.
 * Null for everybody else, as for one that does not exist.
 */
export async function readEntity<Entity extends { readonly course: { readonly ern: string } }>(
  context: ReadingContext<Entity>,
  ern: string,
  right: Right,
): Promise<Entity | null> {
  requireReader(context.caller);
  const entity = await context.schedule.entities.load(ern);
  return entity !== null && (await maySee(context, entity.course.ern, right)) ? entity : null;
}

/** Whether the caller may see what is behind the names in a course. */
export async function maySee(
  {
    caller: { user },
    schedule,
  }: Omit<ReadingContext<object>, 'schedule'> & { schedule: Pick<Schedule<object, object>, 'members'> },
  course: string,
  right: Right,
): Promise<boolean> {
  if (user === null || mayAdministrate(user, right)) return true;
  return allows(right, 'self') && (await schedule.members.load({ user: user.id, course }));
}
