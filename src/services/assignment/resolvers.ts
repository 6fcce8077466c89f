// The resolvers of schema/assignment.graphql: they check who may call; the other files read and
// write.
import type { Clock } from '../../clock.ts';
import type { SubgraphContext } from '../../subgraph/subgraph.ts';
import { readChanges } from '../outbox/changes.ts';
import { requireScope } from '../shared/access.ts';
import { recordMembership, recordTeaching } from '../shared/memberships.ts';
import { audiencesOf, readEntity } from '../shared/reading.ts';
import { entityReference, itemReference, sliceReference, userReference } from '../shared/references.ts';
import { DateTime, ERN, URLScalar } from '../shared/scalars.ts';
import { readBack, type Schedule } from '../shared/schedule.ts';
import type { Database } from '../storage/database.ts';
import { createAssignment, deleteAssignment, grantExtension, updateAssignment } from './assignments.ts';
import type { Assignment, AssignmentItem, Resolvers } from './schema-types.generated.ts';
import { submit } from './submissions.ts';

/** The context of the resolvers, in addition to the caller. */
export interface AssignmentLoaders {
  /** Within the caller's deadline. */
  readonly database: Database;
  readonly schedule: Schedule<AssignmentItem, Assignment>;
}

type Context = SubgraphContext & AssignmentLoaders;
type Resolved = Exclude<keyof Resolvers, 'Submission' | 'Extension' | 'Course' | 'ChangePage' | 'Change'>;

/** The resolvers; each call has its database in the context. */
export function assignmentResolvers(clock: Clock): Required<Pick<Resolvers<Context>, Resolved>> {
  return {
    DateTime,
    ERN,
    URL: URLScalar,
    Query: {
      assignment: (_, { ern }, context) => readEntity(context, ern, 'assignment'),
      assignmentChanges: (_, { since }, { caller, database }) => {
        requireScope(caller, 'schedule:read');
        return readChanges(database, 'assignment', since);
      },
    },
    Mutation: {
      createAssignment: async (_, { input }, { caller, schedule, database }) =>
        readBack(schedule, 'assignment', await createAssignment(database, caller, input)),
      updateAssignment: async (_, { ern, input }, { caller, schedule, database }) => {
        await updateAssignment(database, caller, ern, input);
        return readBack(schedule, 'assignment', ern);
      },
      deleteAssignment: async (_, { ern }, { caller, database }) => {
        await deleteAssignment(database, caller, ern);
        return ern;
      },
      submitAssignment: async (_, args, { caller, schedule, database }) => {
        const handedIn = await submit(database, clock, caller, args);
        return { ...handedIn, assignment: await readBack(schedule, 'assignment', args.ern) };
      },
      grantExtension: async (_, args, { caller, schedule, database }) => {
        const extension = await grantExtension(database, caller, args);
        return { ...extension, assignment: await readBack(schedule, 'assignment', args.ern) };
      },
      recordAssignmentTeaching: (_, args, { caller, database }) => recordTeaching(database, 'assignment', caller, args),
      recordAssignmentEnrollment: (_, args, { caller, database }) =>
        recordMembership(database, 'assignment', caller, args),
    },
    Assignment: {
      __resolveReference: (reference, context) =>
        readEntity(context, entityReference(reference, context.caller), 'assignment'),
    },
    User: {
      __resolveReference: (reference, { caller }) => userReference(reference, caller),
      assignmentAudiences: async ({ id }, _, context) => (await audiencesOf(context, id)).all,
      assignmentTaught: async ({ id }, _, context) => (await audiencesOf(context, id)).taught,
    },
    AssignmentSlice: {
      __resolveReference: (reference, { caller }) => sliceReference(reference, caller),
      items: async (key, _, { schedule }) => (await schedule.slices.load(key)).items,
      revision: async (key, _, { schedule }) => (await schedule.slices.load(key)).revision,
    },
    AssignmentItem: {
      __resolveReference: (reference, { caller, schedule }) => schedule.items.load(itemReference(reference, caller)),
    },
  };
}
