// The fields of a user's calendar subscription.
import type { SubscriptionAddress } from '../subscription/address.ts';
import { renderContextOf } from './prepare-read.ts';
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
