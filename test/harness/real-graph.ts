// The whole program in this process, as `npm start` runs it: three services on a real database with
// sample data, the calendar with its feed, the gateway, real time. It records every call to a
// service. The caller closes it.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'undici';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { startCalendar } from '../../src/processes/calendar.ts';
import { startGateway } from '../../src/processes/gateway.ts';
import type { Running } from '../../src/processes/running.ts';
import { startServices } from '../../src/processes/services.ts';
import { createClient, type Query } from './client.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { PATIENT } from './patient.ts';

const SERVICES = ['lecture', 'attendance', 'assignment'] as const;
type ServiceName = (typeof SERVICES)[number];

/** A running program. */
export interface RealGraph {
  /** Through the gateway, with a demo user's token. */
  readonly query: Query;
  /**
   * Past the gateway, as a service is written to by others: to the lecture service, as an
   * administrator.
   */
  readonly behind: Query;
  /** The gateway, without a path. */
  readonly url: string;
  /** The calendar subgraph's own endpoint. */
  readonly calendar: string;
  /** Calls to services since the last `forget`: by whom one can tell from the query. */
  readonly calls: readonly ServiceCall[];
  forget(): void;
  /** Resolves when every feed speaks. */
  waitForLiveFeeds(): Promise<void>;
  close(): Promise<void>;
}

/** One call to a service, from the calendar, the gateway or another service. */
export interface ServiceCall {
  readonly service: ServiceName;
  readonly query: string;
  readonly representations: readonly Readonly<Record<string, string>>[];
  /** Items and changes in the answer; 0 until it has come. */
  rows: number;
}

/**
 * The slices that were asked for, each as often as it was: `lecture ern:lms:course/1
 * 2026-11-30T15:00:00.000Z`.
 */
export const slicesAsked = (calls: readonly ServiceCall[]): string[] =>
  calls
    .flatMap(({ service, representations }) =>
      representations
        .filter(({ __typename }) => __typename?.endsWith('Slice'))
        .map(({ audience, from }) => `${service} ${audience} ${from}`),
    )
    .toSorted();

/**
 * Real time, some of which can be left out: for what only happens after a while. Timers keep to
 * real time.
 */
export interface SkippingClock extends Clock {
  /** It is now so many milliseconds later. */
  skip(ms: number): void;
}

/** A {@link SkippingClock} that has not skipped yet. */
export function skippingClock(): SkippingClock {
  let skipped = 0;
  return {
    now: () => systemClock.now() + skipped,
    elapsed: () => systemClock.elapsed() + skipped,
    after: (ms, run) => systemClock.after(ms, run),
    skip: (ms) => {
      skipped += ms;
    },
  };
}

/** What a test may settle. */
export interface RealOptions {
  /** As in the environment. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: real time. */
  readonly clock?: Clock;
  /** Starts another calendar in the place of the real one. */
  readonly calendar?: typeof startCalendar;
}

/** Starts everything on free ports. */
export async function startRealGraph(options: RealOptions = {}): Promise<RealGraph> {
  const { settings = {}, clock = systemClock, calendar = startCalendar } = options;
  const names = ['PORT', 'CALENDAR_PORT', 'LECTURE_PORT', 'ATTENDANCE_PORT', 'ASSIGNMENT_PORT'] as const;
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
  const config = loadConfig({ HOST: '127.0.0.1', GRAPHIQL: 'false', ...ports, ...PATIENT, ...settings }, 'all');
  const heard = listen(config);
  const running: Running[] = [
    await startServices(SERVICES, config, clock),
    await calendar(config, clock),
    await startGateway(config, clock),
  ];
  const gateway = `http://127.0.0.1:${config.PORT}`;
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (user: string) => {
    const token = tokens.get(user) ?? textAt(`${gateway}/dev/token?user=${user}`);
    tokens.set(user, token);
    return token;
  };
  const client = createClient(`${gateway}/graphql`, tokenOf);
  const sign = createInternalSigner({ secret: config.INTERNAL_SECRET, service: 'gateway', clock });
  const behind = createClient(config.LECTURE_URL, (id) =>
    sign({ audience: 'lecture', user: { id, roles: ['admin'], scopes: ['calendar:read-any'] } }),
  );
  return {
    query: client.query,
    behind: behind.query,
    url: gateway,
    calendar: `http://127.0.0.1:${config.CALENDAR_PORT}/graphql`,
    calls: heard.calls,
    forget: () => {
      heard.calls.length = 0;
    },
    async waitForLiveFeeds() {
      await eventually('feeds that speak', async () => {
        const { feeds } = JSON.parse(await textAt(`http://127.0.0.1:${config.CALENDAR_PORT}/readyz`)) as Readiness;
        return feeds.length > 0 && feeds.every((feed) => feed.healthy);
      });
    },
    async close() {
      heard.stop();
      await Promise.all([client.close(), behind.close()]);
      for (const part of running.toReversed()) await part.close();
    },
  };
}

interface Readiness {
  readonly feeds: readonly { readonly healthy: boolean }[];
}

async function textAt(url: string): Promise<string> {
  return (await request(url)).body.text();
}

/** Every request that undici sends to one of the services, as it is sent. */
function listen(ports: Readonly<Record<'LECTURE_PORT' | 'ATTENDANCE_PORT' | 'ASSIGNMENT_PORT', number>>) {
  const calls: ServiceCall[] = [];
  const services = new Map<string, ServiceName>([
    [String(ports.LECTURE_PORT), 'lecture'],
    [String(ports.ATTENDANCE_PORT), 'attendance'],
    [String(ports.ASSIGNMENT_PORT), 'assignment'],
  ]);
  const open = new Map<object, { readonly call: ServiceCall; readonly chunks: Uint8Array[] }>();
  const listeners: Readonly<Record<string, (message: unknown) => void>> = {
    'undici:request:create': (message) => {
      const { request: sent } = message as { request: { origin: string | URL; body: unknown } };
      const service = services.get(new URL(sent.origin).port);
      if (service === undefined || !Buffer.isBuffer(sent.body)) return;
      const { query, variables } = JSON.parse(sent.body.toString()) as Sent;
      const call = { service, query, representations: variables?.representations ?? [], rows: 0 };
      calls.push(call);
      open.set(sent, { call, chunks: [] });
    },
    'undici:request:bodyChunkReceived': (message) => {
      const { request: sent, chunk } = message as { request: object; chunk: Uint8Array };
      open.get(sent)?.chunks.push(chunk);
    },
    'undici:request:trailers': (message) => {
      const { request: sent } = message as { request: object };
      const ended = open.get(sent);
      if (ended !== undefined) ended.call.rows = rowsIn(Buffer.concat(ended.chunks).toString());
      open.delete(sent);
    },
  };
  for (const [channel, hear] of Object.entries(listeners)) subscribe(channel, hear);
  return {
    calls,
    stop() {
      for (const [channel, hear] of Object.entries(listeners)) unsubscribe(channel, hear);
    },
  };
}

/**
 * Items of slices and changes, each of which has an audience or a version that nothing else in an
 * answer has.
 */
function rowsIn(answer: string): number {
  return answer.match(/"updatedAt":|"audience":"[^"]*","from":(?:null|"[^"]*"),"to"/g)?.length ?? 0;
}

interface Sent {
  readonly query: string;
  readonly variables?: { readonly representations?: ServiceCall['representations'] };
}
