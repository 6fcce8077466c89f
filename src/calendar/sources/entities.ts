// The batch protocol: Federation's `_entities`. It builds one request from many keys, and assigns
// the results to keys. Pure. Results are matched by the key they contain, never by position: a
// shuffled, short or foreign answer fails the keys it does not contain, and can never put one
// audience's items into another's slice.

import { type FailureReason, SourceError } from '../../errors.ts';
import { isObject, parseJson } from '../../json.ts';
import { encodeId } from '../../resource-name.ts';
import { isErn, isUserAudience, isUserId } from '../model/ern.ts';
import type { Item } from '../model/event.ts';
import { parseRfc3339 } from '../model/instant.ts';
import type { Audiences, Relations } from '../model/relations.ts';
import type { Month, Slice } from '../model/slice.ts';
import { type Courses, checkItem } from './item.ts';
import type { SourceAdapter } from './kinds.ts';

/** A query to a source. */
export type SourceQuery =
  | { readonly ask: 'audiences'; readonly userId: string }
  | { readonly ask: 'relations'; readonly userId: string }
  | { readonly ask: 'slice'; readonly audience: string; readonly month: Month }
  | { readonly ask: 'item'; readonly ern: string; readonly audience: string };

/** The result of each query. A null item: there is none. */
export interface ResultOf {
  readonly audiences: Audiences;
  readonly relations: Relations;
  readonly slice: Slice;
  readonly item: Item | null;
}

type SliceQuery = Extract<SourceQuery, { ask: 'slice' }>;

/** A dropped item: its name as far as it can be read, and the field or rule that is wrong. */
export interface Dropped {
  readonly ern: string | null;
  readonly reason: string;
}

/** Receives the dropped items of a slice. */
export type OnDropped = (slice: SliceQuery, items: readonly Dropped[]) => void;

/** The result of any query. */
export type SourceResult = ResultOf[SourceQuery['ask']];

/** Maximum number of items in a slice; more are cut, and the slice is marked as truncated. */
export const MAX_SLICE_ITEMS = 2_000;

/** Maximum length of a revision. */
const MAX_REVISION = 100;

/** Maximum number of audiences of a user. A larger answer would cause as many slice queries. */
export const MAX_AUDIENCES = 1_000;

const ITEM_FIELDS =
  'ern audience title startsAt endsAt course { ern title color } room updatedAt hidden originalStartsAt originalEndsAt overrideReason';

/** The operations sent to a source: always the same texts, so that it can cache them parsed. */
export interface Operations {
  readonly plain: string;
  /** For a source that knows teachers and observers. Others may not have the fields. */
  readonly withRelations: string;
}

/** The operations for this source. */
export function operationsOf(adapter: SourceAdapter): Operations {
  return { plain: operation(adapter, ''), withRelations: operation(adapter, ' teaches observes') };
}

function operation(adapter: SourceAdapter, relations: string): string {
  const item = `${ITEM_FIELDS} ${adapter.itemFields}`;
  return (
    'query Schedules($representations: [_Any!]!) { ' +
    '_entities(representations: $representations) { __typename ' +
    `... on User { id ${adapter.audiences} ${adapter.taught}${relations} } ` +
    `... on ${adapter.sliceType} { audience from to revision items { ${item} } } ` +
    `... on ${adapter.itemType} { ${item} } } }`
  );
}

/** The request body for these queries, without duplicates. */
export function requestOf(adapter: SourceAdapter, operations: Operations, queries: readonly SourceQuery[]): string {
  const representations = new Map(queries.map((query) => [keyOf(adapter, query), representationOf(adapter, query)]));
  const needsRelations = queries.some((query) => query.ask === 'relations');
  return JSON.stringify({
    query: needsRelations ? operations.withRelations : operations.plain,
    variables: { representations: [...representations.values()] },
  });
}

