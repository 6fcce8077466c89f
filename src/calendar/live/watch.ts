// One user's calendar, watched: says which kinds and months changed as soon as they are known to
// have, as server-sent events, and every 15 s that it is still there. It says nothing of what
// changed: whoever hears it asks calendarChanges.

import type { Clock } from '../../clock.ts';
import type { FreshCache } from '../cache/fresh-cache.ts';
import { isWithin } from '../model/ern.ts';
import { EVENT_KINDS, type EventKind } from '../model/event.ts';
import { parseInvalidationKey } from '../model/invalidation-key.ts';
import type { AudienceKey } from '../model/slice.ts';
import type { Access } from '../read/access.ts';
import type { ChangeLog } from './change-log.ts';

/** What watching is built on. */
export interface WatchOptions {
  readonly changeLog: ChangeLog;
  readonly clock: Clock;
  /**
   * Everything on this user's schedule, the user's own audience included; null when it cannot be
   * found out.
   */
  readonly audiencesOf: () => Promise<ReadonlySet<string> | null>;
}

/** What changed: `months` (YYYY-MM) null: any month may have. */
export interface ChangeNotification {
  readonly kinds: readonly EventKind[];
  readonly months: readonly string[] | null;
}

const HEARTBEAT_MS = 15_000;
/** So long (milliseconds) names are gathered: one edit says several. */
const BATCH_WINDOW_MS = 50;
const EVERYTHING: ChangeNotification = { kinds: EVENT_KINDS, months: null };

/**
 * Events until `signal`. `after`: the id of the last event the user has seen; null for one who has
 * just looked.
 */
export async function* watch(
  { changeLog, clock, audiencesOf }: WatchOptions,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let offset = after ?? changeLog.offset;
  let audiences = await audiencesOf();
  yield `: here\nid: ${offset}\n\n`;
  while (!signal.aborted) {
    const names = changeLog.readSince(offset);
    offset = changeLog.offset;
    // A name of a list of audiences may be this user's: who sees what is read anew, like everything
    // invalidated.
    if (names?.some((name) => parseInvalidationKey(name).isAudienceList) ?? true) audiences = await audiencesOf();
    const notification = names === null ? EVERYTHING : changesFor(names, audiences);
    if (notification !== null) yield `id: ${offset}\nevent: change\ndata: ${JSON.stringify(notification)}\n\n`;
    const isBeat = await next(changeLog, clock, offset, signal);
    if (isBeat) yield ': still here\n\n';
  }
}

/**
 * What of the names is on the schedule of these audiences; null for nothing. Unknown audiences
 * count as touched.
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
 * Resolves when something was said after the offset (and a moment later), with true when nothing
 * was for long.
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
 * Everything on a user's schedule, by all sources; null when one of them does not say in time
 * (milliseconds).
 */
export async function audiencesOfUser(
  cache: FreshCache<AudienceKey, readonly string[]>,
  userId: string,
  ownAudience: string,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<ReadonlySet<string> | null> {
  const deadline = new Promise((resolve) => clock.after(deadlineMs, () => resolve(null)));
  const lists = await Promise.all(
    EVENT_KINDS.map(async (kind) => (await cache.read({ kind, userId }, { deadline })).value),
  );
  const known = lists.filter((list) => list !== null);
  return known.length < lists.length ? null : new Set([ownAudience, ...known.flat()]);
}

/**
 * The audiences whose changes are notification to one who may see so much; null: any may be among
 * them.
 */
export function seenAudiences(
  audiences: ReadonlySet<string> | null,
  access: NonNullable<Access>,
): ReadonlySet<string> | null {
  if (access === 'ALL') return audiences;
  const isTaught = (audience: string) => [...access].some((course) => isWithin(audience, course));
  return new Set([...(audiences ?? access)].filter(isTaught));
}

/** The events for as long as they may be heard, which is found out before each. */
export async function* whileAllowed(
  events: AsyncIterable<string>,
  isAllowed: () => Promise<boolean>,
): AsyncGenerator<string> {
  for await (const event of events) {
    if (!(await isAllowed().catch(() => false))) return;
    yield event;
  }
}
