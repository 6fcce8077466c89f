// The fields of a user's calendar subscription.
import { mayAdministrate } from '../../auth/rights.ts';
import { badInput } from '../../errors.ts';
import { EXPECTED_USER_ID, isUserId } from '../../resource-name.ts';
import { isErn } from '../model/ern.ts';
import { forbidden, viewerOf } from '../read/viewer.ts';
import type { SubscriptionAddress } from '../subscription/address.ts';
import { type Context, deadlineOf, readOptionsOf, renderContextOf } from './prepare-read.ts';
import type { CalendarUseCases } from './use-cases.ts';

/** A subscription address as the schema shows it. */
export function subscriptionView({ read, publicUrl }: CalendarUseCases, { token, rotatedAt }: SubscriptionAddress) {
  const url = `${publicUrl}/calendar/${token}.ics`;
  return {
    url,
    webcalUrl: url.replace(/^https?:/, 'webcal:'),
    rotatedAt: rotatedAt === null ? null : renderContextOf(read).zone.format(rotatedAt),
  };
}

/** What an address is to show. */
export interface SubscriptionArgs {
  readonly child?: string | null;
  readonly course?: string | null;
}

/**
 * The viewer's own address, of a child or of a course. Null for another user. Throws
 * BAD_USER_INPUT, FORBIDDEN for a child whom the viewer does not observe, or UNAVAILABLE.
 */
export async function resolveSubscription(
  cases: CalendarUseCases,
  userId: string,
  { child = null, course = null }: SubscriptionArgs,
  context: Context,
) {
  const viewer = viewerOf(context);
  if (viewer.id !== userId) return null;
  if (course !== null && !isErn(course)) throw badInput('course', 'a course name such as ern:lms:course/42', course);
  if (child !== null) {
    if (!isUserId(child)) throw badInput('child', EXPECTED_USER_ID, child);
    const observed = await cases.observedBy(viewer, readOptionsOf(context, deadlineOf(cases.read, context)));
    if (!observed.includes(child)) forbidden();
  }
  return subscriptionView(cases, await cases.addresses.addressOf(userId, { child, course }));
}

/**
 * Ends the addresses of the viewer, or of a user for an administrator. Throws BAD_USER_INPUT,
 * FORBIDDEN, or CONFLICT without a store.
 */
export async function endSubscription(cases: CalendarUseCases, user: string | null, context: Context): Promise<true> {
  const viewer = viewerOf(context);
  const userId = user ?? viewer.id;
  if (!isUserId(userId)) throw badInput('user', EXPECTED_USER_ID, userId);
  if (userId !== viewer.id && !mayAdministrate(viewer, 'endCalendarSubscription')) forbidden();
  await cases.addresses.rotate(userId, cases.read.clock.now());
  return true;
}
