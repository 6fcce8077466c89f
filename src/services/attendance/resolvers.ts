// The resolvers of schema/attendance.graphql: they check who may call; the other files read and
// write.
import type { Clock } from '../../clock.ts';
import type { SubgraphContext } from '../../subgraph/subgraph.ts';
import { readChanges } from '../outbox/changes.ts';
import { requireScope } from '../shared/access.ts';
import { recordMembership, recordTeaching } from '../shared/memberships.ts';
import { audiencesOf, readEntity } from '../shared/reading.ts';
import { entityReference, itemReference, sliceReference, userReference } from '../shared/references.ts';
import { DateTime, ERN } from '../shared/scalars.ts';
import { readBack, type Schedule } from '../shared/schedule.ts';
import type { Database } from '../storage/database.ts';
import { checkIn, openCheck, rescheduleCheck } from './checks.ts';
import { recordLectureMove } from './lecture-moves.ts';
import type { AttendanceCheck, AttendanceItem, Resolvers } from './schema-types.generated.ts';

/** The context of the resolvers, in addition to the caller. */
export interface AttendanceLoaders {
  /** Within the caller's deadline. */
  readonly database: Database;
  readonly schedule: Schedule<AttendanceItem, AttendanceCheck>;
}

type Context = SubgraphContext & AttendanceLoaders;
type Resolved = Exclude<keyof Resolvers, 'AttendanceRecord' | 'Course' | 'Lecture' | 'ChangePage' | 'Change'>;

/** The resolvers; each call has its database in the context. */
export function attendanceResolvers(clock: Clock): Required<Pick<Resolvers<Context>, Resolved>> {
  return {
    DateTime,
    ERN,
    Query: {
      attendanceCheck: (_, { ern }, context) => readEntity(context, ern, 'attendanceCheck'),
      attendanceChanges: (_, { since }, { caller, database }) => {
        requireScope(caller, 'schedule:read');
        return readChanges(database, 'attendance', since);
      },
    },
    Mutation: {
      openAttendanceCheck: async (_, { input }, { caller, schedule, database }) =>
        readBack(schedule, 'attendance check', await openCheck(database, caller, input)),
      rescheduleAttendanceCheck: async (_, args, { caller, schedule, database }) => {
        await rescheduleCheck(database, caller, args);
        return readBack(schedule, 'attendance check', args.ern);
      },
      checkIn: async (_, { ern }, { caller, schedule, database }) => {
        const record = await checkIn(database, clock, caller, ern);
        return { ...record, attendanceCheck: await readBack(schedule, 'attendance check', ern) };
      },
      recordLectureMove: (_, args, { caller, database }) => recordLectureMove(database, caller, args),
      recordAttendanceTeaching: (_, args, { caller, database }) => recordTeaching(database, 'attendance', caller, args),
      recordAttendanceEnrollment: (_, args, { caller, database }) =>
        recordMembership(database, 'attendance', caller, args),
    },
    AttendanceCheck: {
      __resolveReference: (reference, context) =>
        readEntity(context, entityReference(reference, context.caller), 'attendanceCheck'),
    },
    User: {
      __resolveReference: (reference, { caller }) => userReference(reference, caller),
      attendanceAudiences: async ({ id }, _, context) => (await audiencesOf(context, id)).all,
      attendanceTaught: async ({ id }, _, context) => (await audiencesOf(context, id)).taught,
    },
    AttendanceSlice: {
      __resolveReference: (reference, { caller }) => sliceReference(reference, caller),
      items: async (key, _, { schedule }) => (await schedule.slices.load(key)).items,
      revision: async (key, _, { schedule }) => (await schedule.slices.load(key)).revision,
    },
    AttendanceItem: {
      __resolveReference: (reference, { caller, schedule }) => schedule.items.load(itemReference(reference, caller)),
    },
  };
}
