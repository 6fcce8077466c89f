// Every mutation of the services, and every entity by its name, for every kind of viewer: what the
// table of rights in schema/README.md says, and nothing is written by a mutation that is refused.
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type FieldDefinitionNode, Kind, parse } from 'graphql';
import { NAMED, type Relation, verdictOf } from '../../harness/rights-table.ts';
import { NOBODY, SERVICES, type ServiceName, type Services } from '../harness.ts';

const [C1, C2] = ['ern:lms:course/1', 'ern:lms:course/2'];
const SECTION = `${C1}/section/1`;
const [FROM, TO] = ['2026-03-02T00:00:00Z', '2026-03-02T01:00:00Z'];
const [LATER, LATEST] = ['2026-03-03T00:00:00Z', '2026-03-03T01:00:00Z'];
const dates = (from: string, to: string) => `startsAt: "${from}", endsAt: "${to}"`;
const created = `title: "new", ${dates(LATER, LATEST)}`;

interface Mutation {
  readonly service: ServiceName;
  /** The call about a course, or a section; each has one item of every kind, number 9. */
  readonly call: (course: string) => string;
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  createLecture: {
    service: 'lecture',
    call: (course) => `createLecture(input: { course: "${course}", ${created} }) { ern }`,
  },
  rescheduleLecture: {
    service: 'lecture',
    call: (course) => `rescheduleLecture(ern: "${course}/lecture/9", ${dates(LATER, LATEST)}) { ern }`,
  },
  cancelLecture: { service: 'lecture', call: (course) => `cancelLecture(ern: "${course}/lecture/9")` },
  setLectureHidden: {
    service: 'lecture',
    call: (course) => `setLectureHidden(ern: "${course}/lecture/9", user: "student-1", hidden: true) { ern }`,
  },
  enroll: { service: 'lecture', call: (course) => `enroll(course: "${course}", user: "student-7") { enrolled }` },
  withdraw: { service: 'lecture', call: (course) => `withdraw(course: "${course}", user: "student-1") { enrolled }` },
  assignTeacher: {
    service: 'lecture',
    call: (course) => `assignTeacher(course: "${course}", user: "teacher-7") { teaches }`,
  },
  removeTeacher: {
    service: 'lecture',
    call: (course) => `removeTeacher(course: "${course}", user: "student-8") { teaches }`,
  },
  setObserver: {
    service: 'lecture',
    call: () => 'setObserver(observer: "observer-7", student: "student-1", observes: true) { observes }',
  },
  openAttendanceCheck: {
    service: 'attendance',
    call: (course) => `openAttendanceCheck(input: { course: "${course}", ${created} }) { ern }`,
  },
  rescheduleAttendanceCheck: {
    service: 'attendance',
    call: (course) => `rescheduleAttendanceCheck(ern: "${course}/check/9", ${dates(LATER, LATEST)}) { ern }`,
  },
  checkIn: { service: 'attendance', call: (course) => `checkIn(ern: "${course}/check/9") { outcome }` },
  createAssignment: {
    service: 'assignment',
    call: (course) => `createAssignment(input: { course: "${course}", ${created} }) { ern }`,
  },
  updateAssignment: {
    service: 'assignment',
    call: (course) => `updateAssignment(ern: "${course}/assignment/9", input: { title: "other" }) { ern }`,
  },
  deleteAssignment: { service: 'assignment', call: (course) => `deleteAssignment(ern: "${course}/assignment/9")` },
  submitAssignment: {
    service: 'assignment',
    call: (course) => `submitAssignment(ern: "${course}/assignment/9", url: "https://a.example/1") { state }`,
  },
  grantExtension: {
    service: 'assignment',
    call: (course) => `grantExtension(ern: "${course}/assignment/9", user: "student-1", endsAt: "${LATEST}") { user }`,
  },
};

/** Fields by name, each with the service that answers it and the answer's part. */
const ENTITIES = {
  lecture: { service: 'lecture', query: (course: string) => `lecture(ern: "${course}/lecture/9") { ern }` },
  attendanceCheck: {
    service: 'attendance',
    query: (course: string) => `attendanceCheck(ern: "${course}/check/9") { ern }`,
  },
  assignment: { service: 'assignment', query: (course: string) => `assignment(ern: "${course}/assignment/9") { ern }` },
  Course: {
    service: 'lecture',
    query: (course: string) =>
      `_entities(representations: [{ __typename: "Course", ern: "${course}" }]) { ... on Course { teacher } }`,
  },
} as const;

/** `student-8` and `student-9` assist: rows without the role. `admin-unscoped`: no scope. */
const VIEWERS = [
  'student-1',
  'student-3',
  'student-9',
  'teacher-1',
  'teacher-2',
  'teacher-3',
  'observer-1',
  'admin-1',
  'admin-unscoped',
];
const STAFF: Readonly<Record<string, readonly string[]>> = {
  'teacher-1': [C1],
  'teacher-2': [C2],
  'teacher-3': [SECTION],
  'student-8': [C1, SECTION],
  'student-9': [C1, SECTION],
};
const STUDENTS: Readonly<Record<string, readonly string[]>> = { 'student-1': [C1, C2, SECTION], 'student-2': [C1] };

/** What the viewer is to the course or section itself. */
function relationsOf(viewer: string, course: string): ReadonlySet<Relation> {
  const relations = new Set<Relation>(['everybody']);
  if (factsOf(viewer, course).isMember) relations.add('self');
  if (viewer.startsWith('teacher') && STAFF[viewer]?.includes(course)) relations.add('staff');
  if (viewer === 'admin-1') relations.add('administrator');
  return relations;
}

