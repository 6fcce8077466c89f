// Exams, and periods of exams that take whole days: the file of a kind, as it stands in src/kinds.
// The registry checks that it is complete.
export const EXAM = {
  port: 4104,
  resource: { field: 'exam', type: 'Exam' },
  timing: 'INTERVAL',
  allDay: 'wholeDays',
  busy: 'BUSY',
  lateLimit: null,
  lecture: null,
  completion: null,
  icon: 'M4 2.5h8v11H4zM6 5.5h4M6 8h4M6 10.5h2',
  words: { ko: { one: '시험', many: '시험' }, en: { one: 'Exam', many: 'Exams' } },
} as const;
