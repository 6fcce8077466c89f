// Checks whether a service keeps the source contract (schema/README.md), by asking it as the
// calendar does. Each check gives faults in words: what was asked, expected and given. It only
// reads.
import type { InternalClaims } from '../../src/auth/internal-token.ts';
import { isUserAudience } from '../../src/calendar/model/ern.ts';
import { type Item, overlaps } from '../../src/calendar/model/event.ts';
import type { Audiences } from '../../src/calendar/model/relations.ts';
import type { Month, Slice } from '../../src/calendar/model/slice.ts';
import {
  operationsOf,
  parseResults,
  requestOf,
  type SourceQuery,
  type SourceResult,
} from '../../src/calendar/sources/entities.ts';
import type { SourceAdapter } from '../../src/calendar/sources/kinds.ts';
import type { Clock } from '../../src/clock.ts';
import { DAY_MS } from '../../src/durations.ts';
import { SourceError } from '../../src/errors.ts';
import { isObject } from '../../src/json.ts';

/** One check and what it found; no faults: passed. `note`: what is worth knowing. */
export interface CheckResult {
  readonly check: string;
  readonly faults: readonly string[];
  readonly note: string;
}

/** What is checked, and how it is reached. */
export interface Subject {
  readonly adapter: SourceAdapter;
  /** Posts a body with a token of these claims, or without one; rejects with SourceError. */
  readonly post: (body: string, claims: (InternalClaims & { readonly issuer?: string }) | null) => Promise<string>;
  /** A user who has events around now. */
  readonly user: string;
  readonly clock: Clock;
  /** Milliseconds that a batch may take: SOURCE_TIMEOUT. */
  readonly timeoutMs: number;
  /** Keys of a full batch: SOURCE_BATCH. */
  readonly batch: number;
}

const DAYS_AROUND = 60;
/** At most so many faults of one check are listed. */
const LISTED = 5;
const NOBODY = 'nobody-known-to-any-source';

/** Runs all checks, one after the other. Never rejects. */
export async function checkSource(subject: Subject): Promise<readonly CheckResult[]> {
  const known: Known = { audiences: [], slices: [] };
  const results: CheckResult[] = [];
  for (const [check, run] of Object.entries(CHECKS)) {
    const faults: string[] = [];
    const note = await run(subject, known, (fault) => faults.push(fault)).catch((error: unknown) => {
      faults.push(words(error));
      return '';
    });
    const more = faults.length > LISTED ? [`and ${faults.length - LISTED} more`] : [];
    results.push({ check, faults: [...faults.slice(0, LISTED), ...more], note });
  }
  return results;
}

/** What earlier checks have read. */
interface Known {
  audiences: readonly string[];
  slices: readonly { readonly audience: string; readonly month: Month; readonly slice: Slice }[];
}
type Check = (subject: Subject, known: Known, fault: (text: string) => void) => Promise<string>;

const CHECKS: Readonly<Record<string, Check>> = {
  tokens: checkTokens,
  audiences: checkAudiences,
  'teachers and observers': checkRelations,
  slices: checkSlices,
  'half-open edges': checkEdges,
  'items by name': checkItems,
  overrides: checkOverrides,
  'a full batch': checkBatch,
  changes: checkChanges,
};

async function checkTokens({ post, adapter }: Subject, _: Known, fault: (text: string) => void): Promise<string> {
  const audience = adapter.kind.toLowerCase();
  const body = JSON.stringify({ query: '{ __typename }' });
  const refused = async (what: string, claims: Parameters<Subject['post']>[1]) => {
    const answer = await post(body, claims).catch((error: unknown) => error);
    if (answer instanceof SourceError && answer.reason === 'FORBIDDEN') return;
    fault(`${what}: expected 401 or 403, given ${answer instanceof Error ? words(answer) : 'an answer'}`);
  };
  await refused('a call without a token', null);
  await refused('a token for another service (aud=other)', { audience: 'other' });
  for (const issuer of ['calendar', 'gateway']) {
    await post(body, { audience, issuer, scopes: ['schedule:read'] }).catch((error: unknown) =>
      fault(`a token with iss=${issuer}, aud=${audience}: expected an answer, given ${words(error)}`),
    );
  }
  return '';
}

async function checkAudiences(subject: Subject, known: Known, fault: (text: string) => void): Promise<string> {
  const { adapter, user } = subject;
  const of = (userId: string): SourceQuery => ({ ask: 'audiences', userId });
  const [given, none] = await ask(subject, [of(user), of(NOBODY)]);
  if (isAudiences(given)) known.audiences = given.all;
  else fault(`User.${adapter.audiences} of ${user}: ${words(given)}`);
  if (!isAudiences(none)) fault(`User.${adapter.audiences} of an unknown user: expected [], given ${words(none)}`);
  if (known.audiences.length === 0) fault(`${user} has no audiences: give a user who has events around now (--user)`);
  return `${known.audiences.length} audiences`;
}

