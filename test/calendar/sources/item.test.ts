// Items are checked field by field: valid ones are accepted as they are, malformed ones refused
// with the reason.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Courses, checkItem, optional, truth } from '../../../src/calendar/sources/item.ts';
import { SOURCE_ADAPTERS, type SourceAdapter } from '../../../src/calendar/sources/kinds.ts';
import { COURSE, OWN } from '../examples.ts';

const { ASSIGNMENT, ATTENDANCE, LECTURE } = SOURCE_ADAPTERS;

const at = (text: string) => Date.parse(text);
const MONTH = { name: '2026-11', from: at('2026-11-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z') };

/**
 * An item as a source sends it: the course's, or with `OWN` the user's own, which may leave fields
 * out.
 */
const sent = (given: object = {}) => ({
  ern: `${COURSE.ern}/lecture/1`,
  audience: COURSE.ern,
  title: '연결 리스트',
  startsAt: '2026-11-22T09:00:00+09:00',
  endsAt: '2026-11-22T10:30:00+09:00',
  course: COURSE,
  room: '공학관 302',
  updatedAt: '2026-11-01T00:00:00Z',
  hidden: false,
  originalStartsAt: null,
  originalEndsAt: null,
  overrideReason: null,
  ...given,
});
const ownSent = (given: object = {}) =>
  sent({ audience: OWN, title: null, startsAt: null, endsAt: null, course: null, room: null, ...given });

const check = (raw: unknown, adapter: SourceAdapter = LECTURE, audience = COURSE.ern, courses: Courses = new Map()) =>
  checkItem(raw, { audience, month: MONTH }, adapter, courses);
const checkOwn = (raw: unknown, adapter: SourceAdapter = LECTURE) => check(raw, adapter, OWN);

describe('a valid item', () => {
  test('is accepted, with instants in milliseconds', () => {
    expect(check(sent())).toEqual({
      ern: `${COURSE.ern}/lecture/1`,
      audience: COURSE.ern,
      title: '연결 리스트',
      course: COURSE,
      startsAt: at('2026-11-22T00:00:00Z'),
      endsAt: at('2026-11-22T01:30:00Z'),
      location: '공학관 302',
      updatedAt: at('2026-11-01T00:00:00Z'),
      hidden: false,
      lateLimit: null,
      lecture: null,
      allDay: null,
      done: null,
      original: null,
      overrideReason: null,
    });
  });

  test.each([null, undefined])(
    'whose source does not know updatedAt and hidden (%s) is shown, written in 1970',
    (absent) => {
      expect(check(sent({ updatedAt: absent, hidden: absent }))).toMatchObject({ updatedAt: 0, hidden: false });
    },
  );

  test('without length is accepted', () => {
    expect(check(sent({ endsAt: sent().startsAt }))).toMatchObject({ endsAt: at('2026-11-22T00:00:00Z') });
  });

  test('may omit optional fields or set them to null', () => {
    const optional = ['room', 'originalStartsAt', 'originalEndsAt', 'overrideReason'];
    const rest = Object.fromEntries(Object.entries(sent()).filter(([field]) => !optional.includes(field)));
    expect(check(rest)).toEqual(check(sent({ room: null })));
  });

  test('of the user’s own audience needs only ern and audience', () => {
    expect(checkOwn(ownSent({ hidden: true }))).toMatchObject({
      title: null,
      course: null,
      startsAt: null,
      hidden: true,
    });
  });

  test('has original dates when both are given', () => {
    const both = { originalStartsAt: '2026-11-01T00:00:00Z', originalEndsAt: '2026-11-02T00:00:00Z' };
    const original = { startsAt: at(both.originalStartsAt), endsAt: at(both.originalEndsAt) };
    expect(checkOwn(ownSent(both))).toMatchObject({ original });
    expect(checkOwn(ownSent({ ...both, originalEndsAt: null }))).toMatchObject({ original: null });
  });

  test('shares its course with the other items of the batch', () => {
    const courses: Courses = new Map();
    const [one, two] = [1, 2].map(() => check(sent({ course: { ...COURSE } }), LECTURE, COURSE.ern, courses));
    expect(typeof one === 'object' && typeof two === 'object' && one.course === two.course).toBe(true);
  });

  test('keeps no unknown field', () => {
    expect(check(sent({ secret: 's', course: { ...COURSE, secret: 's' } }))).toEqual(check(sent()));
  });
});

