// Which URLs may be called, and which are refused at the start.
import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../src/errors.ts';
import { parseSourceUrl } from '../../../src/http/client/source-url.ts';

describe('the URL of a service', () => {
  test.each([
    'http://localhost:4101/graphql',
    'https://lecture.example/graphql',
    'http://10.0.0.7:81/',
    'http://[::1]:1/',
  ])('may be %s', (text) => {
    expect(parseSourceUrl('LECTURE_URL', text).href).toBe(text);
  });

  test.each([
    'file:///etc/passwd',
    'ftp://lecture/',
    'lecture:4101',
    '',
    'not an address',
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.169.254./',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
    'http://metadata/',
  ])('may not be %s, and the error names the variable', (text) => {
    expect(() => parseSourceUrl('LECTURE_URL', text)).toThrow(ConfigError);
    expect(() => parseSourceUrl('LECTURE_URL', text)).toThrow(/^LECTURE_URL: expected an http\(s\) address/);
  });

  test.each(['http://root:hunter2@lecture/', 'http://root:hunter2@lecture:99999/', 'http://hunter2@lecture/'])(
    'with credentials is refused, without showing them',
    (text) => {
      expect(() => parseSourceUrl('LECTURE_URL', text)).toThrow(ConfigError);
      expect(() => parseSourceUrl('LECTURE_URL', text)).not.toThrow(/hunter2/);
    },
  );
});
