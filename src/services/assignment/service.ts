// The assignment service: assignments, submissions and extensions.
import type { Subgraph } from '../../subgraph/subgraph.ts';
import { createSchedule, ofItsItem, type ScheduleDefinition } from '../shared/schedule.ts';
import { createService, type ServiceOptions, tenantOf } from '../shared/service.ts';
import { courseValue, instant } from '../storage/sql.ts';
import { EXTENDED_END, SUBMISSION_STATE } from './due-date.ts';
import { type AssignmentLoaders, assignmentResolvers } from './resolvers.ts';
import { ASSIGNMENT_TABLES } from './tables.ts';

/** Creates the service. */
export async function createAssignmentService(options: ServiceOptions): Promise<Subgraph> {
  const { clock } = options;
  const definition = scheduleDefinition(tenantOf(options));
  return createService(options, {
    tables: ASSIGNMENT_TABLES,
    resolvers: assignmentResolvers(clock),
    context: (database): AssignmentLoaders => ({ database, schedule: createSchedule(database, definition) }),
  });
}

/** What its schedules are made of. */
export function scheduleDefinition(tenant: string): ScheduleDefinition {
  return {
    schema: 'assignment',
    tenant,
    fields: [
      {
        name: 'closesAt',
        ofItem: instant('i.closes_at'),
        // An extension beyond the late limit moves the late limit.
        ofOverride: `CASE WHEN o.ends_at > o.item_ends_at THEN ${ofItsItem('assignment', instant('o.ends_at'), 'o.ends_at > i.closes_at')} END`,
      },
      { name: 'submission', ofItem: 'null::text', ofOverride: SUBMISSION_STATE },
    ],
    overrideEnd: EXTENDED_END,
    completion: { field: 'submission', isMissing: `coalesce(o.submission, 'NONE') = 'NONE'` },
    entities: `
      SELECT i.ern AS key, i.ern, i.title, ${courseValue('c')} AS course, ${instant('i.starts_at')} AS "startsAt",
             ${instant('i.ends_at')} AS "endsAt", ${instant('i.closes_at')} AS "closesAt", i.points, i.description,
             i.submission_url AS "submissionUrl", ${instant('i.updated_at')} AS "updatedAt"
      FROM assignment.item i JOIN assignment.course c ON c.ern = i.course WHERE i.ern = ANY($1::text[])`,
  };
}