describe('a malformed field is named', () => {
  const texts = [42, ['x'], {}, true];
  test.each([
    ['ern', ['', '42', 'ern:lms:course', 42, null, undefined, `ern:lms:x/${'y'.repeat(300)}`]],
    ['audience', ['', 'ern:lms:course/4', null, undefined, [COURSE.ern]]],
    ['title', [...texts, 'x'.repeat(1_001)]],
    ['course', [42, 'x', [], {}, { ...COURSE, ern: '42' }, { ...COURSE, title: null }, { ...COURSE, color: 3 }]],
    ['startsAt', ['2026-02-30T00:00:00Z', '2026-11-22T09:00:00', '9999-01-01T00:00:00Z', 0, '', {}]],
    ['endsAt', ['2026-11-31T00:00:00Z', 'tomorrow', [], false]],
    ['updatedAt', ['2026-11-22', 0]],
    ['hidden', [0, 'false', 'true']],
    ['originalStartsAt', ['2026-02-30T00:00:00Z', 0]],
    ['originalEndsAt', ['2026-02-30T00:00:00Z', 0]],
    ['overrideReason', [...texts, 'x'.repeat(1_001)]],
  ])('%s', (field, values) => {
    for (const value of values) expect(check(sent({ [field]: value }))).toBe(`malformed ${field}`);
  });

  test('by the source’s own name, like room for location', () =>
    expect(check(sent({ room: 302 }))).toBe('malformed location'));

  test.each([[null], [undefined], [42], ['item'], [[sent()]], [true]])('for %j, which is not an object', (raw) =>
    expect(check(raw)).toBe('not an object'),
  );

  test('for random JSON, without ever throwing', () => {
    const fields = Object.keys(sent()).concat(
      'lateAt',
      'lecture',
      'outcome',
      'closesAt',
      'submission',
      '__proto__',
      'toString',
    );
    const odd = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue());
    fc.assert(
      fc.property(odd, fc.constantFrom(LECTURE, ATTENDANCE, ASSIGNMENT), (given, adapter) => {
        const checked = check(JSON.parse(JSON.stringify({ ...sent(), ...given })), adapter);
        expect(typeof checked === 'string' || checked.ern.startsWith(COURSE.ern)).toBe(true);
      }),
    );
  });
});

describe('an item that contradicts itself or its location is refused', () => {
  test.each([
    ['ends before it starts', { endsAt: '2026-11-22T08:59:59+09:00' }],
    ['incomplete', { title: null }],
    ['incomplete', { course: null }],
    ['incomplete', { startsAt: null }],
    ['incomplete', { endsAt: null }],
    ['of another audience', { ern: 'ern:lms:course/4/lecture/1' }],
    ['of another audience', { ern: 'ern:lms:course/421/lecture/1' }],
    ['of another audience', { course: { ...COURSE, ern: 'ern:lms:course/4' } }],
    ['outside of the slice', { startsAt: '2026-10-22T09:00:00Z', endsAt: '2026-11-01T00:00:00Z' }],
    ['outside of the slice', { startsAt: '2026-12-01T00:00:00Z', endsAt: '2026-12-02T00:00:00Z' }],
  ])('%s: %j', (reason, given) => expect(check(sent(given))).toBe(reason));

  test('when its original dates end before they start', () => {
    const original = { originalStartsAt: '2026-11-03T00:00:00Z', originalEndsAt: '2026-11-02T00:00:00Z' };
    expect(checkOwn(ownSent(original))).toBe('originally ends before it starts');
  });

  test('unless its dates or its original dates are in the month', () => {
    const december = { startsAt: '2026-12-03T00:00:00Z', endsAt: '2026-12-04T00:00:00Z' };
    const november = { originalStartsAt: '2026-11-03T00:00:00Z', originalEndsAt: '2026-11-04T00:00:00Z' };
    expect(checkOwn(ownSent(december))).toBe('outside of the slice');
    expect(checkOwn(ownSent({ ...december, ...november }))).toMatchObject({ startsAt: at(december.startsAt) });
  });

  test('unless a section or group lists an item of its course', () => {
    const section = `${COURSE.ern}/section/2`;
    expect(check(sent({ audience: section }), LECTURE, section)).toMatchObject({ audience: section });
  });

  test('unless it was asked for by name, with dates in any month', () => {
    const raw = sent({ startsAt: '2031-01-01T00:00:00Z', endsAt: '2031-01-02T00:00:00Z' });
    expect(checkItem(raw, { audience: COURSE.ern }, LECTURE, new Map())).toMatchObject({
      startsAt: at('2031-01-01T00:00:00Z'),
    });
  });
});

