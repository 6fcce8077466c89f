// The committed supergraph and resolver types match the SDL files, also for another composer.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { composeServices } from '@theguild/federation-composition';
import { compose, generated, services } from './generate.ts';

describe('the generated files of schema/', () => {
  test('are committed as generated; otherwise run `npm run schema`', async () => {
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

  test('compose without a hint', () => {
    expect(compose().hints).toEqual([]);
  });

  test('compose with a second composer', () => {
    const result = composeServices(services());
    expect(result.errors).toBeUndefined();
    expect(result.supergraphSdl).toContain('interface ScheduleEvent');
  });

  test('do not show the contract between services in the public schema', () => {
    const { publicSdl } = composeServices(services());
    expect(publicSdl).toContain('type Calendar ');
    for (const name of [
      'LectureSlice',
      'lectureAudiences',
      'lectureTaught',
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
