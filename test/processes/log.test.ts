// What the log says of an error, and what it never says.
import { expect, test } from '@jest/globals';
import { publish, reportError } from '../../src/diagnostics.ts';
import { SourceError } from '../../src/errors.ts';
import { loggable, startLog } from '../../src/processes/log.ts';
import { manualClock } from '../harness/clock.ts';

test('of a database error the log has message and code, never the statement or its parameters', () => {
  const error = Object.assign(new Error('invalid byte sequence'), {
    code: '22021',
    detail: 'Key (reason)=(SECRET) already exists.',
    query: "INSERT INTO x VALUES ('SECRET')",
    params: ['SECRET'],
  });
  const wrapped = new SourceError('BAD_RESPONSE', 'unexpected failure', { cause: error });
  for (const shown of [loggable(error), loggable(wrapped)]) {
    expect(JSON.stringify(shown)).not.toContain('SECRET');
    expect(JSON.stringify(shown)).toContain('invalid byte sequence');
  }
  expect(loggable(error)).toMatchObject({ type: 'Error', code: '22021', stack: expect.stringContaining('log.test') });
  expect(loggable(wrapped)).toMatchObject({ reason: 'BAD_RESPONSE', cause: { code: '22021' } });
  expect(loggable('thrown')).toEqual({ message: 'thrown' });
});

test('a source’s failures and malformed items are logged with field and item, once a minute for each reason', async () => {
  const clock = manualClock();
  const lines: Record<string, unknown>[] = [];
  startLog('warn', 'calendar', clock, { write: (line) => void lines.push(JSON.parse(line)) });
  const requestIds = ['r-1', 'r-2'];
  const fail = (reason: string, message: string) =>
    publish('calendar:source-call', { kind: 'LECTURE', size: 3, ms: 1, requestIds, failures: [{ reason, message }] });
  const drop = (reason: string, ern: string) =>
    publish('calendar:dropped-items', {
      kind: 'LECTURE',
      requestIds,
      items: [{ audience: 'ern:lms:course/1', month: '2026-11', count: 1, reasons: [reason], examples: [ern] }],
    });

  fail('BAD_RESPONSE', 'BAD_RESPONSE: no answer to ["LectureSlice","ern:lms:course/1"]');
  fail('BAD_RESPONSE', 'BAD_RESPONSE: no answer to ["LectureSlice","ern:lms:course/2"]');
  fail('BAD_RESPONSE', 'BAD_RESPONSE: status 500');
  drop('malformed title', 'ern:lms:course/1/lecture/1');
  drop('malformed title', 'ern:lms:course/1/lecture/2');
  drop('malformed startsAt', 'ern:lms:course/1/lecture/2');
  expect(lines).toMatchObject([
    { subgraph: 'lecture', reason: 'BAD_RESPONSE', detail: expect.stringContaining('course/1'), notLogged: 0 },
    { subgraph: 'lecture', reason: 'BAD_RESPONSE', detail: 'BAD_RESPONSE: status 500', queries: 3 },
    { subgraph: 'lecture', reason: 'malformed title', item: 'ern:lms:course/1/lecture/1', month: '2026-11' },
    { subgraph: 'lecture', reason: 'malformed startsAt', item: 'ern:lms:course/1/lecture/2' },
  ]);

  await clock.advance(60_000);
  drop('malformed title', 'ern:lms:course/1/lecture/3');
  expect(lines.slice(4)).toMatchObject([
    { reason: 'malformed title', item: 'ern:lms:course/1/lecture/3', notLogged: 1 },
  ]);
});

test('an error that every request has is logged once a second for each cause, with how many were not logged', async () => {
  const clock = manualClock();
  const lines: Record<string, unknown>[] = [];
  startLog('warn', 'lecture', clock, { write: (line) => void lines.push(JSON.parse(line)) });
  const refused = (port: number) =>
    Object.assign(new Error(`connect ECONNREFUSED 127.0.0.1:${port}`), { code: 'ECONNREFUSED' });
  for (let n = 0; n < 100; n += 1) reportError(refused(5_000 + n));
  for (let n = 0; n < 100; n += 1) reportError(Object.assign(new Error('terminating connection'), { code: '57P01' }));
  await clock.advance(1_000);
  reportError(refused(5_432));
  expect(lines.map(({ err, notLogged }) => [(err as { code: string }).code, notLogged])).toEqual([
    ['ECONNREFUSED', 0],
    ['57P01', 0],
    ['ECONNREFUSED', 99],
  ]);
});

test('a change feed that fails again and again is logged once a second for each cause, with the cause and no stack', async () => {
  const clock = manualClock();
  const lines: Record<string, unknown>[] = [];
  startLog('warn', 'calendar', clock, { write: (line) => void lines.push(JSON.parse(line)) });
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4101'), { code: 'ECONNREFUSED' });
  const fail = (feed: string, error: unknown) => publish('calendar:feed-failure', { feed, error });
  for (let attempt = 0; attempt < 4; attempt += 1) {
    fail('poll LECTURE', new SourceError('UNREACHABLE', 'ECONNREFUSED', { cause: refused }));
  }
  fail('poll ATTENDANCE', new SourceError('TIMEOUT', 'no whole answer in time'));
  await clock.advance(1_000);
  fail('poll LECTURE', new SourceError('UNREACHABLE', 'ECONNREFUSED', { cause: refused }));
  expect(lines).toMatchObject([
    { feed: 'poll LECTURE', cause: { reason: 'UNREACHABLE', cause: { code: 'ECONNREFUSED' } }, notLogged: 0 },
    { feed: 'poll ATTENDANCE', cause: { reason: 'TIMEOUT' }, notLogged: 0 },
    { feed: 'poll LECTURE', cause: { reason: 'UNREACHABLE' }, notLogged: 3 },
  ]);
  expect(JSON.stringify(lines)).not.toContain('stack');
});

test('a read of another user’s calendar is a line of the audit log, whatever the level', () => {
  const lines: Record<string, unknown>[] = [];
  startLog('silent', 'calendar', manualClock(), { write: (line) => void lines.push(JSON.parse(line)) });
  const read = { viewer: 'admin-1', user: 'student-1', field: 'calendar', kinds: ['LECTURE'], from: null, to: null };
  publish('calendar:foreign-read', { ...read, as: 'ADMINISTRATOR', requestId: 'r-1' });
  expect(lines).toMatchObject([{ log: 'audit', process: 'calendar', ...read, as: 'ADMINISTRATOR', requestId: 'r-1' }]);
});

test('a circuit breaker is logged when it opens and closes again, and refused requests once a minute', () => {
  const lines: Record<string, unknown>[] = [];
  startLog('warn', 'all', manualClock(), { write: (line) => void lines.push(JSON.parse(line)) });
  const breaker = (isOpen: boolean) => publish('calendar:breaker', { service: 'lecture', use: 'reads', isOpen });
  breaker(false);
  expect(lines).toEqual([]);
  for (const isOpen of [true, false]) breaker(isOpen);
  for (const _ of [1, 2, 3]) publish('calendar:shed-request', { reason: 'event loop' });
  expect(lines).toMatchObject([
    { subgraph: 'lecture', use: 'reads', msg: 'a service that fails is not called for a while' },
    { subgraph: 'lecture', use: 'reads', msg: 'a service that failed is called again' },
    { reason: 'event loop', msg: 'requests are refused, because of load' },
  ]);
});