describe('the fields of each source', () => {
  test.each([
    ['PRESENT', 'DONE'],
    ['LATE', 'LATE'],
    ['ABSENT', 'ABSENT'],
    ['EXCUSED', 'EXCUSED'],
  ])('an outcome %s is %s', (outcome, done) => expect(check(sent({ outcome }), ATTENDANCE)).toMatchObject({ done }));

  test.each([
    ['NONE', 'NONE'],
    ['SUBMITTED', 'DONE'],
    ['LATE', 'LATE'],
    ['EXCUSED', 'EXCUSED'],
  ])('a submission %s is %s', (submission, done) =>
    expect(check(sent({ submission }), ASSIGNMENT)).toMatchObject({ done }),
  );

  test.each(['', 'present', 'SUBMITTED', '__proto__', 'constructor', 'toString', 1])(
    'an outcome %j is malformed',
    (outcome) => expect(check(sent({ outcome }), ATTENDANCE)).toBe('malformed done'),
  );

  test('the late limit is lateAt of a check and closesAt of an assignment; lectures have none', () => {
    const raw = sent({ lateAt: '2026-11-22T00:10:00Z', closesAt: '2026-11-29T00:00:00Z' });
    expect(check(raw, LECTURE)).toMatchObject({ lateLimit: null });
    expect(check(raw, ATTENDANCE)).toMatchObject({ lateLimit: at('2026-11-22T00:10:00Z') });
    expect(check(raw, ASSIGNMENT)).toMatchObject({ lateLimit: at('2026-11-29T00:00:00Z') });
    expect(check({ ...raw, lateAt: 'soon' }, ATTENDANCE)).toBe('malformed lateLimit');
  });

  test('a check may name its lecture; items of other kinds have none', () => {
    const raw = sent({ lecture: `${COURSE.ern}/lecture/1` });
    expect(check(raw, ATTENDANCE)).toMatchObject({ lecture: `${COURSE.ern}/lecture/1` });
    expect(check(raw, LECTURE)).toMatchObject({ lecture: null });
    expect(check(raw, ASSIGNMENT)).toMatchObject({ lecture: null });
    expect(check({ ...raw, lecture: 'lecture 1' }, ATTENDANCE)).toBe('malformed lecture');
  });
});

test('an item of whole days says so in the field that its kind names', () => {
  const exams = { ...LECTURE, allDay: ({ wholeDays }: Record<string, unknown>) => optional(wholeDays, truth) };
  expect(check(sent({ wholeDays: true }), exams)).toMatchObject({ allDay: true });
  expect(check(sent({ wholeDays: 'yes' }), exams)).toBe('malformed allDay');
  expect(check(sent({ wholeDays: true }), LECTURE)).toMatchObject({ allDay: null });
});

test('a __proto__ field gives no values and changes no prototype', () => {
  const lent = JSON.parse(`{"__proto__": ${JSON.stringify(sent())}}`);
  expect(check(lent)).toBe('malformed ern');
  const course = JSON.parse(`{"__proto__": ${JSON.stringify(COURSE)}}`);
  expect(check(sent({ course }))).toBe('malformed course');
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect({}).not.toHaveProperty('ern');
});
