// The parameters of a subscription's URL. An empty one is the same as none. Pure.
import { badInput } from '../../errors.ts';
import { EVENT_KINDS, type EventKind, isEventKind } from '../../event-kinds.ts';
import { LANGUAGES, type Language } from '../../ics/words.ts';

/** What an address asks for. */
export interface SubscriptionParameters {
  /** Null: all. */
  readonly kinds: readonly EventKind[] | null;
  /** Whether deadlines are to-dos (VTODO) instead of events. */
  readonly todos: boolean;
  /** Whether what is done has a check mark before its title. */
  readonly check: boolean;
  /** Minutes before what is still to be done, for reminders. */
  readonly remind: readonly number[];
  readonly language: Language;
  /** The ERN of a course; null: all courses. */
  readonly course: string | null;
}

const MAX_REMINDERS = 3;
/** Four weeks. */
const MAX_MINUTES = 40_320;

/** `?kinds=lecture,assignment&todo=1&check=0&remind=1440,60&lang=ko`. Throws BAD_USER_INPUT. */
export function parseParameters(query: Readonly<Record<string, unknown>>): SubscriptionParameters {
  // Taken from the address, it would show the owner's own calendar instead.
  if (!isEmpty(query.child))
    throw badInput('child', 'an address made with calendarSubscription(child: …)', query.child);
  return {
    kinds: kindsFrom(query.kinds),
    todos: flag('todo', query.todo, false),
    check: flag('check', query.check, true),
    remind: minutesFrom(query.remind),
    language: languageFrom(query.lang),
    course: one(
      'course',
      query.course,
      /^ern:[\w.-]+:course\/[\w.~-]{1,128}$/,
      'a course name such as ern:lms:course/42',
    ),
  };
}

const isEmpty = (given: unknown) => given === undefined || given === '';

function flag(name: string, given: unknown, otherwise: boolean): boolean {
  if (isEmpty(given)) return otherwise;
  if (given !== '0' && given !== '1') throw badInput(name, '0 or 1', given);
  return given === '1';
}

function one(name: string, given: unknown, form: RegExp, expected: string): string | null {
  if (isEmpty(given)) return null;
  if (typeof given !== 'string' || !form.test(given)) throw badInput(name, expected, given);
  return given;
}

function kindsFrom(given: unknown): readonly EventKind[] | null {
  if (isEmpty(given)) return null;
  const named = typeof given === 'string' ? given.toUpperCase().split(',') : [];
  if (named.length === 0 || !named.every(isEventKind)) {
    throw badInput('kinds', `some of ${EVENT_KINDS.join(', ').toLowerCase()}, with commas between them`, given);
  }
  return EVENT_KINDS.filter((kind) => named.includes(kind));
}

function minutesFrom(given: unknown): readonly number[] {
  if (isEmpty(given)) return [];
  const minutes = typeof given === 'string' && /^\d{1,5}(,\d{1,5})*$/.test(given) ? given.split(',').map(Number) : [];
  const distinct = [...new Set(minutes)].sort((a, b) => b - a);
  if (distinct.length === 0 || distinct.length > MAX_REMINDERS || (distinct[0] ?? 0) > MAX_MINUTES) {
    throw badInput('remind', `one to ${MAX_REMINDERS} numbers of minutes, at most ${MAX_MINUTES}`, given);
  }
  return distinct;
}

function languageFrom(given: unknown): Language {
  if (isEmpty(given)) return LANGUAGES[0];
  const language = LANGUAGES.find((one) => one === given);
  if (language === undefined) throw badInput('lang', LANGUAGES.join(' or '), given);
  return language;
}