function factsOf(viewer: string, course: string) {
  const isStudent = STUDENTS[viewer]?.includes(course) === true;
  return { isStudent, isMember: isStudent || STAFF[viewer]?.includes(course) === true };
}

/** The mutations of the public schema that are not deprecated. */
function publicMutations(): readonly string[] {
  const text = readFileSync(new URL('../../../schema/public.graphql', import.meta.url), 'utf8');
  const { definitions } = parse(text);
  const mutation = definitions.find((one) => 'name' in one && one.name?.value === 'Mutation');
  if (mutation?.kind !== Kind.OBJECT_TYPE_DEFINITION) throw new Error('no mutations in public.graphql');
  const isCurrent = ({ directives = [] }: FieldDefinitionNode) =>
    directives.every(({ name }) => name.value !== 'deprecated');
  return (mutation.fields ?? []).filter(isCurrent).map(({ name }) => name.value);
}

/** Registers the suite; `services` is asked when the tests run. */
export function describeRights(services: () => Services): void {
  const rows = async () =>
    JSON.stringify(
      await Promise.all(
        SERVICES.flatMap((schema) =>
          ['item', 'override', 'enrollment', 'staff'].map((table) =>
            services().database.query(`SELECT * FROM ${schema}.${table} t ORDER BY t::text`),
          ),
        ),
      ),
    );
  const settle = async () => {
    await services().reset();
    const types = { lecture: 'lecture', attendance: 'check', assignment: 'assignment' };
    const rows = SERVICES.map((schema) => {
      const items = [C1, SECTION].map(
        (course) => `('${course}/${types[schema]}/9', '${course}', 'x', '${FROM}', '${TO}')`,
      );
      const staff = Object.entries(STAFF).flatMap(([user, courses]) => courses.map((c) => `('${c}', '${user}')`));
      return `
        INSERT INTO ${schema}.course VALUES ('${SECTION}', '분반', '#1969c8', '담당 교수 1');
        INSERT INTO ${schema}.staff VALUES ${staff.join()} ON CONFLICT DO NOTHING;
        INSERT INTO ${schema}.enrollment VALUES ('${SECTION}', 'student-1', true, 1);
        INSERT INTO ${schema}.item (ern, course, title, starts_at, ends_at) VALUES ${items.join()};`;
    });
    await services().database.script(
      `${rows.join('')} INSERT INTO lecture.observer VALUES ('observer-1', 'student-1');`,
    );
  };

  describe('the table of rights', () => {
    test('names every mutation of the public API, and each of the services is tried here', () => {
      expect(publicMutations().filter((name) => !NAMED.includes(name))).toEqual([]);
      const ofCalendar = ['endCalendarSubscription', 'rotateCalendarSubscription'];
      expect(publicMutations().filter((name) => !(name in MUTATIONS))).toEqual(ofCalendar);
    });

    test('decides for every viewer who reads the list of a user’s courses, attended and taught, by title', async () => {
      await settle();
      await services().database.script(`INSERT INTO lecture.staff VALUES ('${C2}', 'student-2')`);
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { courses { ern title color teacher } } } }`;
      const listOf = async (id: string, viewer: string) => {
        const { body } = await services().send<{ _entities: [{ courses: { ern: string }[] | null } | null] }>(
          'lecture',
          viewer,
          query,
          { r: [{ __typename: 'User', id }] },
        );
        return {
          erns: body.data._entities[0]?.courses?.map(({ ern }) => ern),
          code: body.errors?.[0]?.extensions.code,
        };
      };
      for (const viewer of VIEWERS) {
        const relations = new Set(relationsOf(viewer, C1));
        relations.delete('self');
        if (viewer === 'student-1') relations.add('self');
        if (viewer === 'observer-1') relations.add('observer');
        const isGiven = verdictOf('courses', relations) === 'ALL';
        const expected = isGiven ? { erns: [SECTION, C2, C1] } : { code: 'FORBIDDEN' };
        expect({ viewer, ...(await listOf('student-1', viewer)) }).toEqual({ viewer, ...expected });
      }
      expect(await listOf('student-2', 'student-2')).toEqual({ erns: [C2, C1] });
      expect(await listOf('student-7', 'student-7')).toEqual({ erns: [] });
      expect(await listOf('student-1', NOBODY)).toMatchObject({ code: 'FORBIDDEN' });
    });

    describe.each([
      ['a course', C1],
      ['a section', SECTION],
    ])('of %s', (_, course) => {
      beforeEach(settle);

      test.each(Object.entries(MUTATIONS))('decides for every viewer who may %s', async (name, { service, call }) => {
        for (const viewer of VIEWERS) {
          const before = await rows();
          const { errors } = (await services().send(service, viewer, `mutation { ${call(course)} }`)).body;
          const verdict = verdictOf(name, relationsOf(viewer, course), factsOf(viewer, course));
          const found = errors?.[0]?.extensions.code ?? 'DONE';
          expect({ viewer, found }).toEqual({ viewer, found: verdict === 'ALL' ? 'DONE' : 'FORBIDDEN' });
          if (verdict === 'ALL') await settle();
          else expect((await rows()) === before).toBe(true);
        }
      });

      test.each(Object.entries(ENTITIES))(
        'decides for every viewer who sees %s by its name',
        async (name, { service, query }) => {
          for (const viewer of VIEWERS) {
            const { body } = await services().send<Record<string, unknown>>(service, viewer, `{ ${query(course)} }`);
            const [value] = Object.values(body.data).flat();
            const verdict = verdictOf(name, relationsOf(viewer, course), factsOf(viewer, course));
            expect({ viewer, isShown: value !== null }).toEqual({ viewer, isShown: verdict === 'ALL' });
          }
        },
      );
    });
  });
}
