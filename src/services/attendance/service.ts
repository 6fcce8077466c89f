// The attendance service: attendance checks and each student's outcome.
import type { Subgraph } from '../../subgraph/subgraph.ts';
import { createSchedule, ofItsItem, type ScheduleDefinition } from '../shared/schedule.ts';
import { createService, type ServiceOptions, tenantOf } from '../shared/service.ts';
import { courseValue, instant } from '../storage/sql.ts';
import { type AttendanceLoaders, attendanceResolvers } from './resolvers.ts';
import { ATTENDANCE_TABLES } from './tables.ts';

/** Creates the service. */
export async function createAttendanceService(options: ServiceOptions): Promise<Subgraph> {
  const { clock } = options;
  const definition = scheduleDefinition(tenantOf(options));
  return createService(options, {
    tables: ATTENDANCE_TABLES,
    resolvers: attendanceResolvers(clock),
    context: (database): AttendanceLoaders => ({ database, schedule: createSchedule(database, definition) }),
  });
}

const MOVED_LATE_AT =
  'least(i.late_at + (coalesce(o.starts_at, i.starts_at) - i.starts_at), coalesce(o.ends_at, i.ends_at))';

/** What its schedules are made of. */
export function scheduleDefinition(tenant: string): ScheduleDefinition {
  return {
    schema: 'attendance',
    tenant,
    fields: [
      {
        name: 'lateAt',
        ofItem: instant('i.late_at'),
        // A check that is moved for one student begins to be late as long after its start.
        ofOverride: `CASE WHEN o.starts_at <> o.item_starts_at OR o.ends_at <> o.item_ends_at THEN ${ofItsItem('attendance', instant(MOVED_LATE_AT))} END`,
      },
      { name: 'lecture', ofItem: 'i.lecture', ofOverride: 'null::text' },
      { name: 'outcome', ofItem: 'null::text', ofOverride: 'o.outcome' },
    ],
    completion: { field: 'outcome', isMissing: `coalesce(o.outcome, 'ABSENT') = 'ABSENT'` },
    entities: `
      SELECT i.ern AS key, i.ern, i.title, ${courseValue('c')} AS course, ${instant('i.starts_at')} AS "startsAt",
             ${instant('i.late_at')} AS "lateAt", ${instant('i.ends_at')} AS "endsAt", i.method,
             CASE WHEN i.lecture IS NOT NULL THEN json_build_object('ern', i.lecture) END AS lecture,
             ${instant('i.updated_at')} AS "updatedAt"
      FROM attendance.item i JOIN attendance.course c ON c.ern = i.course WHERE i.ern = ANY($1::text[])`,
  };
}
