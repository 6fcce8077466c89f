// The whole graph over real HTTP on free ports: three mocked sources, the real calendar and
// gateway, real tokens. It records each source's calls. The caller closes it.
import { createDevIssuer } from '../../src/auth/dev-keys.ts';
import { createInternalSigner, createInternalVerifier, type SignInternal } from '../../src/auth/internal-token.ts';
import { type Principal, rolesFrom } from '../../src/auth/principal.ts';
import { createUserVerifier } from '../../src/auth/user-token.ts';
import type { Lifetimes } from '../../src/calendar/cache/fresh-cache.ts';
import { type Calendar, createCalendar } from '../../src/calendar/calendar.ts';
import type { ChangeFeed } from '../../src/calendar/freshness/feed.ts';
import type { Post } from '../../src/calendar/sources/source.ts';
import { createSourcePost } from '../../src/calendar/sources/source-post.ts';
import { memoryRotations, type RotationStore, SubscriptionAddresses } from '../../src/calendar/subscription/address.ts';
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/clock.ts';
import type { ByKind } from '../../src/event-kinds.ts';
import { createGateway, type GatewayOptions } from '../../src/gateway/gateway.ts';
import { documentsOf } from '../../src/gateway/graph/persisted-documents.ts';
import { createTransport, type Transport } from '../../src/http/client/transport.ts';
import { readSchema } from '../../src/schema.ts';
import { startBehindOne } from './balancer.ts';
import { type Client, createClient, type Query } from './client.ts';
import { manualClock } from './clock.ts';
import { mockSchema, type SourceName } from './mock-schema.ts';
import { type Call, type MockSource, mockSource } from './mock-source.ts';
import { type Rows, rows as rowsOf } from './rows.ts';
import { ISSUER, LIMITS, SECRET } from './test-keys.ts';

const AT = { port: 0, host: 'localhost' };

/** What a test may settle. Everything has a default. */
export interface MockOptions {
  readonly rows?: Partial<Rows>;
  /** Default: one that stands still at 2026-03-02T00:00:00Z. Transports keep to real time. */
  readonly clock?: Clock;
  /** Default Asia/Seoul. */
  readonly homeZone?: string;
  readonly lifetimes?: Partial<Lifetimes>;
  /** TTL in milliseconds while a feed is live. Default 10 min. */
  readonly liveTtlMs?: number;
  /** Where the calendar hears of changes. Default none. */
  readonly feeds?: readonly ChangeFeed[];
  /**
   * Milliseconds of real time for one call to a source. Default 5 s: a busy machine is no fault.
   */
  readonly sourceDeadlineMs?: number;
  /** Largest answer of a source read, in bytes. Default 1 MiB. */
  readonly sourceAnswerBytes?: number;
  /** Who may ask when somebody else is busy. Default `related`. */
  readonly freeBusyFor?: 'nobody' | 'related' | 'everybody';
  /** How often a viewer may ask when others are busy, a minute. Default 60. */
  readonly freeBusyLimit?: number;
  /** Whose reads of other users are told of, and therefore not stored. Default `staff`. */
  readonly auditedReaders?: 'none' | 'administrators' | 'staff';
  /** Whether staff see why dates differ. Default no. */
  readonly staffSeesReasons?: boolean;
  /** False: no gateway; for promises that are the calendar's alone. */
  readonly gateway?: boolean;
  /** Maximum bytes of the gateway's stored answers. Default 0: none. */
  readonly responseCacheBytes?: number;
  /** Persisted documents of the gateway, by id. */
  readonly documents?: ReadonlyMap<string, string>;
  /** Origins whose pages may ask the gateway. Default none. */
  readonly corsOrigins?: readonly string[];
  /** Number of calendar processes; the gateway's connections go to each in turn. Default 1. */
  readonly calendars?: number;
  /** The store of rotated subscription addresses. Default: in memory. */
  readonly rotations?: RotationStore;
  /** Proxies that the gateway believes. Default none. */
  readonly trustedProxies?: readonly string[];
  /** The gateway's limits on one query, where they differ from {@link LIMITS}. */
  readonly limits?: Partial<GatewayOptions['limits']>;
}

/** A running graph. */
export interface MockGraph {
  /** Through the gateway, as a client does; without one, to the calendar as the gateway does. */
  readonly query: Query;
  readonly sources: Readonly<Record<SourceName, MockSource>>;
  /** Every call each source saw. */
  readonly calls: Readonly<Record<SourceName, Call[]>>;
  /** The first of the calendars, and all of them. */
  readonly calendar: Calendar;
  readonly calendars: readonly Calendar[];
  readonly calendarUrl: string;
  /** Without a path; undefined without a gateway. */
  readonly gatewayUrl: string | undefined;
  /** What the services hold; change it as a write would. */
  readonly rows: Rows;
  /** The token of a user, as the identity provider makes it; without a gateway an internal one. */
  readonly token: (user: string, debug?: boolean) => Promise<string>;
  /** Signs internal tokens as the gateway. */
  readonly sign: SignInternal;
  close(): Promise<void>;
}

