// The three services over real HTTP on one database with two courses; every caller has a real
// token.
import { createInternalSigner, createInternalVerifier } from '../../src/auth/internal-token.ts';
import type { Role } from '../../src/auth/principal.ts';
import { READ_ANY } from '../../src/auth/rights.ts';
import { listen } from '../../src/diagnostics.ts';
import { ApiError } from '../../src/errors.ts';
import { createAssignmentService } from '../../src/services/assignment/service.ts';
import { createAttendanceService } from '../../src/services/attendance/service.ts';
import { DeliveryRefused, type LectureMove } from '../../src/services/lecture/outgoing-queue.ts';
import { createLectureService } from '../../src/services/lecture/service.ts';
import type { Membership, StaffMembership } from '../../src/services/shared/memberships.ts';
import type { Database } from '../../src/services/storage/database.ts';
import type { Subgraph } from '../../src/subgraph/subgraph.ts';
import { createClient, type Reply } from '../harness/client.ts';
import { type ManualClock, manualClock } from '../harness/clock.ts';
import { eventually } from '../harness/eventually.ts';

/** The services there are; also the names of their SQL schemas. */
export const SERVICES = ['lecture', 'attendance', 'assignment'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Who asks: a user by id, a service by `service:<name>:<scope>`, or one without any scope. */
export const CALENDAR = 'service:calendar:schedule:read';
export const LECTURE = 'service:lecture:enrollment:write';
export const NOBODY = 'service:other:';

/** What a subscriber was received, and whether it answers. */
export interface SubscriberLog {
  readonly received: Membership[];
  /** Changes of who teaches. */
  readonly teaching: StaffMembership[];
  /** Lectures that moved with their checks. */
  readonly moves: LectureMove[];
  answer: 'yes' | 'no' | 'held' | 'refused';
  /** Lets the held ones go. */
  release: () => void;
}

/** What a test has in hand. */
export interface Services {
  readonly database: Database;
  readonly clock: ManualClock;
  readonly subscribers: Readonly<Record<'attendance' | 'assignment', SubscriberLog>>;
  /** The answer's data; throws when there are errors. */
  ask<T>(service: ServiceName, who: string, document: string, variables?: Record<string, unknown>): Promise<T>;
  /** The whole answer, with its errors. */
  send<T>(
    service: ServiceName,
    who: string,
    document: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Reply<T>>;
  /** The status of `/readyz`. */
  readiness(service: ServiceName): Promise<number>;
  /** The first error's code and message; throws when there is none. */
  refusal(service: ServiceName, who: string, document: string, variables?: Record<string, unknown>): Promise<string>;
  /** Takes away everything written, and puts the two courses back. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Courses 1 and 2; teacher-1 and teacher-2; student-1 attends both, student-2 the first, student-3
 * none. Time is 2026-03-02T00:00Z.
 */
export async function startServices(open: () => Promise<Database>): Promise<Services> {
  const database = await open();
  const clock = manualClock();
  const secret = new Uint8Array(32).fill(7);
  const subscribers = {
    attendance: { received: [], teaching: [], moves: [], answer: 'yes', release: () => undefined } as SubscriberLog,
    assignment: { received: [], teaching: [], moves: [], answer: 'yes', release: () => undefined } as SubscriberLog,
  };
  const options = (audience: ServiceName) => ({
    database,
    clock,
    homeZone: 'Asia/Seoul',
    sample: null,
    verify: createInternalVerifier({ secret, audience, clock }),
  });
  const running: Record<ServiceName, Subgraph> = {
    lecture: await createLectureService({
      ...options('lecture'),
      subscribers: [subscriber('attendance', subscribers.attendance), subscriber('assignment', subscribers.assignment)],
    }),
    attendance: await createAttendanceService(options('attendance')),
    assignment: await createAssignmentService(options('assignment')),
  };
  const urls = new Map<ServiceName, string>();
  const clients = new Map<ServiceName, ReturnType<typeof createClient>>();
  for (const name of SERVICES) {
    const { url } = await running[name].listen({ port: 0, host: '127.0.0.1' });
    urls.set(name, url);
    clients.set(
      name,
      createClient(url, (who) => token(who, name)),
    );
  }
  function token(who: string, audience: ServiceName): Promise<string> {
    const [, service, scope = ''] = /^service:(\w+):(.*)$/.exec(who) ?? [];
    if (service !== undefined) {
      return createInternalSigner({ secret, service, clock })({ audience, scopes: scope === '' ? [] : [scope] });
    }
    const role = who.split('-')[0] as Role;
    const user = { id: who, roles: [role], scopes: role === 'admin' && who !== 'admin-unscoped' ? [READ_ANY] : [] };
    return createInternalSigner({ secret, service: 'gateway', clock })({ audience, user });
  }
  async function send<T>(service: ServiceName, who: string, document: string, variables = {}, headers = {}) {
    const reply = await clients.get(service)?.query<T>(who, document, variables, headers);
    if (reply === undefined) throw new Error(service);
    return reply;
  }
  return {
    database,
    clock,
    subscribers,
    send,
    async readiness(service) {
      return (await fetch(new URL('/readyz', urls.get(service)))).status;
    },
    async ask<T>(service: ServiceName, who: string, document: string, variables = {}) {
      const { data, errors } = (await send<T>(service, who, document, variables)).body;
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    async refusal(service, who, document, variables = {}) {
      const { errors } = (await send(service, who, document, variables)).body;
      if (errors?.[0] === undefined) throw new Error('not refused');
      return `${errors[0].extensions.code}: ${errors[0].message}`;
    },
    async reset() {
      const sql = EMPTY + SERVICES.map(fixture).join('');
      // A delivery that is running may hold the same tables in another order.
      await eventually('empty tables', () =>
        database.script(sql).then(
          () => true,
          (error: unknown) => {
            if (error instanceof ApiError && error.extensions.code === 'UNAVAILABLE') return false;
            throw error;
          },
        ),
      );
      for (const log of Object.values(subscribers))
        Object.assign(log, { received: [], teaching: [], moves: [], answer: 'yes' });
    },
    async close() {
      for (const log of Object.values(subscribers)) log.release();
      for (const client of clients.values()) await client.close();
      for (const name of SERVICES) await running[name].close();
      await database.close();
    },
  };
}

/** The statements run while `work` ran. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const stop = listen('calendar:sql', ({ sql }) => void statements.push(sql));
  try {
    await work();
  } finally {
    stop();
  }
  return statements;
}

function subscriber(name: string, log: SubscriberLog) {
  const answer = (): Promise<void> => {
    if (log.answer === 'held') {
      return new Promise((resolve) => {
        log.release = resolve;
      });
    }
    if (log.answer === 'refused') return Promise.reject(new DeliveryRefused('there is no such course'));
    return log.answer === 'yes' ? Promise.resolve() : Promise.reject(new Error('the subscriber is away'));
  };
  return {
    name,
    deliver(course: string, user: string, enrolled: boolean, revision: number, since: string | null): Promise<void> {
      log.received.push({ course, user, enrolled, revision, since });
      return answer();
    },
    deliverMove(move: LectureMove): Promise<void> {
      log.moves.push(move);
      return answer();
    },
    deliverTeaching(course: string, user: string, teaches: boolean, revision: number): Promise<void> {
      log.teaching.push({ course, user, teaches, revision });
      return answer();
    },
  };
}

/** What a test writes; rows before those that they refer to. */
const TABLES = [
  ...['observer', 'delivery', 'staff_delivery', 'move_delivery'].map((table) => `lecture.${table}`),
  'attendance.lecture_move',
  ...SERVICES.flatMap((schema) =>
    ['override', 'item', 'enrollment', 'staff', 'staff_revision', 'course'].map((table) => `${schema}.${table}`),
  ),
];
/** Waits for writers, as TRUNCATE does, which takes far longer on so small tables. */
const EMPTY = `LOCK TABLE ${TABLES.join()}; ${TABLES.map((table) => `DELETE FROM ${table};`).join(' ')}`;

function fixture(schema: ServiceName): string {
  return `
    INSERT INTO ${schema}.course VALUES
      ('ern:lms:course/1', '자료구조', '#1969c8', '담당 교수 1'), ('ern:lms:course/2', '알고리즘', '#eb0000', '담당 교수 2');
    INSERT INTO ${schema}.staff VALUES ('ern:lms:course/1', 'teacher-1'), ('ern:lms:course/2', 'teacher-2');
    INSERT INTO ${schema}.enrollment VALUES ('ern:lms:course/1', 'student-1', true, 1),
      ('ern:lms:course/2', 'student-1', true, 1), ('ern:lms:course/1', 'student-2', true, 1);
    DELETE FROM ${schema}.outbox;`;
}
