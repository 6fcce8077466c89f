// Watches one user's calendar: it reports which kinds and months changed, as server-sent events,
// and sends a heartbeat every 15 s. It does not report what changed: clients ask calendarChanges.

import type { Clock } from '../../clock.ts';
import type { FreshCache } from '../cache/fresh-cache.ts';
import { isWithin } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import { parseInvalidationKey } from '../model/invalidation-key.ts';
import type { Audiences } from '../model/relations.ts';
import type { AudienceKey } from '../model/slice.ts';
import type { Access } from '../read/access.ts';
import type { ChangeLog } from './change-log.ts';

/** What watching needs. */
export interface WatchOptions {
  readonly changeLog: ChangeLog;
  readonly clock: Clock;
  /** All audiences of this user, the user's own included; null when they cannot be loaded. */
  readonly audiencesOf: () => Promise<ReadonlySet<string> | null>;
  /** The audiences of the user alone and of the viewer alone: their keys name these lists. */
  readonly ownAudiences: readonly string[];
}

/** What changed. `months` (YYYY-MM): null means any month. */
export interface ChangeNotification {
  readonly kinds: readonly EventKind[];
  readonly months: readonly string[] | null;
}

const HEARTBEAT_MS = 15_000;
/** How long (milliseconds) keys are collected: one edit causes several. */
const BATCH_WINDOW_MS = 50;
const EVERYTHING: ChangeNotification = { kinds: EVENT_KINDS, months: null };

/**
 * Events until `signal`. `after`: the id of the last event that the client received; null for a
 * client that has just read the calendar.
 */
export async function* watch(
  { changeLog, clock, audiencesOf, ownAudiences }: WatchOptions,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let offset = after ?? changeLog.offset;
  let audiences = await audiencesOf();
  yield `: here\nid: ${offset}\n\n`;
  while (!signal.aborted) {
    const names = changeLog.readSince(offset);
    offset = changeLog.offset;
    // Other users' own changes are many, and no reason for every stream to look.
    if (audiences === null || (names?.some((name) => isOwnList(name, ownAudiences)) ?? true))
      audiences = await audiencesOf();
    const notification = names === null ? EVERYTHING : changesFor(names, audiences);
    if (notification !== null) yield `id: ${offset}\nevent: change\ndata: ${JSON.stringify(notification)}\n\n`;
    const isBeat = await next(changeLog, clock, offset, signal);
    if (isBeat) yield ': still here\n\n';
  }
}

/** Whether the key may be about the list of audiences of one of these. */
function isOwnList(name: string, ownAudiences: readonly string[]): boolean {
  const { audience, month } = parseInvalidationKey(name);
  return audience !== null && month === null && ownAudiences.includes(audience);
}

/**
 * The part of the keys that concerns these audiences; null if none does. Unknown audiences count as
 * changed.
 */
export function changesFor(names: readonly string[], audiences: ReadonlySet<string> | null): ChangeNotification | null {
  const kinds = new Set<EventKind>();
  const months = new Set<string>();
  let isAnyMonth = false;
  for (const name of names) {
    const { kind, audience, month } = parseInvalidationKey(name);
    if (audience !== null && audiences?.has(audience) === false) continue;
    kinds.add(kind);
    if (month === null) isAnyMonth = true;
    else months.add(month);
  }
  return kinds.size === 0 ? null : { kinds: [...kinds], months: isAnyMonth ? null : [...months] };
}

/**
 * Resolves when keys were added after the offset (and a moment later), with true if there were none
 * for long.
 */
async function next(changeLog: ChangeLog, clock: Clock, offset: string, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const isBeat =
    changeLog.offset === offset &&
    (await new Promise<boolean>((resolve) => {
      const undo = [changeLog.onNext(() => done(false)), clock.after(HEARTBEAT_MS, () => done(true))];
      const abort = () => done(false);
      const done = (beat: boolean) => {
        for (const one of undo) one();
        signal.removeEventListener('abort', abort);
        resolve(beat);
      };
      signal.addEventListener('abort', abort);
    }));
  if (!isBeat && !signal.aborted) await new Promise<void>((resolve) => clock.after(BATCH_WINDOW_MS, resolve));
  return isBeat;
}

/**
 * All audiences of a user, from all sources; null when one of them does not answer in time
 * (milliseconds).
 */
export async function audiencesOfUser(
  cache: FreshCache<AudienceKey, Audiences>,
  userId: string,
  ownAudience: string,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<ReadonlySet<string> | null> {
  const deadline = new Promise((resolve) => clock.after(deadlineMs, () => resolve(null)));
  const lists = await Promise.all(
    EVENT_KINDS.map(async (kind) => (await cache.read({ kind, userId }, { deadline })).value),
  );
  const known = lists.filter((list) => list !== null);
  return known.length < lists.length ? null : new Set([ownAudience, ...known.flatMap(({ all }) => all)]);
}

/** The audiences whose changes a viewer with this access may learn of; null: any. */
export function seenAudiences(
  audiences: ReadonlySet<string> | null,
  access: NonNullable<Access>,
): ReadonlySet<string> | null {
  if (access === 'ALL') return audiences;
  const isTaught = (audience: string) => [...access].some((course) => isWithin(audience, course));
  return new Set([...(audiences ?? access)].filter(isTaught));
}

/** The events for as long as the viewer has access, which is checked before each event. */
export async function* whileAllowed(
  events: AsyncIterable<string>,
  isAllowed: () => Promise<boolean>,
): AsyncGenerator<string> {
  for await (const event of events) {
    if (!(await isAllowed().catch(() => false))) return;
    yield event;
  }
}
