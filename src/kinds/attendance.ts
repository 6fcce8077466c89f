// Attendance checks. A check is part of its lecture, so it takes no time of its own.
import type { KindDefinition } from './kind.ts';

export const ATTENDANCE: KindDefinition = {
  port: 4102,
  resource: { field: 'attendanceCheck', type: 'AttendanceCheck' },
  timing: 'INTERVAL',
  allDay: null,
  busy: 'FREE',
  lateLimit: { field: 'lateAt', meaning: 'LATE_FROM' },
  lecture: 'lecture',
  completion: {
    field: 'outcome',
    states: { PRESENT: 'DONE', LATE: 'LATE', ABSENT: 'ABSENT', EXCUSED: 'EXCUSED', NOT_REQUIRED: 'NOT_ASKED' },
    action: 'CHECK_IN',
  },
  icon: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM5.6 8.1l1.7 1.7l3.2-3.5',
  words: { ko: { one: '출석', many: '출석' }, en: { one: 'Attendance', many: 'Attendance' } },
};
