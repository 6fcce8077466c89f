// A subgraph that fails affects only its own fields and reveals nothing; clients see sentences of
// the gateway.

import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ErrorReport, listen } from '../../src/diagnostics.ts';
import { ApiError, badInput, SourceError } from '../../src/errors.ts';
import { startGraph } from '../harness/graph.ts';
import { DEEP, type HttpAnswer, type SmallGraph, type SmallOptions, startRaw } from '../harness/small-graph.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options: SmallOptions = {}): Promise<SmallGraph> {
  const graph = await startGraph({ sources: 'small', ...options });
  closers.push(() => graph.close());
  return graph;
}

/** A graph whose lecture service answers like this. */
async function withLecture(handle: (response: ServerResponse) => void): Promise<SmallGraph> {
  const lecture = await startRaw((_, response) => handle(response));
  closers.push(() => lecture.close());
  return start({ urls: { lecture: lecture.url } });
}

const ATTENDANCE = {
  id: '2',
  kind: 'ATTENDANCE',
  attendanceCheck: { ern: 'ern:lms:course/1/check/1', method: 'CODE' },
};
const ASSIGNMENT = { id: '3', kind: 'ASSIGNMENT', assignment: { ern: 'ern:lms:course/1/assignment/1', points: 10 } };

/** The whole page, less what is behind the lecture. */
function expectAllButLecture({ status, body, text }: HttpAnswer): void {
  expect(status).toBe(200);
  expect(body.data).toEqual({
    viewer: {
      id: 'student-1',
      calendar: {
        completeness: 'COMPLETE',
        events: [{ id: '1', kind: 'LECTURE', lecture: null }, ATTENDANCE, ASSIGNMENT],
      },
    },
  });
  expect(body.errors).toEqual([
    { message: 'The lecture service did not answer.', extensions: { code: 'UNAVAILABLE' } },
  ]);
  expect(text).not.toMatch(/127\.0\.0\.1|localhost|canary/);
}

