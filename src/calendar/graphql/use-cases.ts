// What the resolvers are built on; `calendar.ts` puts it together.
import type { Principal } from '../../auth/principal.ts';
import type { ReadOptions } from '../cache/fresh-cache.ts';
import type { EventKind, ScheduleEvent } from '../model/event.ts';
import type { EventRef } from '../model/event-id.ts';
import type { ReadThrough } from '../read/read-calendar.ts';
import type { SubscriptionAddresses } from '../subscription/address.ts';
import type { ReadDependencies } from './prepare-read.ts';

export interface CalendarUseCases {
  readonly read: ReadDependencies;
  readonly through: ReadThrough;
  /**
   * Ids of the users whom the viewer observes. Throws UNAVAILABLE when this cannot be looked up.
   */
  readonly observedBy: (viewer: Principal, options: ReadOptions) => Promise<readonly string[]>;
  /**
   * One event, read from its source now; null if there is none. Throws UNAVAILABLE when the source
   * fails.
   */
  readonly readEvent: (ref: EventRef, deadline: Promise<unknown>, requestId: string) => Promise<ScheduleEvent | null>;
  readonly addresses: SubscriptionAddresses;
  /** Base of the subscription URLs, without a trailing slash: https://calendar.example.ac.kr. */
  readonly publicUrl: string;
  /** A source of this kind was just written to: the change feeds that poll ask now. */
  readonly pollNow: (kind: EventKind) => void;
}
