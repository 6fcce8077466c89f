// Which events of a calendar a teacher sees.
import { expect, test } from '@jest/globals';
import { sees } from '../../../src/calendar/graphql/prepare-read.ts';
import { COURSE, event, OWN } from '../examples.ts';

test('who teaches a course sees the events of its sections, and none of another course or of the user alone', () => {
  const taught = new Set([COURSE.ern]);
  const section = { ...COURSE, ern: `${COURSE.ern}/section/1` };
  expect(sees(taught, event())).toBe(true);
  expect(sees(taught, event({ course: section }))).toBe(true);
  expect(sees(new Set([section.ern]), event())).toBe(false);
  expect(sees(new Set([section.ern]), event({ audience: section.ern }))).toBe(true);
  expect(sees(taught, event({ course: { ...COURSE, ern: `${COURSE.ern}0` }, audience: `${COURSE.ern}0` }))).toBe(false);
  expect(sees(taught, event({ ern: `${OWN}/lecture/1` }))).toBe(false);
  expect(sees('ALL', event({ ern: `${OWN}/lecture/1` }))).toBe(true);
});
