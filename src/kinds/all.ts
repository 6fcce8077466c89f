// The registry of kinds: a further kind is its file and its line here.
export { ASSIGNMENT } from './assignment.ts';
export { ATTENDANCE } from './attendance.ts';
export { LECTURE } from './lecture.ts';
