// The lecture service: lectures and rooms, and for all three services the enrollments, teachers and
// observers.
import type { Subgraph } from '../../subgraph/subgraph.ts';
import { createService, every, type ServiceOptions, tenantOf } from '../shared/service.ts';
import { createOutgoingQueue, DeliveryRefused, type EnrollmentSubscriber } from './outgoing-queue.ts';
import { lectureLoaders } from './reading.ts';
import { lectureResolvers } from './resolvers.ts';
import { LECTURE_TABLES } from './tables.ts';

export { DeliveryRefused, type EnrollmentSubscriber };

/** How often pending deliveries are looked for, in milliseconds. */
const SWEEP_MS = 10_000;

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
  let stopSweeping = () => {};
  const service = await createService(options, {
    tables: LECTURE_TABLES,
    resolvers: lectureResolvers(outgoing, clock),
    context: (within) => lectureLoaders(within, tenant, clock),
    close: () => {
      stopSweeping();
      return outgoing.close();
    },
  });
  void outgoing.attempt(0);
  stopSweeping = every(clock, SWEEP_MS, async () => outgoing.sweep());
  return service;
}
