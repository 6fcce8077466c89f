// The lecture service: lectures and their rooms, and, for all three services, who attends, teaches
// and observes.
import type { Subgraph } from '../../subgraph/subgraph.ts';
import { createService, type ServiceOptions, tenantOf } from '../shared/service.ts';
import { createDeliveries, type EnrollmentSubscriber } from './outgoing-queue.ts';
import { lectureLoaders } from './reading.ts';
import { lectureResolvers } from './resolvers.ts';
import { LECTURE_TABLES } from './tables.ts';

export type { EnrollmentSubscriber };

/** Options of the lecture service. */
export interface LectureServiceOptions extends ServiceOptions {
  /** The services that keep a copy of enrolments. */
  readonly subscribers: readonly EnrollmentSubscriber[];
}

/** Makes the service; deliveries left over from an earlier run begin at once. */
export async function createLectureService(options: LectureServiceOptions): Promise<Subgraph> {
  const { database, clock, subscribers } = options;
  const tenant = tenantOf(options);
  const deliveries = createDeliveries(database, subscribers, clock);
  const service = await createService(options, {
    tables: LECTURE_TABLES,
    resolvers: lectureResolvers(database, deliveries),
    context: () => lectureLoaders(database, tenant),
    close: () => deliveries.close(),
  });
  void deliveries.attempt(0);
  return service;
}
