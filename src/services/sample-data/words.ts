// The words of the sample data, in each of its languages. Numbers come as SQL expressions, so every
// text with a number in it is one, too.

/** A language of the sample data. */
export type SampleLanguage = 'ko' | 'en';

/** SQL expressions of type text; their arguments are SQL expressions. */
export interface SampleWords {
  readonly teacher: (number: string) => string;
  readonly section: string;
  readonly lecture: (week: string, nth: string) => string;
  readonly topic: (week: string, nth: string) => string;
  readonly check: (week: string, nth: string) => string;
  readonly room: (number: string) => string;
  readonly practice: (week: string) => string;
  readonly laboratory: string;
  readonly assignment: (week: string) => string;
  readonly task: (week: string) => string;
  readonly report: string;
  readonly illness: string;
}

/** Titles come after the title of their course and a space. */
export const WORDS: Readonly<Record<SampleLanguage, SampleWords>> = {
  ko: {
    teacher: (number) => `'담당 교수 ' || ${number}`,
    section: `'1분반'`,
    lecture: (week, nth) => `${week} || '주차 ' || ${nth} || '강'`,
    topic: (week, nth) => `${week} || '주차 ' || ${nth} || '번째 강의입니다.'`,
    check: (week, nth) => `${week} || '주차 ' || ${nth} || '강 출석'`,
    room: (number) => `'공학관 ' || ${number} || '호'`,
    practice: (week) => `${week} || '주차 실습'`,
    laboratory: `'실습실 1'`,
    assignment: (week) => `${week} || '주차 과제'`,
    task: (week) => `${week} || '주차 내용을 정리해 제출하세요.'`,
    report: `'실습 보고서'`,
    illness: `'병결 (진단서 제출)'`,
  },
  en: {
    teacher: (number) => `'Professor ' || ${number}`,
    section: `'Section 1'`,
    lecture: (week, nth) => `'Week ' || ${week} || ', lecture ' || ${nth}`,
    topic: (week, nth) => `'Lecture ' || ${nth} || ' of week ' || ${week} || '.'`,
    check: (week, nth) => `'Week ' || ${week} || ', attendance at lecture ' || ${nth}`,
    room: (number) => `'Engineering ' || ${number}`,
    practice: (week) => `'Week ' || ${week} || ', practice'`,
    laboratory: `'Laboratory 1'`,
    assignment: (week) => `'Week ' || ${week} || ' assignment'`,
    task: (week) => `'Summarise week ' || ${week} || ' and hand it in.'`,
    report: `'Practice report'`,
    illness: `'Illness (with a certificate)'`,
  },
};