/** Without them, calendars are read by their owners and by administrators only. */
async function checkRelations(subject: Subject, _: Known, fault: (text: string) => void): Promise<string> {
  if (!subject.adapter.knowsRelations) return '';
  const given = await ask(subject, [{ ask: 'relations', userId: subject.user }]).catch(() => null);
  if (given === null) return 'it does not say who teaches and observes, so there are no teachers and observers';
  if (given[0] instanceof Error) fault(`User.teaches and User.observes of ${subject.user}: ${words(given[0])}`);
  return '';
}

const isAudiences = (value: unknown): value is Audiences => isObject(value) && Array.isArray(value.all);

async function checkSlices(subject: Subject, known: Known, fault: (text: string) => void): Promise<string> {
  const now = subject.clock.now();
  const month = span(now - DAYS_AROUND * DAY_MS, now + DAYS_AROUND * DAY_MS);
  const queries = known.audiences.map((audience) => ({ ask: 'slice', audience, month }) as const);
  const results = await ask(subject, queries, fault);
  known.slices = results.flatMap((slice, n) => {
    const audience = known.audiences[n] ?? '';
    if (!(slice instanceof Error)) return [{ audience, month, slice: slice as Slice }];
    fault(`${subject.adapter.sliceType} ${audience}: ${words(slice)}`);
    return [];
  });
  for (const { audience, slice } of known.slices) {
    const erns = slice.items.map(({ ern }) => ern);
    const twice = erns.find((ern, n) => erns.indexOf(ern) !== n);
    if (twice !== undefined) fault(`${audience}: ${twice} is listed twice in one slice`);
    if (slice.truncated) fault(`${audience}: more than 2000 items in one slice`);
    const color = slice.items.find(({ course }) => course !== null && !/^#[0-9a-f]{6}$/i.test(course.color ?? ''));
    if (color !== undefined) fault(`${color.ern}: course.color: expected #rrggbb, given ${color.course?.color}`);
  }
  const count = known.slices.reduce((sum, { slice }) => sum + slice.items.length, 0);
  if (count === 0 && known.audiences.length > 0) fault('no items within 60 days of now: nothing could be checked');
  return `${count} items`;
}

async function checkEdges(subject: Subject, { slices }: Known, fault: (text: string) => void): Promise<string> {
  const dated = slices.flatMap(({ audience, slice }) =>
    slice.items
      .filter(isDated)
      .filter(({ original }) => original === null)
      .slice(0, 3)
      .map((item) => ({ audience, item })),
  );
  const asked = dated.flatMap(({ audience, item }) =>
    [
      { month: span(item.startsAt - DAY_MS, item.startsAt), edge: 'that ends when it starts' },
      { month: span(item.startsAt, item.startsAt + 1000), edge: 'that starts when it starts' },
      { month: span(item.endsAt, item.endsAt + DAY_MS), edge: 'that starts when it ends' },
    ].map((one) => ({ ...one, audience, item })),
  );
  const results = await ask(
    subject,
    asked.map(({ audience, month }) => ({ ask: 'slice', audience, month }) as const),
  );
  for (const [n, { item, month, edge }] of asked.entries()) {
    const result = results[n];
    if (result === undefined || result instanceof Error) {
      fault(`a slice ${edge}: ${words(result)}`);
      continue;
    }
    // Dropped items are those outside of the slice: their names are not known, so the count tells.
    const { items, dropped } = result as Slice;
    const given = items.some(({ ern }) => ern === item.ern);
    const expected = overlaps(item.startsAt, item.endsAt, month.from, month.to);
    if (given !== expected || dropped > 0) {
      fault(`${item.ern} in a slice ${edge}: expected ${expected ? 'listed' : 'not listed'}, given the opposite`);
    }
  }
  return `${asked.length} edges`;
}

async function checkItems(subject: Subject, { slices }: Known, fault: (text: string) => void): Promise<string> {
  const some = slices.flatMap(({ audience, slice }) => slice.items.slice(0, 2).map((item) => ({ audience, item })));
  const unknown = some.slice(0, 1).map(({ audience, item }) => ({ ern: `${item.ern}-none`, audience }));
  const keys = [...some.map(({ audience, item }) => ({ ern: item.ern, audience })), ...unknown];
  const results = await ask(
    subject,
    keys.map((key) => ({ ask: 'item', ...key }) as const),
  );
  for (const [n, { ern }] of keys.entries()) {
    const [result, sent] = [results[n], some[n]?.item];
    if (result instanceof Error) fault(`${subject.adapter.itemType} ${ern}: ${words(result)}`);
    else if (sent === undefined && result !== null) fault(`${ern} does not exist: expected null, given an item`);
    else if (sent !== undefined && JSON.stringify(result) !== JSON.stringify(sent)) {
      fault(
        `${ern}: expected what its slice says, given ${result === null ? 'null' : differing(result as Item, sent)}`,
      );
    }
  }
  return `${keys.length} items`;
}

async function checkOverrides(_: Subject, { slices }: Known, fault: (text: string) => void): Promise<string> {
  const itemsOf = (isOwn: boolean) =>
    slices.filter(({ audience }) => isUserAudience(audience) === isOwn).flatMap(({ slice }) => slice.items);
  const [own, shared] = [itemsOf(true), itemsOf(false)];
  for (const { ern } of shared.filter((item) => item.hidden || item.done !== null)) {
    fault(`${ern}: hidden and a state belong to a user’s own audience, not to one that users share`);
  }
  const overridden = new Set(shared.map(({ ern }) => ern));
  for (const item of own) {
    const { ern, hidden, original, title, course } = item;
    if (hidden || original !== null || overridden.has(ern)) continue;
    if (title === null || course === null || !isDated(item)) {
      fault(`${ern} overrides no shared item: expected title, course, startsAt and endsAt`);
    }
  }
  return `${own.length} own items`;
}

async function checkBatch(subject: Subject, { audiences }: Known, fault: (text: string) => void): Promise<string> {
  const { batch, clock, timeoutMs } = subject;
  if (audiences.length === 0) return '';
  const queries = Array.from({ length: batch }, (_, n) => {
    const from = Date.UTC(2026, n % 12, 1);
    const audience = n < audiences.length ? audiences[n] : `ern:lms:course/none-${n}`;
    return { ask: 'slice', audience: audience ?? '', month: span(from, from + 28 * DAY_MS) } as const;
  });
  // Not in the order in which a service would read them from its tables.
  queries.reverse();
  const startedAt = clock.elapsed();
  const results = await ask(subject, queries);
  const took = clock.elapsed() - startedAt;
  const missing = results.filter((result) => result instanceof Error);
  if (missing.length > 0)
    fault(`${missing.length} of ${batch} keys have no answer with the same key: ${words(missing[0])}`);
  if (took > timeoutMs) fault(`took ${took} ms: expected at most ${timeoutMs} ms (SOURCE_TIMEOUT)`);
  return `${batch} keys in ${took} ms`;
}

async function checkChanges(subject: Subject, _: Known, fault: (text: string) => void): Promise<string> {
  const field = `${subject.adapter.kind.toLowerCase()}Changes`;
  const query = `query ($since: String) { page: ${field}(since: $since) { cursor changes { ern audience from to at } } }`;
  const read = async (since: string | null) =>
    JSON.parse(await send(subject, JSON.stringify({ query, variables: { since } }))) as Record<string, unknown>;
  const start = await read(null);
  if (JSON.stringify(start.errors ?? '').includes('Cannot query field')) {
    return `none: for FRESHNESS=poll add Query.${field}; until then changes are seen after SLICE_TTL`;
  }
  const page = pageOf(start);
  if (page === null) {
    fault(`${field}: expected { cursor changes }, given ${brief(start)}`);
    return '';
  }
  if (page.changes.length > 0) fault(`${field} without a cursor: expected no changes and the current cursor`);
  if (pageOf(await read(page.cursor)) === null) fault(`${field} after its own cursor: expected a page`);
  const bad = await read('not a cursor of yours');
  if (!JSON.stringify(bad.errors ?? '').includes('"cursor":"expired"')) {
    fault(`${field} after an unknown cursor: expected an error with extensions.cursor=expired, given ${brief(bad)}`);
  }
  return '';
}

function pageOf(answer: Record<string, unknown>): { cursor: string; changes: readonly unknown[] } | null {
  const page = isObject(answer.data) ? answer.data.page : null;
  return isObject(page) && typeof page.cursor === 'string' && Array.isArray(page.changes)
    ? { cursor: page.cursor, changes: page.changes }
    : null;
}

type Dated = Item & { readonly startsAt: number; readonly endsAt: number };
const isDated = (item: Item): item is Dated => item.startsAt !== null && item.endsAt !== null;

const span = (from: number, to: number): Month => ({ name: 'checked', from, to });

/** The fields in which an item differs from what its slice says. */
function differing(given: Item, expected: Item): string {
  const fields = Object.keys(expected) as (keyof Item)[];
  return `another ${fields.filter((name) => JSON.stringify(given[name]) !== JSON.stringify(expected[name])).join(', ')}`;
}

/** Asks as the calendar does; `fault` gets the reasons why items would be left out. */
async function ask(
  subject: Subject,
  queries: readonly SourceQuery[],
  fault: (text: string) => void = () => undefined,
): Promise<readonly (SourceResult | Error)[]> {
  if (queries.length === 0) return [];
  const { adapter } = subject;
  const body = await send(subject, requestOf(adapter, operationsOf(adapter), queries));
  return parseResults(adapter, queries, body, ({ audience }, dropped) => {
    for (const { ern, reason } of dropped) fault(`${ern ?? `an item of ${audience}`} would be left out: ${reason}`);
  });
}

function send({ post, adapter }: Subject, body: string): Promise<string> {
  return post(body, { audience: adapter.kind.toLowerCase(), issuer: 'calendar', scopes: ['schedule:read'] });
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const brief = (value: unknown): string => JSON.stringify(value).slice(0, 300);