/**
 * The results in the order of the queries, with an Error for each query without a valid one. Throws
 * SourceError BAD_RESPONSE when the body is not an `_entities` answer. `onDropped` is called for
 * each slice with malformed items.
 */
export function parseResults(
  adapter: SourceAdapter,
  queries: readonly SourceQuery[],
  body: string,
  onDropped: OnDropped = () => undefined,
): (SourceResult | Error)[] {
  const entities = new Map<string, Readonly<Record<string, unknown>>>();
  const { given, areNullsAnswers, failure } = entitiesIn(body);
  const missing = new Set<string>();
  for (const entity of given) {
    if (isObject(entity)) entities.set(keyOfEntity(adapter, entity), entity);
  }
  // A null without an error means that a named item does not exist. Nulls contain no key, so they
  // are counted.
  const nothing = areNullsAnswers ? given.filter((entity) => entity === null).length : 0;
  for (const query of queries) {
    const key = keyOf(adapter, query);
    if (!entities.has(key)) missing.add(key);
  }
  const courses: Courses = new Map();
  return queries.map((query) => {
    const entity = entities.get(keyOf(adapter, query));
    if (entity !== undefined) return answerOf(adapter, query, entity, courses, onDropped);
    if (query.ask === 'item' && nothing >= missing.size) return null;
    return new SourceError(failure, `no answer to ${keyOf(adapter, query)}`);
  });
}

/**
 * The entities of an answer, without those that an error refers to: a null in them may mean
 * anything.
 */
interface Given {
  readonly given: readonly unknown[];
  /** False when an error does not say which entity it refers to. */
  readonly areNullsAnswers: boolean;
  /** Why an entity is missing. */
  readonly failure: FailureReason;
}

function entitiesIn(body: string): Given {
  const parsed = parseJson(body, (cause) => new SourceError('BAD_RESPONSE', 'not JSON', { cause }));
  const data = isObject(parsed) ? parsed.data : undefined;
  const entities = isObject(data) ? data._entities : undefined;
  const errors = errorsIn(parsed);
  const failure = errors.some(isUnavailable) ? 'UNREACHABLE' : 'BAD_RESPONSE';
  if (!Array.isArray(entities)) throw new SourceError(failure, `no _entities in the answer: ${body.slice(0, 200)}`);
  const faulty = new Set(errors.map(entityOf));
  return {
    given: entities.map((entity: unknown, index) => (faulty.has(index) ? undefined : entity)),
    areNullsAnswers: !faulty.has(null),
    failure,
  };
}

/** Whether the service reports that it cannot reach what it depends on, such as its database. */
function isUnavailable(error: unknown): boolean {
  const extensions = isObject(error) ? error.extensions : undefined;
  return isObject(extensions) && extensions.code === 'UNAVAILABLE';
}

function errorsIn(answer: unknown): readonly unknown[] {
  const errors = (isObject(answer) ? answer.errors : null) ?? [];
  return Array.isArray(errors) ? errors : [errors];
}

/** The index of the entity that an error's path refers to; null when it names none. */
function entityOf(error: unknown): number | null {
  const path = isObject(error) ? error.path : undefined;
  return Array.isArray(path) && path[0] === '_entities' && typeof path[1] === 'number' ? path[1] : null;
}

function answerOf(
  adapter: SourceAdapter,
  query: SourceQuery,
  entity: Readonly<Record<string, unknown>>,
  courses: Courses,
  onDropped: OnDropped,
): SourceResult | Error {
  switch (query.ask) {
    case 'audiences':
      return audiencesOf(adapter, entity, query.userId);
    case 'relations': {
      // Null: it knows of none.
      const teaches = entity.teaches === null ? [] : ernsOf(entity.teaches);
      const observes = entity.observes === null ? [] : idsOf(entity.observes);
      return teaches && observes ? { teaches, observes } : bad('teaches or observes');
    }
    case 'slice':
      return sliceOf(adapter, query, entity, courses, onDropped);
    case 'item': {
      const item = checkItem(entity, query, adapter, courses);
      return typeof item === 'string' ? bad(`${query.ern}: ${item}`) : item;
    }
  }
}

