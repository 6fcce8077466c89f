// The batch protocol: Federation's own _entities. Keys to one request, one answer to results by key. Pure.
// Answers are matched to questions by what they say they are, never by position: a shuffled, short or foreign answer
// costs the keys it does not answer and can never put one audience's items into another's slice.
import { SourceError } from '../../errors.ts';
import { isErn, isUserAudience } from '../model/ern.ts';
import type { Item } from '../model/event.ts';
import { parseRfc3339 } from '../model/instant.ts';
import type { Relations } from '../model/relations.ts';
import type { Month, Slice } from '../model/slice.ts';
import { type Courses, checkItem, isRecord } from './item.ts';
import type { SourceWords } from './kinds.ts';

/** What can be asked of a source. */
export type Question =
  | { readonly ask: 'audiences'; readonly userId: string }
  | { readonly ask: 'relations'; readonly userId: string }
  | { readonly ask: 'slice'; readonly audience: string; readonly month: Month }
  | { readonly ask: 'item'; readonly ern: string; readonly audience: string };

/** What each question is answered with. A null item: there is none. */
export interface AnswerTo {
  readonly audiences: readonly string[];
  readonly relations: Relations;
  readonly slice: Slice;
  readonly item: Item | null;
}

/** An answer to some question. */
export type Answer = AnswerTo[Question['ask']];

/** Most items of one slice; what is beyond is cut and told. */
export const MAX_SLICE_ITEMS = 2_000;

/** Most audiences of one user. Nobody has more; an answer with more would be asked for as many slices. */
export const MAX_AUDIENCES = 1_000;

const ITEM_FIELDS =
  'ern audience title startsAt endsAt course { ern title color } room updatedAt hidden originalStartsAt originalEndsAt overrideReason';

/** The one operation a source is ever asked, the same text every time so that its parse can be kept. */
export function operationOf(words: SourceWords): string {
  const item = `${ITEM_FIELDS} ${words.itemFields}`;
  const relations = words.knowsRelations ? ' teaches @include(if: $relations) observes @include(if: $relations)' : '';
  return (
    `query Schedules($representations: [_Any!]!${words.knowsRelations ? ', $relations: Boolean!' : ''}) { ` +
    '_entities(representations: $representations) { __typename ' +
    `... on User { id ${words.audiences}${relations} } ` +
    `... on ${words.sliceType} { audience from to items { ${item} } } ` +
    `... on ${words.itemType} { ${item} } } }`
  );
}

/** The request body for these questions, each asked once however often it stands there. */
export function requestOf(words: SourceWords, operation: string, questions: readonly Question[]): string {
  const representations = new Map(
    questions.map((question) => [keyOf(words, question), representationOf(words, question)]),
  );
  const relations = words.knowsRelations
    ? { relations: questions.some((question) => question.ask === 'relations') }
    : {};
  return JSON.stringify({
    query: operation,
    variables: { representations: [...representations.values()], ...relations },
  });
}

/**
 * The answers in the order of the questions, an Error for each that was not answered properly.
 * Throws SourceError BAD_RESPONSE when the body is not an `_entities` answer at all.
 */
export function answersOf(words: SourceWords, questions: readonly Question[], body: string): (Answer | Error)[] {
  const entities = new Map<string, Readonly<Record<string, unknown>>>();
  const { given, areNullsAnswers } = entitiesIn(body);
  const missing = new Set<string>();
  for (const entity of given) {
    if (isRecord(entity)) entities.set(keyOfEntity(words, entity), entity);
  }
  // Null without an error is an answer to a named item: there is none. It bears no key, so what is left over is counted.
  const nothing = areNullsAnswers ? given.filter((entity) => entity === null).length : 0;
  for (const question of questions) {
    const key = keyOf(words, question);
    if (!entities.has(key)) missing.add(key);
  }
  const courses: Courses = new Map();
  return questions.map((question) => {
    const entity = entities.get(keyOf(words, question));
    if (entity !== undefined) return answerOf(words, question, entity, courses);
    if (question.ask === 'item' && nothing >= missing.size) return null;
    return new SourceError('BAD_RESPONSE', `no answer to ${keyOf(words, question)}`);
  });
}

/** What an answer holds, less the entities that an error lies in: a null in such a one may stand for anything. */
interface Given {
  readonly given: readonly unknown[];
  /** Not when there are errors that do not say where they lie. */
  readonly areNullsAnswers: boolean;
}

