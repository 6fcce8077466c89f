// Watches one user's calendar: it reports which kinds and months changed, as server-sent events,
// and sends a heartbeat every 15 s. It does not report what changed: clients ask calendarChanges.

import type { Clock } from '../../clock.ts';
import type { FreshCache } from '../cache/fresh-cache.ts';
import { isWithin, rootOf } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import { ownPartsIn, parseInvalidationKey } from '../model/invalidation-key.ts';
import { type HeldAudiences, unpackAudiences } from '../model/packed.ts';
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
  /** Anything of these kinds may have changed, for every user: clients spread their questions. */
  readonly everything?: true;
}

const HEARTBEAT_MS = 15_000;
/** How long (milliseconds) keys are collected: one edit causes several. */
const BATCH_WINDOW_MS = 50;
const EVERYTHING: ChangeNotification = { kinds: EVENT_KINDS, months: null, everything: true };

/**
 * Events until `signal`. `after`: the id of the last event that the client received; null for a
 * client that has just read the calendar.
 */
export async function* watch(
  { changeLog, clock, audiencesOf, ownAudiences }: WatchOptions,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let offset = after === null ? changeLog.offset : changeLog.offsetOf(after);
  let audiences = await audiencesOf();
  let lookedUpAt = clock.elapsed();
  // At fixed times, so that a heartbeat does not tell what others do.
  let beatAt = lookedUpAt + HEARTBEAT_MS;
  yield `: here\nid: ${changeLog.idOf(offset)}\n\n`;
  while (!signal.aborted) {
    const names = changeLog.readSince(offset);
    offset = changeLog.offset;
    // Without a feed nothing tells of a right that has ended, so it is looked up again with every
    // heartbeat.
    if (audiences === null || mayChangeLists(names, ownAudiences) || clock.elapsed() - lookedUpAt >= HEARTBEAT_MS) {
      audiences = await audiencesOf();
      lookedUpAt = clock.elapsed();
      if (signal.aborted) return;
    }
    const notification = names === null ? EVERYTHING : changesFor(names, audiences);
    if (notification !== null)
      yield `id: ${changeLog.idOf(offset)}\nevent: change\ndata: ${JSON.stringify(notification)}\n\n`;
    if (await next(changeLog, clock, { offset, beatAt, audiences, ownAudiences }, signal)) {
      yield ': still here\n\n';
      beatAt = clock.elapsed() + HEARTBEAT_MS;
    }
  }
}

/**
 * Whether the keys may be about the list of audiences of one of these. Other users' own changes are
 * many, and no reason for every stream to look.
 */
function mayChangeLists(names: readonly string[] | null, ownAudiences: readonly string[]): boolean {
  if (names === null) return true;
  return names.some((name) => {
    const { audience, month } = parseInvalidationKey(name);
    return audience !== null && month === null && ownAudiences.includes(audience);
  });
}

/**
 * The part of the keys that concerns these audiences; null if none does. Unknown audiences count as
 * changed.
 */
export function changesFor(names: readonly string[], audiences: ReadonlySet<string> | null): ChangeNotification | null {
  const kinds = new Set<EventKind>();
  const months = new Set<string>();
  let isAnyMonth = false;
  let isEverything = false;
  for (const name of names) {
    const { kind, audience, month } = parseInvalidationKey(name);
    if (audience !== null && audiences?.has(audience) === false) continue;
    kinds.add(kind);
    if (audience === null) isEverything = true;
    if (month === null) isAnyMonth = true;
    else months.add(month);
  }
  if (kinds.size === 0) return null;
  const notification = { kinds: [...kinds], months: isAnyMonth ? null : [...months] };
  return isEverything ? { ...notification, everything: true } : notification;
}

/** What a stream waits for: keys of these audiences after the offset, or the heartbeat's time. */
interface Awaited {
  readonly offset: string;
  readonly beatAt: number;
  readonly audiences: ReadonlySet<string> | null;
  readonly ownAudiences: readonly string[];
}

/**
 * Resolves when such keys were added after the offset (and a moment later), or with true at the
 * time of a heartbeat.
 */
async function next(
  changeLog: ChangeLog,
  clock: Clock,
  { offset, beatAt, audiences, ownAudiences }: Awaited,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  const concerned = audiences === null ? null : [...audiences, ...ownAudiences];
  const untilBeat = beatAt - clock.elapsed();
  if (untilBeat <= 0) return true;
  const isBeat =
    changeLog.offset === offset &&
    (await new Promise<boolean>((resolve) => {
      const undo = [changeLog.onNext(concerned, () => done(false)), clock.after(untilBeat, () => done(true))];
      const abort = () => done(false);
      const done = (beat: boolean) => {
        for (const one of undo) one();
        signal.removeEventListener('abort', abort);
        resolve(beat);
      };
      signal.addEventListener('abort', abort);
    }));
  if (!isBeat && !signal.aborted)
    await new Promise<void>((resolve) =>
      clock.after(Math.min(BATCH_WINDOW_MS, Math.max(0, beatAt - clock.elapsed())), resolve),
    );
  return isBeat;
}

/**
 * All audiences of a user, from all sources; null when one of them does not answer in time
 * (milliseconds).
 */
export async function audiencesOfUser(
  cache: FreshCache<AudienceKey, HeldAudiences>,
  userId: string,
  ownAudience: string,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<ReadonlySet<string> | null> {
  const deadline = new Promise((resolve) => clock.after(deadlineMs, () => resolve(null)));
  const lists = await Promise.all(
    EVENT_KINDS.map(async (kind) => (await cache.read({ kind, userId }, { deadline })).value),
  );
  const known = lists.filter((list) => list !== null);
  return known.length < lists.length
    ? null
    : new Set([ownAudience, ...known.flatMap((list) => unpackAudiences(list).all)]);
}

/**
 * The audiences whose changes a viewer with this access may learn of; null: any. Of the user's own
 * audience, the part that is in the courses that the viewer sees.
 */
export function seenAudiences(
  audiences: ReadonlySet<string> | null,
  access: NonNullable<Access>,
  ownAudience: string,
): ReadonlySet<string> | null {
  if (access === 'ALL') return audiences;
  const isTaught = (audience: string) => [...access].some((course) => isWithin(audience, course));
  const own = [...access].flatMap((course) => ownPartsIn(ownAudience, rootOf(course)));
  return new Set([...[...(audiences ?? access)].filter(isTaught), ...own]);
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