function sliceOf(
  adapter: SourceAdapter,
  query: SliceQuery,
  { items, revision = null }: Readonly<Record<string, unknown>>,
  courses: Courses,
  onDropped: OnDropped,
): Slice | Error {
  if (!Array.isArray(items)) return bad('items');
  if (revision !== null && !isRevision(revision)) return bad('revision');
  const good: Item[] = [];
  const dropped: Dropped[] = [];
  for (const raw of items.slice(0, MAX_SLICE_ITEMS)) {
    const item = checkItem(raw, query, adapter, courses);
    if (typeof item !== 'string') {
      good.push(item);
      continue;
    }
    dropped.push({ ern: isObject(raw) && isErn(raw.ern) ? raw.ern : null, reason: item });
  }
  if (dropped.length > 0) onDropped(query, dropped);
  const droppedErns = isUserAudience(query.audience) ? dropped.map(({ ern }) => ern).filter((ern) => ern !== null) : [];
  // In a copy, because an array that has grown holds room for more.
  return {
    items: [...good],
    dropped: dropped.length,
    truncated: items.length > MAX_SLICE_ITEMS,
    droppedErns,
    revision,
  };
}

const isRevision = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_REVISION;

function representationOf(adapter: SourceAdapter, query: SourceQuery): object {
  switch (query.ask) {
    case 'audiences':
    case 'relations':
      return { __typename: 'User', id: query.userId };
    case 'slice': {
      const { audience, month } = query;
      const [from, to] = [new Date(month.from).toISOString(), new Date(month.to).toISOString()];
      return { __typename: adapter.sliceType, audience, from, to };
    }
    case 'item':
      return { __typename: adapter.itemType, ern: query.ern, audience: query.audience };
  }
}

function keyOf(adapter: SourceAdapter, query: SourceQuery): string {
  switch (query.ask) {
    case 'audiences':
    case 'relations':
      return JSON.stringify(['User', query.userId]);
    case 'slice':
      return JSON.stringify([adapter.sliceType, query.audience, query.month.from, query.month.to]);
    case 'item':
      return JSON.stringify([adapter.itemType, query.ern, query.audience]);
  }
}

/** The key of an entity in an answer. A malformed one equals no key. */
function keyOfEntity(adapter: SourceAdapter, entity: Readonly<Record<string, unknown>>): string {
  switch (entity.__typename) {
    case 'User':
      return JSON.stringify(['User', entity.id]);
    case adapter.sliceType:
      return JSON.stringify([adapter.sliceType, entity.audience, parseRfc3339(entity.from), parseRfc3339(entity.to)]);
    case adapter.itemType:
      return JSON.stringify([adapter.itemType, entity.ern, entity.audience]);
    default:
      return '';
  }
}

/**
 * A user's audiences; an audience of another user is an error. A source without teachers may give
 * null for those that are taught.
 */
function audiencesOf(
  adapter: SourceAdapter,
  entity: Readonly<Record<string, unknown>>,
  userId: string,
): Audiences | Error {
  const all = ernsOf(entity[adapter.audiences]);
  const own = `/${encodeId(userId)}`;
  const isForeign = (audience: string) => isUserAudience(audience) && !audience.endsWith(own);
  if (all === null || all.length > MAX_AUDIENCES || all.some(isForeign)) return bad(adapter.audiences);
  const taught = ernsOf(entity[adapter.taught] ?? []);
  return taught === null ? bad(adapter.taught) : { all, taught: taught.filter((audience) => all.includes(audience)) };
}

function ernsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every(isErn) ? [...new Set(value)] : null;
}

function idsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((id) => typeof id === 'string') ? value.filter(isUserId) : null;
}

const bad = (what: string): SourceError => new SourceError('BAD_RESPONSE', `malformed ${what}`);
