// The words of a subscription in the languages of the page. Pure.
import { type EventKind, KINDS } from '../event-kinds.ts';

/** The languages, the default first. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a person did about an event, as far as only a write changes it. */
export type WorkState = 'open' | 'done' | 'late' | 'excused';

interface Words {
  readonly calendar: string;
  readonly work: Readonly<Record<WorkState, string>>;
  readonly checkIn: Readonly<Record<WorkState, string>>;
  readonly lateUntil: (at: string) => string;
}

/** See the head of this file. */
export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    calendar: 'Course schedule',
    work: { open: 'Not handed in', done: 'Handed in', late: 'Handed in late', excused: 'Excused' },
    checkIn: { open: 'Not checked in', done: 'Present', late: 'Late', excused: 'Excused' },
    lateUntil: (at) => `Accepted late until ${at}`,
  },
  ko: {
    calendar: '강의 일정',
    work: { open: '미제출', done: '제출함', late: '지각 제출', excused: '면제' },
    checkIn: { open: '미출석', done: '출석', late: '지각', excused: '공결' },
    lateUntil: (at) => `지각 제출 마감 ${at}`,
  },
};

/** The name of a calendar of these kinds; null: all. */
export function calendarName(language: Language, kinds: readonly EventKind[] | null, course: string | null): string {
  const { calendar } = WORDS[language];
  const parts = [...(course === null ? [] : [course]), ...(kinds ?? []).map((kind) => KINDS[kind].words[language].one)];
  return parts.length === 0 ? calendar : `${calendar}: ${parts.join(', ')}`;
}
