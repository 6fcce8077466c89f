// Lectures. Nothing is required of users.
import type { KindDefinition } from './kind.ts';

export const LECTURE: KindDefinition = {
  port: 4101,
  resource: { field: 'lecture', type: 'Lecture' },
  timing: 'INTERVAL',
  allDay: null,
  busy: 'BUSY',
  lateLimit: null,
  lecture: null,
  completion: null,
  icon: 'M2.5 3.5h4a1.5 1.5 0 0 1 1.5 1.5v8.5a1.5 1.5 0 0 0-1.5-1.5h-4zM13.5 3.5h-4a1.5 1.5 0 0 0-1.5 1.5v8.5a1.5 1.5 0 0 1 1.5-1.5h4z',
  words: { ko: { one: '강의', many: '강의' }, en: { one: 'Lecture', many: 'Lectures' } },
};
