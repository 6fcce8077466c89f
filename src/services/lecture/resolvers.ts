// The resolvers of schema/lecture.graphql: they check who may call; the other files read and write.
import type { Clock } from '../../clock.ts';
import type { SubgraphContext } from '../../subgraph/subgraph.ts';
import { readChanges } from '../outbox/changes.ts';
import { notFound, requireScope, requireSelfOrObserver } from '../shared/access.ts';
import { audiencesOf, maySee, readEntity } from '../shared/reading.ts';
import { entityReference, itemReference, sliceReference, userReference } from '../shared/references.ts';
import { DateTime, ERN } from '../shared/scalars.ts';
import { readBack } from '../shared/schedule.ts';
import { setEnrolled } from './enrollments.ts';
import { cancelLecture, createLecture, rescheduleLecture, setLectureHidden } from './lectures.ts';
import type { OutgoingQueue } from './outgoing-queue.ts';
import type { LectureLoaders } from './reading.ts';
import type {
  Course,
  Enrollment,
  MutationAssignTeacherArgs,
  MutationEnrollArgs,
  Resolvers,
  Teaching,
} from './schema-types.generated.ts';
import { setObserver, setTeaching } from './staff.ts';

type Context = SubgraphContext & LectureLoaders;

/**
 * How long an enrollment waits until the other services have it (milliseconds); they get it in any
 * case.
 */
const SUBSCRIBERS_MS = 300;

/** The resolvers; each call has its database in the context. */
export function lectureResolvers(outgoing: OutgoingQueue, clock: Clock): Required<Pick<Resolvers<Context>, Resolved>> {
  return {
    DateTime,
    ERN,
    ...ENTITIES,
    Query: {
      lecture: (_, { ern }, context) => readEntity(context, ern, 'lecture'),
      lectureChanges: (_, { since }, { caller, database }) => {
        requireScope(caller, 'schedule:read');
        return readChanges(database, 'lecture', since);
      },
    },
    Mutation: mutations(outgoing, clock),
  };
}

function mutations(outgoing: OutgoingQueue, clock: Clock): NonNullable<Resolvers<Context>['Mutation']> {
  const enrollment = async (args: MutationEnrollArgs, enrolled: boolean, context: Context): Promise<Enrollment> => {
    const at = new Date(clock.now()).toISOString();
    await setEnrolled(context.database, context.caller, outgoing.subscribers, { ...args, enrolled, at });
    await outgoing.attempt(SUBSCRIBERS_MS);
    return { course: await readCourse(context, args.course), user: args.user, enrolled };
  };
  const teaching = async (args: MutationAssignTeacherArgs, teaches: boolean, context: Context): Promise<Teaching> => {
    await setTeaching(context.database, context.caller, outgoing.subscribers, { ...args, teaches });
    await outgoing.attempt(SUBSCRIBERS_MS);
    return { course: await readCourse(context, args.course), user: args.user, teaches };
  };
  return {
    createLecture: async (_, { input }, { caller, schedule, database }) =>
      readBack(schedule, 'lecture', await createLecture(database, caller, input)),
    rescheduleLecture: async (_, args, { caller, schedule, database }) => {
      await rescheduleLecture(database, caller, args, outgoing.subscribers);
      if (args.moveChecks === true) await outgoing.attempt(SUBSCRIBERS_MS);
      return readBack(schedule, 'lecture', args.ern);
    },
    cancelLecture: async (_, { ern }, { caller, database }) => {
      await cancelLecture(database, caller, ern);
      return ern;
    },
    setLectureHidden: async (_, args, { caller, schedule, database }) => {
      await setLectureHidden(database, caller, args);
      return readBack(schedule, 'lecture', args.ern);
    },
    assignTeacher: (_, args, context) => teaching(args, true, context),
    removeTeacher: (_, args, context) => teaching(args, false, context),
    setObserver: async (_, args, { caller, database }) => {
      await setObserver(database, caller, args);
      return args;
    },
    enroll: (_, args, context) => enrollment(args, true, context),
    withdraw: (_, args, context) => enrollment(args, false, context),
  };
}

/** The course after a write; NOT_FOUND if it is gone. */
async function readCourse({ courses }: Context, ern: string): Promise<Course> {
  const course = await courses.clear(ern).load(ern);
  if (course === null) throw notFound('course', ern);
  return course;
}

/** For the user, those who observe the user, and services that read schedules. Throws FORBIDDEN. */
async function readCoursesOf(context: Context, id: string): Promise<Course[]> {
  const { caller, coursesOf, courses, observes } = context;
  const isObserved = async (viewer: string) => (await observes.load(viewer)).includes(id);
  await requireSelfOrObserver(caller, { right: 'courses', id, isObserved });
  const all = await Promise.all((await coursesOf.load(id)).map((ern) => courses.load(ern)));
  return all.filter((course) => course !== null);
}

/** Entities that the calendar and the gateway resolve by reference. */
const ENTITIES: Required<Pick<Resolvers<Context>, 'Lecture' | 'Course' | 'User' | 'LectureSlice' | 'LectureItem'>> = {
  Lecture: {
    __resolveReference: (reference, context) =>
      readEntity(context, entityReference(reference, context.caller), 'lecture'),
  },
  Course: {
    __resolveReference: async (reference, context) => {
      const ern = entityReference(reference, context.caller);
      return (await maySee(context, ern, 'Course')) ? context.courses.load(ern) : null;
    },
    teacher: async ({ ern }, _, { courses }) => (await courses.load(ern))?.teacher ?? null,
    enrollmentCount: async ({ ern }, _, { courses }) => (await courses.load(ern))?.enrollmentCount ?? null,
  },
  User: {
    __resolveReference: (reference, { caller }) => userReference(reference, caller),
    courses: ({ id }, _, context) => readCoursesOf(context, id),
    lectureAudiences: async ({ id }, _, context) => (await audiencesOf(context, id)).all,
    lectureTaught: async ({ id }, _, context) => (await audiencesOf(context, id)).taught,
    teaches: ({ id }, _, { caller, teaches }) => {
      requireScope(caller, 'schedule:read');
      return teaches.load(id);
    },
    observes: ({ id }, _, { caller, observes }) => {
      requireScope(caller, 'schedule:read');
      return observes.load(id);
    },
  },
  LectureSlice: {
    __resolveReference: (reference, { caller }) => sliceReference(reference, caller),
    items: async (key, _, { schedule }) => (await schedule.slices.load(key)).items,
    revision: async (key, _, { schedule }) => (await schedule.slices.load(key)).revision,
  },
  LectureItem: {
    __resolveReference: (reference, { caller, schedule }) => schedule.items.load(itemReference(reference, caller)),
  },
};

type Resolved = Exclude<keyof Resolvers, 'Enrollment' | 'Teaching' | 'Observation' | 'ChangePage' | 'Change'>;
