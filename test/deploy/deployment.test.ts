// The documented deployment under load: two gateways and two calendars are rolled, Redis is lost
// and comes back, a secret is replaced, a gateway is killed; and a trace goes through its
// processes.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Agent, request } from 'undici';
import { createInternalSigner } from '../../src/auth/internal-token.ts';
import { systemClock } from '../../src/clock.ts';
import { describeLongWith } from '../harness/child-server.ts';
import { eventually } from '../harness/eventually.ts';
import { PATIENT } from '../harness/patient.ts';
import { POSTGRES } from '../harness/postgres-server.ts';
import { REDIS } from '../harness/redis-server.ts';
import { type Paced, paced } from '../soak/paced.ts';
import { type Collector, startCollector } from '../telemetry/collector.ts';
import { startDeployment } from './deployment.ts';

const PER_SECOND = 10;
const STUDENTS = 50;
const DAY_MS = 86_400_000;
const dayFrom = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const WINDOW = { from: dayFrom(-15), to: dayFrom(15) };
const PAGE = `query Page($from: DateTime!, $to: DateTime!) {
  viewer { calendar(from: $from, to: $to) { completeness events { ern title } } } }`;

const CREATE = `mutation ($input: CreateAssignmentInput!) { createAssignment(input: $input) { title } }`;
const ASSIGNMENT = { course: 'ern:lms:course/1', title: 'written meanwhile', startsAt: dayFrom(1), endsAt: dayFrom(2) };

const OVERLAP_MS = 3_000;

interface Answer {
  readonly data?: { readonly viewer: { readonly calendar: { completeness: string; events: { title: string }[] } } };
  readonly errors?: unknown;
}

describeLongWith(REDIS.found ? POSTGRES : REDIS, 'the documented deployment, under load', () => {
  let deployment: Awaited<ReturnType<typeof startDeployment>>;
  let collector: Collector;
  let load: Paced | undefined;
  // A connection for each request, so that each goes to a gateway that there is.
  const agent = new Agent({ pipelining: 0 });
  const tokens = new Map<string, Promise<string>>();
  /** What was asked since the last look, what failed, and what was asked again. */
  const counts = { answered: 0, retried: 0, failed: [] as string[] };
  const counted = () => ({ ...counts, failed: counts.failed.splice(0), answered: counts.answered });

  const post = async (user: string, query: string, variables: object) => {
    const token = tokens.get(user) ?? deployment.token(user);
    tokens.set(user, token);
    const headers = { authorization: `Bearer ${await token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ query, variables });
    const answer = await request(deployment.url, { method: 'POST', headers, body, dispatcher: agent });
    return { status: answer.statusCode, body: (await answer.body.json()) as Answer };
  };
  const read = async (n: number) => {
    const ask = () => post(`student-${1 + (n % STUDENTS)}`, PAGE, WINDOW);
    const again = (error: unknown) => {
      counts.retried += 1;
      return ask().catch(() => Promise.reject(error));
    };
    try {
      const { status, body } = await ask().catch(again);
      const completeness = body.data?.viewer.calendar.completeness;
      const isGood = status === 200 && body.errors === undefined && /^(?:COMPLETE|STALE)$/.test(completeness ?? '');
      if (isGood) counts.answered += 1;
      else counts.failed.push(`${status} ${JSON.stringify(body).slice(0, 200)}`);
    } catch (error) {
      counts.failed.push(String(error));
    }
  };
  /** Waits for so many more answers. */
  const answers = (more: number) => {
    const before = counts.answered + counts.failed.length;
    return eventually('answers', () => counts.answered + counts.failed.length >= before + more);
  };

  beforeAll(async () => {
    collector = await startCollector();
    const settings = { SECRET_OVERLAP: `${OVERLAP_MS}ms`, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
    deployment = await startDeployment({ ...PATIENT, ...settings, MAX_USER_REQUESTS: '0' });
    load = paced(PER_SECOND, read);
    await answers(20);
    expect(counts.failed.splice(0)).toEqual([]);
  }, 120_000);
  afterAll(async () => {
    await load?.stop();
    await agent.close();
    await deployment?.close();
    await collector.close();
  }, 60_000);

  test('no request fails while calendars and gateways are rolled, and none has to be repeated', async () => {
    await deployment.roll('calendar');
    await deployment.roll('gateway');
    await answers(20);
    expect(counted()).toMatchObject({ failed: [], retried: 0 });
  }, 120_000);

  test('one trace goes through a gateway, a calendar and a service', async () => {
    const traces = await eventually('a whole trace', () => {
      const services = new Map<string, Set<string>>();
      for (const { traceId, service } of collector.spans)
        services.set(traceId, (services.get(traceId) ?? new Set()).add(service));
      const whole = [...services.values()].filter((names) => names.has('gateway') && names.has('lecture'));
      return whole.length > 0 && whole;
    });
    expect(traces[0]).toContain('calendar');
  });

  test('no request fails while Redis is away, and changes are heard of at once when it is back', async () => {
    const feeds = async () => {
      const { port } = deployment.running.gateway[0] ?? { port: 0 };
      const answer = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as { feeds: object };
      return Object.values(answer.feeds).map(String);
    };
    await eventually('a live feed', async () => (await feeds()).includes('ok'));
    await deployment.redis.stop();
    await eventually('a silent feed', async () => (await feeds()).some((state) => state.startsWith('silent')));
    await answers(20);
    await deployment.redis.start();
    await eventually('a live feed again', async () => (await feeds()).every((state) => state === 'ok'));
    // Well before the TTL of a slice has passed.
    await post('teacher-1', CREATE, { input: ASSIGNMENT });
    await eventually('the change', async () => {
      const { body } = await post('student-1', PAGE, WINDOW);
      return body.data?.viewer.calendar.events.some(({ title }) => title === ASSIGNMENT.title) === true;
    });
    expect(counted()).toMatchObject({ failed: [], retried: 0 });
  }, 60_000);

  test('no request fails while the file of a secret is replaced, and the former one ends', async () => {
    const [former, next] = [
      'the first secret of this deployment, of 32 bytes',
      'the next secret, of thirty-two bytes or more',
    ];
    const [{ port } = { port: 0 }] = deployment.running.calendar;
    const statusWith = async (secret: string) => {
      const sign = createInternalSigner({
        secret: new TextEncoder().encode(secret),
        service: 'gateway',
        clock: systemClock,
      });
      const headers = {
        authorization: `Bearer ${await sign({ audience: 'calendar' })}`,
        'content-type': 'application/json',
      };
      const body = JSON.stringify({ query: '{ __typename }' });
      return (await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body })).status;
    };
    expect([await statusWith(former), await statusWith(next)]).toEqual([200, 401]);
    deployment.writeSecret('internal_secret', next);
    await eventually('the new secret is accepted', async () => (await statusWith(next)) === 200);
    await eventually('the former secret has ended', async () => (await statusWith(former)) === 401);
    await answers(20);
    expect(counted()).toMatchObject({ failed: [], retried: 0 });
  }, 60_000);

  test('when a gateway is killed, requests that it had are answered by the other one when they are repeated', async () => {
    const [victim] = deployment.running.gateway;
    if (victim !== undefined) await deployment.kill(victim);
    await answers(40);
    expect(counted()).toMatchObject({ failed: [] });
  });
});
