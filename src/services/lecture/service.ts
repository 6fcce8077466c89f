// The lecture service: lectures and rooms, and for all three services the enrollments, teachers and
// observers.
import type { Subgraph } from '../../subgraph/subgraph.ts';
import { createService, type ServiceOptions, tenantOf } from '../shared/service.ts';
import { createOutgoingQueue, type EnrollmentSubscriber } from './outgoing-queue.ts';
import { lectureLoaders } from './reading.ts';
import { lectureResolvers } from './resolvers.ts';
import { LECTURE_TABLES } from './tables.ts';

export type { EnrollmentSubscriber };

/** Options of the lecture service. */
export interface LectureServiceOptions extends ServiceOptions {
  /** Services that keep a copy of enrollments. */
  readonly subscribers: readonly EnrollmentSubscriber[];
}

/** Creates the service; pending deliveries of an earlier run start at once. */
export async function createLectureService(options: LectureServiceOptions): Promise<Subgraph> {
  const { database, clock, subscribers } = options;
  const tenant = tenantOf(options);
  const outgoing = createOutgoingQueue(database, subscribers, clock);
  const service = await createService(options, {
    tables: LECTURE_TABLES,
    resolvers: lectureResolvers(outgoing, clock),
    context: (within) => lectureLoaders(within, tenant),
    close: () => outgoing.close(),
  });
  void outgoing.attempt(0);
  return service;
}
