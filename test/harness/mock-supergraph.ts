// The whole graph over real HTTP on free ports: three mocked sources, the real calendar, the real gateway, real tokens.
// It gives evidence: what a client gets, and which calls each source saw. Whoever starts one closes it.
import { createInternalSigner, createInternalVerifier, type SignInternal } from '../../src/auth/internal-token.ts';
import { type Principal, rolesFrom } from '../../src/auth/principal.ts';
import { type Calendar, createCalendar } from '../../src/calendar/calendar.ts';
import type { Lifetimes } from '../../src/calendar/read/fresh-cache.ts';
import { createSourcePost } from '../../src/calendar/source-post.ts';
import type { Clock } from '../../src/clock.ts';
import type { GuardSettings } from '../../src/http/guard.ts';
import { createTransport, type Transport } from '../../src/http/transport.ts';
import { createClient, type Query } from './client.ts';
import { manualClock } from './clock.ts';
import { mockSchema, type SourceName } from './mock-schema.ts';
import { type Call, type MockSource, mockSource } from './mock-source.ts';
import { type Rows, rows as rowsOf } from './rows.ts';

const SECRET = new TextEncoder().encode('a secret for tests, thirty-two bytes at least');
const AT = { port: 0, host: 'localhost' };

/** What a test may settle. Everything has a default. */
export interface MockOptions {
  readonly rows?: Partial<Rows>;
  /** Default: one that stands still at 2026-03-02T00:00:00Z. Transports keep to real time. */
  readonly clock?: Clock;
  /** Default Asia/Seoul. */
  readonly homeZone?: string;
  readonly lifetimes?: Partial<Lifetimes>;
  /** Milliseconds for one call to a source. Default 500. */
  readonly sourceDeadlineMs?: number;
  readonly guard?: GuardSettings;
}

/** A running graph. */
export interface MockSupergraph {
  /** Through the gateway, as a client does. */
  readonly query: Query;
  /** To the calendar subgraph alone, as the gateway does. */
  readonly queryCalendar: Query;
  readonly sources: Readonly<Record<SourceName, MockSource>>;
  /** Every call each source saw. */
  readonly calls: Readonly<Record<SourceName, Call[]>>;
  readonly calendar: Calendar;
  readonly calendarUrl: string;
  /** What the services hold; change it as a write would. */
  readonly rows: Rows;
  /** Signs internal tokens as the gateway. */
  readonly sign: SignInternal;
  close(): Promise<void>;
}

/** Starts everything. */
export async function mockSupergraph(options: MockOptions = {}): Promise<MockSupergraph> {
  const { clock = manualClock() } = options;
  const rows = rowsOf(options.rows);
  const verifierFor = (audience: string) => createInternalVerifier({ secret: SECRET, audience, clock });
  const start = (name: SourceName) => mockSource(mockSchema(name, rows), verifierFor(name));
  const sources = {
    lecture: await start('lecture'),
    attendance: await start('attendance'),
    assignment: await start('assignment'),
  };
  const transports: Transport[] = [];
  const calendar = createCalendar({
    verify: verifierFor('calendar'),
    post: postsTo(sources, options, clock, transports),
    clock,
    homeZone: options.homeZone ?? 'Asia/Seoul',
    tenant: 'lms',
    eventUrl: 'https://lms.test/?event={ern}',
    cacheBytes: 64 * 2 ** 20,
    lifetimes: options.lifetimes ?? {},
    deadlineMs: 800,
    batch: { maxBatch: 500, gatherMs: 2 },
  });
  const { url: calendarUrl } = await calendar.listen(AT);
  const sign = createInternalSigner({ secret: SECRET, service: 'gateway', clock });
  const direct = createClient(calendarUrl, (user) => sign({ audience: 'calendar', user: principalOf(user) }));
  return {
    query: direct.query,
    queryCalendar: direct.query,
    sources,
    calls: {
      lecture: sources.lecture.calls,
      attendance: sources.attendance.calls,
      assignment: sources.assignment.calls,
    },
    calendar,
    calendarUrl,
    rows,
    sign,
    async close() {
      await Promise.all(Object.values(sources).map((source) => source.close()));
      await direct.close();
      await calendar.close();
      await Promise.all(transports.map((transport) => transport.close()));
    },
  };
}

/** How the calendar calls the sources. */
function postsTo(
  sources: Readonly<Record<SourceName, MockSource>>,
  { sourceDeadlineMs = 500, guard = {} }: MockOptions,
  clock: Clock,
  transports: Transport[],
) {
  const sign = createInternalSigner({ secret: SECRET, service: 'calendar', clock });
  const postTo = (service: SourceName) => {
    const transport = createTransport({ url: sources[service].url });
    transports.push(transport);
    return createSourcePost({ service, transport, sign, deadlineMs: sourceDeadlineMs, limits: guard });
  };
  return { LECTURE: postTo('lecture'), ATTENDANCE: postTo('attendance'), ASSIGNMENT: postTo('assignment') };
}

/** A user as the development issuer would make them: the role follows from the name. */
export function principalOf(user: string): Principal {
  const roles = rolesFrom([user.split('-')[0]]);
  return { id: user, roles, scopes: roles.includes('admin') ? ['calendar:read-any'] : [] };
}
