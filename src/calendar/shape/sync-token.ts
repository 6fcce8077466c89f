// A sync token holds everything the server needs to know of a client: the ids and versions it was
// shown, packed into text. The server keeps nothing. A token that cannot be read is never an error.

import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DAY_MS } from '../../durations.ts';
import { readFullSyncToken } from '../../full-sync-token.ts';
import type { EventFilter } from '../model/event-filter.ts';
import { parseEventId } from '../model/event-id.ts';
import { VERSION_BYTES } from './version.ts';

/** The arguments of the query that the token continues. */
export interface CalendarArgs {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string | null;
  readonly filter: EventFilter | null;
}

/** The content of a token. */
export interface SyncState {
  /** Id of the user whose calendar it is. */
  readonly userId: string;
  readonly args: CalendarArgs;
  /** When it was made, in milliseconds. */
  readonly at: number;
  /** Version by event id. Null: there were too many to hold. */
  readonly versions: ReadonlyMap<string, Buffer> | null;
}

/**
 * Maximum length of a token in characters: at least 2,000 events with UUIDs in their names. A
 * larger state is stored without its events. The gateway's MAX_BODY must leave room for it.
 */
const MAX_TOKEN = 96_000;
/** Maximum size of an unpacked token in bytes; ours have at most a fifth of it. */
const MAX_UNPACKED = 1_000_000;
/** Older tokens are ignored. */
const MAX_AGE_MS = 90 * DAY_MS;
const CHECK_BYTES = 4;

/**
 * Packs the state: 9 to 12 characters for each event where ids are numbered, about 45 with UUIDs.
 */
export function packToken(state: SyncState): string {
  const { userId, args, at, versions } = state;
  const ids = versions === null ? null : [...versions.keys()].sort();
  const head = deflateRawSync(JSON.stringify([userId, args, at, ids === null ? null : frontCoded(ids)]), { level: 9 });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  const hashes = (ids ?? []).map((id) => versions?.get(id) ?? Buffer.alloc(VERSION_BYTES));
  const body = Buffer.concat([length, head, ...hashes]);
  const token = Buffer.concat([checkOf(body), body]).toString('base64url');
  return token.length <= MAX_TOKEN || versions === null ? token : packToken({ ...state, versions: null });
}

/** Unpacks a token; null when it is malformed or older than 90 days at `now`. */
export function unpackToken(token: string, now: number): SyncState | null {
  if (token.length > MAX_TOKEN) return null;
  const full = readFullSyncToken(token);
  if (full !== undefined) return fullSync(full, now);
  const bytes = Buffer.from(token, 'base64url');
  // Characters that are skipped and spare bits would make different texts of one token.
  if (bytes.toString('base64url') !== token) return null;
  const body = bytes.subarray(CHECK_BYTES);
  if (body.length < 4 || !checkOf(body).equals(bytes.subarray(0, CHECK_BYTES))) return null;
  try {
    const end = 4 + body.readUInt32BE(0);
    const head: unknown = JSON.parse(
      inflateRawSync(body.subarray(4, end), { maxOutputLength: MAX_UNPACKED }).toString(),
    );
    const state = stateFrom(head, body.subarray(end));
    return state !== null && now - state.at <= MAX_AGE_MS ? state : null;
  } catch {
    return null;
  }
}

function fullSync([userId, args]: readonly [unknown, unknown], now: number): SyncState | null {
  return typeof userId === 'string' && isCalendarArgs(args) ? { userId, args, at: now, versions: null } : null;
}

function stateFrom(head: unknown, hashes: Buffer): SyncState | null {
  if (!Array.isArray(head)) return null;
  const [userId, args, at, coded] = head as unknown[];
  if (typeof userId !== 'string' || typeof at !== 'number' || !isCalendarArgs(args)) return null;
  const known = { userId, at, args };
  if (coded === null) return { ...known, versions: null };
  if (!Array.isArray(coded) || coded.length * VERSION_BYTES !== hashes.length) return null;
  const ids = decoded(coded as unknown[], userId);
  const version = (index: number) => hashes.subarray(index * VERSION_BYTES, (index + 1) * VERSION_BYTES);
  return ids && { ...known, versions: new Map(ids.map((id, index) => [id, version(index)])) };
}

/**
 * A token is validated, not signed: its arguments must have the right types, and are then checked
 * like those of any query.
 */
function isCalendarArgs(value: unknown): value is CalendarArgs {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to, timeZone, filter } = value as Readonly<Record<string, unknown>>;
  return typeof from === 'string' && typeof to === 'string' && isTextOrNull(timeZone) && isFilter(filter);
}

function isFilter(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { kinds, courses, completion, search } = value as Readonly<Record<string, unknown>>;
  const isList = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string');
  return (
    [kinds, courses, completion].every((list) => (list ?? null) === null || isList(list)) &&
    isTextOrNull(search ?? null)
  );
}

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';

/**
 * Each id as the number of leading characters it shares with the previous one, and the rest: sorted
 * ids share most of them.
 */
function frontCoded(ids: readonly string[]): string[] {
  return ids.map((id, index) => {
    const before = ids[index - 1] ?? '';
    let shared = 0;
    while (shared < before.length && shared < id.length && before[shared] === id[shared]) shared += 1;
    return `${shared} ${id.slice(shared)}`;
  });
}

/** The ids of the user's events, or null: a forged token must not unpack into more than that. */
function decoded(coded: readonly unknown[], userId: string): string[] | null {
  const ids: string[] = [];
  for (const text of coded) {
    const match = typeof text === 'string' ? /^(\d{1,4}) (.*)$/s.exec(text) : null;
    if (match === null) return null;
    const id = (ids.at(-1) ?? '').slice(0, Number(match[1])) + (match[2] ?? '');
    if (parseEventId(id)?.userId !== userId) return null;
    ids.push(id);
  }
  return ids;
}

const checkOf = (bytes: Buffer): Buffer => createHash('sha1').update(bytes).digest().subarray(0, CHECK_BYTES);