function entitiesIn(body: string): Given {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (cause) {
    throw new SourceError('BAD_RESPONSE', 'not JSON', { cause });
  }
  const data = isRecord(parsed) ? parsed.data : undefined;
  const entities = isRecord(data) ? data._entities : undefined;
  if (!Array.isArray(entities))
    throw new SourceError('BAD_RESPONSE', `no _entities in the answer: ${body.slice(0, 200)}`);
  const faulty = new Set(errorsIn(parsed).map(entityOf));
  return {
    given: entities.map((entity: unknown, index) => (faulty.has(index) ? undefined : entity)),
    areNullsAnswers: !faulty.has(null),
  };
}

function errorsIn(answer: unknown): readonly unknown[] {
  const errors = (isRecord(answer) ? answer.errors : null) ?? [];
  return Array.isArray(errors) ? errors : [errors];
}

/** The index of the entity an error lies in, by its path; null when it does not say. */
function entityOf(error: unknown): number | null {
  const path = isRecord(error) ? error.path : undefined;
  return Array.isArray(path) && path[0] === '_entities' && typeof path[1] === 'number' ? path[1] : null;
}

function answerOf(
  words: SourceWords,
  question: Question,
  entity: Readonly<Record<string, unknown>>,
  courses: Courses,
): Answer | Error {
  switch (question.ask) {
    case 'audiences':
      return audiencesOf(entity[words.audiences], question.userId) ?? bad(words.audiences);
    case 'relations': {
      const [teaches, observes] = [ernsOf(entity.teaches), idsOf(entity.observes)];
      return teaches && observes ? { teaches, observes } : bad('teaches or observes');
    }
    case 'slice':
      return sliceOf(words, question, entity.items, courses);
    case 'item': {
      const item = checkItem(entity, question, words, courses);
      return typeof item === 'string' ? bad(`${question.ern}: ${item}`) : item;
    }
  }
}

function sliceOf(
  words: SourceWords,
  question: Extract<Question, { ask: 'slice' }>,
  items: unknown,
  courses: Courses,
): Slice | Error {
  if (!Array.isArray(items)) return bad('items');
  const checked = items.slice(0, MAX_SLICE_ITEMS).map((item) => checkItem(item, question, words, courses));
  const good = checked.filter((item) => typeof item !== 'string');
  return { items: good, dropped: checked.length - good.length, truncated: items.length > MAX_SLICE_ITEMS };
}

function representationOf(words: SourceWords, question: Question): object {
  switch (question.ask) {
    case 'audiences':
    case 'relations':
      return { __typename: 'User', id: question.userId };
    case 'slice': {
      const { audience, month } = question;
      const [from, to] = [new Date(month.from).toISOString(), new Date(month.to).toISOString()];
      return { __typename: words.sliceType, audience, from, to };
    }
    case 'item':
      return { __typename: words.itemType, ern: question.ern, audience: question.audience };
  }
}

function keyOf(words: SourceWords, question: Question): string {
  switch (question.ask) {
    case 'audiences':
    case 'relations':
      return JSON.stringify(['User', question.userId]);
    case 'slice':
      return JSON.stringify([words.sliceType, question.audience, question.month.from, question.month.to]);
    case 'item':
      return JSON.stringify([words.itemType, question.ern, question.audience]);
  }
}

/** The same key, read off an answer. What cannot be a key of ours matches nothing. */
function keyOfEntity(words: SourceWords, entity: Readonly<Record<string, unknown>>): string {
  switch (entity.__typename) {
    case 'User':
      return JSON.stringify(['User', entity.id]);
    case words.sliceType:
      return JSON.stringify([words.sliceType, entity.audience, parseRfc3339(entity.from), parseRfc3339(entity.to)]);
    case words.itemType:
      return JSON.stringify([words.itemType, entity.ern, entity.audience]);
    default:
      return '';
  }
}

/** A user's audiences: of other users' own ones, none. */
function audiencesOf(value: unknown, userId: string): readonly string[] | null {
  const audiences = ernsOf(value);
  if (audiences === null || audiences.length > MAX_AUDIENCES) return null;
  return audiences.every((audience) => !isUserAudience(audience) || audience.endsWith(`/${userId}`)) ? audiences : null;
}

function ernsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every(isErn) ? [...new Set(value)] : null;
}

function idsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((id) => typeof id === 'string') ? value : null;
}

const bad = (what: string): SourceError => new SourceError('BAD_RESPONSE', `malformed ${what}`);
