// Assignments. They can be done at any time until they are due.
import type { KindDefinition } from './kind.ts';

export const ASSIGNMENT: KindDefinition = {
  port: 4103,
  resource: { field: 'assignment', type: 'Assignment' },
  timing: 'DEADLINE',
  allDay: null,
  busy: 'FREE',
  lateLimit: { field: 'closesAt', meaning: 'LATE_UNTIL' },
  lecture: null,
  completion: {
    field: 'submission',
    states: { NONE: 'NONE', SUBMITTED: 'DONE', LATE: 'LATE', EXCUSED: 'EXCUSED', NOT_REQUIRED: 'NOT_ASKED' },
    action: 'HAND_IN',
  },
  icon: 'M4 13.5v-11M4 3.2h7.8l-1.9 2.6l1.9 2.7H4',
  words: { ko: { one: '과제', many: '과제' }, en: { one: 'Assignment', many: 'Assignments' } },
};
