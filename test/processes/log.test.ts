// What the log says of an error, and what it never says.
import { expect, test } from '@jest/globals';
import { SourceError } from '../../src/errors.ts';
import { loggable } from '../../src/processes/log.ts';

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