describe('a service that does not answer affects only its own fields', () => {
  test('when its port is closed', async () => {
    const graph = await start({ urls: { lecture: 'http://127.0.0.1:1/graphql' } });
    expectAllButLecture(await graph.query('student-1', DEEP));
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['with an HTML page', (r) => r.writeHead(502, { 'content-type': 'text/html' }).end('<h1>canary</h1>')],
    ['with a page that says 200', (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<h1>canary</h1>')],
    ['with half an object', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"canary"')],
    ['with a list', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('["canary"]')],
    ['with no data', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"canary":1}')],
    ['with odd errors', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"errors":["canary"]}')],
    ['with 2 MB', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end(`"${'canary'.repeat(350_000)}"`)],
    ['with a redirect', (r) => r.writeHead(302, { location: 'http://127.0.0.1/canary' }).end()],
    ['with a reset', (r) => void r.socket?.resetAndDestroy()],
  ])('%s', async (_, handle) => {
    expectAllButLecture(await (await withLecture(handle)).query('student-1', DEEP));
  });

  test('when it hangs, until the operation’s deadline, of which the service is told the remaining time', async () => {
    const lecture = await startRaw(() => undefined);
    const deadlineMs = 3_000;
    const graph = await start({ urls: { lecture: lecture.url }, gateway: { deadlineMs } });
    closers.push(() => lecture.close());
    // The service never answers: that there is an answer is the deadline's doing.
    expectAllButLecture(await graph.query('student-1', DEEP));
    const remaining = Number(lecture.requests[0]?.headers['x-deadline-ms']);
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThan(deadlineMs);
  });

  test('and with three dead services the rest of the page is answered', async () => {
    const dead = 'http://127.0.0.1:1/graphql';
    const graph = await start({ urls: { lecture: dead, attendance: dead, assignment: dead } });
    const { body } = await graph.query('student-1', DEEP);
    expect(body.data).toMatchObject({ viewer: { id: 'student-1', calendar: { completeness: 'COMPLETE' } } });
    expect(body.errors).toHaveLength(3);
  });
});

test('without the calendar there is a clear answer at once', async () => {
  const graph = await start({ urls: { calendar: 'http://127.0.0.1:1/graphql' } });
  const { status, body } = await graph.query('student-1', '{ viewer { id } }');
  expect(status).toBe(200);
  expect(body).toEqual({
    data: { viewer: null },
    errors: [{ message: 'The calendar service did not answer.', extensions: { code: 'UNAVAILABLE' } }],
  });
});

test('a query is retried once when its connection is lost, a mutation never', async () => {
  const lecture = await startRaw((_, response) => void response.socket?.resetAndDestroy());
  closers.push(() => lecture.close());
  const graph = await start({ urls: { lecture: lecture.url } });
  await graph.query('student-1', '{ lecture(ern: "ern:lms:course/1/lecture/1") { title } }');
  expect(lecture.requests).toHaveLength(2);
  await graph.query('student-1', 'mutation { cancelLecture(ern: "ern:lms:course/1/lecture/1") }');
  expect(lecture.requests).toHaveLength(3);
});

describe('a subgraph’s error', () => {
  async function said(error: Error): Promise<HttpAnswer> {
    const refuse = () => {
      throw error;
    };
    const graph = await start({ resolvers: { calendar: { Query: { user: refuse } } } });
    return graph.query('student-1', '{ user(id: "student-2") { id } }');
  }

  test('with an allowed code is shown with its path', async () => {
    const { status, body } = await said(new ApiError('FORBIDDEN', 'Not yours to read.'));
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { user: null },
      errors: [{ message: 'Not yours to read.', path: ['user'], extensions: { code: 'FORBIDDEN' } }],
    });
  });

  test('about an argument names the argument', async () => {
    const { body } = await said(badInput('from', 'an instant', '2026-02-30'));
    expect(body.errors?.[0]).toMatchObject({
      message: 'from: expected an instant, given "2026-02-30"',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('with internals is replaced and reported to the log', async () => {
    const { body, text } = await said(new Error('SELECT canary FROM secrets'));
    expect(body.errors).toEqual([
      { message: 'Something went wrong.', path: ['user'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(text).not.toContain('canary');
  });

  test('loses other extensions, like a stack or the service’s name', async () => {
    const extensions = { code: 'NOT_FOUND', stacktrace: ['canary'], http: { status: 599 }, query: 'canary' };
    const body = JSON.stringify({
      data: { lecture: null },
      errors: [{ message: 'none', path: ['lecture'], extensions }],
    });
    const graph = await withLecture((r) => r.writeHead(200, { 'content-type': 'application/json' }).end(body));
    const answer = await graph.query('student-1', '{ lecture(ern: "ern:lms:course/1/lecture/9") { title } }');
    expect(answer.status).toBe(200);
    expect(answer.body.errors).toEqual([{ message: 'none', path: ['lecture'], extensions: { code: 'NOT_FOUND' } }]);
  });

  test('in a list has a path that ends before the list, without @', async () => {
    const errors = [{ message: 'canary', path: ['_entities'], extensions: { code: 'OTHER' } }];
    const graph = await withLecture((r) =>
      r.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: null, errors })),
    );
    expect((await graph.query('student-1', DEEP)).body.errors).toEqual([
      {
        message: 'Something went wrong.',
        path: ['viewer', 'calendar', 'events'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
  });
});

test('the reason why a service did not answer is reported to the log only', async () => {
  const reports: ErrorReport[] = [];
  const stop = listen('calendar:error', (report) => void reports.push(report));
  const graph = await start({ urls: { calendar: 'http://127.0.0.1:1/graphql' } });
  const { headers } = await graph.query('student-1', '{ viewer { id } }');
  stop();
  const [report] = reports;
  expect(report?.error).toBeInstanceOf(SourceError);
  expect(report?.error).toMatchObject({ reason: 'UNREACHABLE' });
  expect(report).toMatchObject({ subgraph: 'calendar', requestId: headers.get('x-request-id') });
});

test('unavailable identity provider keys are 503, not 401', async () => {
  const verifyUser = async () => {
    throw new ApiError('UNAVAILABLE', 'Tokens cannot be checked at the moment.');
  };
  const { status, headers, body } = await (await start({ gateway: { verifyUser } })).query(
    'student-1',
    '{ viewer { id } }',
  );
  expect([status, headers.get('retry-after'), body.errors?.[0]?.extensions.code]).toEqual([503, '5', 'UNAVAILABLE']);
});

describe('the id of a request', () => {
  test('of the client is in the answer, in the calls to subgraphs, and in what both report', async () => {
    const reports: ErrorReport[] = [];
    const stop = listen('calendar:error', (report) => void reports.push(report));
    const fail = () => {
      throw new TypeError('canary');
    };
    const graph = await start({ resolvers: { calendar: { Query: { viewer: fail } } } });
    const answer = await graph.send({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await graph.token()}`,
        'x-request-id': 'a-client:17',
      },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    stop();
    expect(answer.headers.get('x-request-id')).toBe('a-client:17');
    // The subgraph reports what was thrown, the gateway what the subgraph has said.
    expect(reports.map(({ requestId }) => requestId)).toEqual(['a-client:17', 'a-client:17']);
  });

  test.each(['short', 'with a space in it', 'x'.repeat(129)])('is a new one instead of %j', async (given) => {
    const { headers } = await (await start()).send({ path: '/livez', headers: { 'x-request-id': given } });
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});