/** Starts everything. */
export async function startMockGraph(options: MockOptions = {}): Promise<MockGraph> {
  const { clock = manualClock() } = options;
  const rows = rowsOf(options.rows);
  const verifierFor = (audience: string) => createInternalVerifier({ secret: SECRET, audience, clock });
  const start = (name: SourceName) => mockSource(mockSchema(name), rows, verifierFor(name));
  const sources = {
    lecture: await start('lecture'),
    attendance: await start('attendance'),
    assignment: await start('assignment'),
  };
  const transports: Transport[] = [];
  const newCalendar = () =>
    createCalendar({
      verify: verifierFor('calendar'),
      post: postsTo(sources, options, clock, transports),
      clock,
      homeZone: options.homeZone ?? 'Asia/Seoul',
      tenant: 'lms',
      eventUrl: 'https://lms.test/?event={ern}',
      cacheBytes: 64 * 2 ** 20,
      lifetimes: options.lifetimes ?? {},
      ...(options.liveTtlMs === undefined ? {} : { liveTtlMs: options.liveTtlMs }),
      freeBusyFor: options.freeBusyFor ?? 'related',
      freeBusyLimit: options.freeBusyLimit ?? 60,
      staffSeesReasons: options.staffSeesReasons ?? false,
      auditedReaders: options.auditedReaders ?? 'staff',
      feeds: options.feeds ?? [],
      deadlineMs: 800,
      batch: { maxBatch: 500, batchWindowMs: 2, busyGatherMs: 20 },
      addresses: new SubscriptionAddresses(SECRET, options.rotations ?? memoryRotations()),
      publicUrl: 'https://lms.test',
    });
  const calendars = Array.from({ length: options.calendars ?? 1 }, newCalendar);
  const [calendar] = calendars as [Calendar];
  const urls = await Promise.all(calendars.map(async (one) => (await one.listen(AT)).url));
  const balancer = await startBehindOne(urls);
  const calendarUrl = balancer.url;
  const sign = createInternalSigner({ secret: SECRET, service: 'gateway', clock });
  const way = { urls: { calendar: calendarUrl, ...urlsOf(sources) }, sign, clock, options };
  const front = await (options.gateway === false ? withoutGateway(way) : throughGateway(way));
  return {
    query: front.query,
    sources,
    calls: {
      lecture: sources.lecture.calls,
      attendance: sources.attendance.calls,
      assignment: sources.assignment.calls,
    },
    calendar,
    calendars,
    calendarUrl,
    gatewayUrl: front.url,
    rows,
    token: front.token,
    sign,
    async close() {
      await Promise.all(Object.values(sources).map((source) => source.close()));
      await front.close();
      await balancer.close();
      await Promise.all(calendars.map((one) => one.close()));
      await Promise.all(transports.map((transport) => transport.close()));
    },
  };
}

/** What stands between a client and the subgraphs. */
interface Way {
  readonly urls: Readonly<Record<'calendar' | SourceName, string>>;
  readonly sign: SignInternal;
  readonly clock: Clock;
  readonly options: MockOptions;
}

/** The gateway, or what stands for it, as clients meet it. */
type Front = Client & {
  readonly url: string | undefined;
  readonly token: (user: string, debug?: boolean) => Promise<string>;
};

async function throughGateway({ urls, sign, clock, options }: Way): Promise<Front> {
  const identity = { ...ISSUER, clock };
  const issuer = await createDevIssuer(identity);
  const gateway = createGateway({
    supergraph: readSchema('supergraph'),
    subgraphs: urls,
    verifyUser: createUserVerifier({ keys: issuer.keys, ...identity }),
    sign,
    clock,
    deadlineMs: 10_000,
    limits: { ...LIMITS, ...options.limits },
    responseCacheBytes: options.responseCacheBytes ?? 0,
    trustedProxies: options.trustedProxies ?? [],
    ...(options.documents === undefined ? {} : { documents: documentsOf(options.documents, false) }),
    ...(options.corsOrigins === undefined ? {} : { corsOrigins: options.corsOrigins }),
    maxBody: 64 * 2 ** 10,
    maxAnswer: 4 * 2 ** 20,
    introspection: false,
    playground: null,
    devToken: null,
  });
  const { url } = await gateway.listen(AT);
  const token = (user: string, debug?: boolean) => issuer.token(user, debug);
  const client = createClient(`${url}/graphql`, (user) => token(user));
  return {
    url,
    token,
    query: client.query,
    async close() {
      await client.close();
      await gateway.close();
    },
  };
}

async function withoutGateway({ urls, sign }: Way): Promise<Front> {
  const token = (user: string) => sign({ audience: 'calendar', user: principalOf(user) });
  return { ...createClient(urls.calendar, token), token, url: undefined };
}

/** How the calendar calls the sources. */
function postsTo(
  sources: Readonly<Record<SourceName, MockSource>>,
  { sourceDeadlineMs = 5_000, sourceAnswerBytes = 2 ** 20 }: MockOptions,
  clock: Clock,
  transports: Transport[],
) {
  const sign = createInternalSigner({ secret: SECRET, service: 'calendar', clock });
  const postTo = (service: SourceName) => {
    const transport = createTransport({ url: sources[service].url, clock: systemClock, maxBytes: sourceAnswerBytes });
    transports.push(transport);
    return createSourcePost({ service, transport, sign, clock: systemClock, deadlineMs: sourceDeadlineMs });
  };
  const posts = { LECTURE: postTo('lecture'), ATTENDANCE: postTo('attendance'), ASSIGNMENT: postTo('assignment') };
  return posts satisfies Partial<ByKind<Post>> as ByKind<Post>;
}

function urlsOf({ lecture, attendance, assignment }: Readonly<Record<SourceName, MockSource>>) {
  return { lecture: lecture.url, attendance: attendance.url, assignment: assignment.url };
}

/** A user as the development issuer would make them: the role follows from the name. */
export function principalOf(user: string): Principal {
  const roles = rolesFrom([user.split('-')[0]]);
  return { id: user, roles, scopes: roles.includes('admin') ? ['calendar:read-any'] : [] };
}
