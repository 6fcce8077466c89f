// The committed supergraph and resolver types are what the SDL files say, to every composer we
// know.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { composeServices } from '@theguild/federation-composition';
import { compose, generated, services } from './generate.ts';

describe('what is generated from schema/', () => {
  test('is committed as it is; if not, run `npm run schema`', async () => {
    const different: string[] = [];
    for (const [path, text] of await generated()) {
      if (committed(path) !== text) different.push(path);
    }
    if (different.length > 0) {
      throw new Error(
        `${different.join(', ')} differ from the SDL files: run \`npm run schema\` and commit the result`,
      );
    }
  });

  test('composes without a hint', () => {
    expect(compose().hints).toEqual([]);
  });

  test('composes with a second composer too', () => {
    const result = composeServices(services());
    expect(result.errors).toBeUndefined();
    expect(result.supergraphSdl).toContain('interface ScheduleEvent');
  });

  test('the contract between services is not in the public schema', () => {
    const { publicSdl } = composeServices(services());
    expect(publicSdl).toContain('type Calendar ');
    for (const name of [
      'LectureSlice',
      'lectureAudiences',
      'attendanceChanges',
      'recordAssignmentEnrollment',
      'ChangePage',
    ]) {
      expect(publicSdl).not.toContain(name);
    }
  });
});

function committed(path: string): string | null {
  try {
    return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  } catch {
    return null;
  }
}
