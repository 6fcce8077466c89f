// One event by its id, as its source has it now, seen through the user's audiences only.
import { describe, expect, test } from '@jest/globals';
import type { Item } from '../../../src/calendar/model/event.ts';
import { type ItemSources, readEvent } from '../../../src/calendar/read/read-event.ts';
import { SourceError } from '../../../src/errors.ts';
import { COURSE, correction, item, OWN, USER } from '../examples.ts';

const REF = { kind: 'ASSIGNMENT', userId: USER, ern: item().ern } as const;
const patient = new Promise<never>(() => {});

/** A source that has these items and lists these audiences, with a log of what it was asked. */
function source(items: readonly Item[], audiences: readonly string[] = [COURSE.ern, OWN]) {
  const asked: string[] = [];
  const port: ItemSources = {
    audiences: async (_, userId) => {
      asked.push(`audiences of ${userId}`);
      return { all: audiences, taught: [] };
    },
    item: async (_, ern, audience) => {
      asked.push(audience);
      return items.find((known) => known.ern === ern && known.audience === audience) ?? null;
    },
  };
  return { port, asked };
}

const read = (port: ItemSources, ref = REF, until: Promise<unknown> = patient) => readEvent(port, ref, OWN, until);

describe('an event by its id', () => {
  test('is the course’s item with the user’s override', async () => {
    const { port } = source([item(), correction({ endsAt: 5_000, overrideReason: '병가' })]);
    expect(await read(port)).toMatchObject({
      title: item().title,
      startsAt: 1_000,
      endsAt: 5_000,
      dateOverride: { startsAt: 1_000, endsAt: 2_000, reason: '병가' },
    });
  });

  test('is read in one call: the audiences, the course’s item, the user’s own', async () => {
    const { port, asked } = source([item()]);
    const reading = read(port);
    expect(asked).toEqual([`audiences of ${USER}`, COURSE.ern, OWN]);
    expect(await reading).toMatchObject({ ern: item().ern });
  });

  test('of the user’s own audience needs one query', async () => {
    const own = item({ ern: `${OWN}/note/1`, audience: OWN });
    const { port, asked } = source([own]);
    expect(await read(port, { ...REF, ern: own.ern } as never)).toMatchObject({ ern: own.ern });
    expect(asked).toEqual([`audiences of ${USER}`, OWN]);
  });
});

describe('there is no event', () => {
  test.each([
    ['when nobody has it', [], undefined],
    ['when the user is not in the course', [item()], [OWN]],
    ['when the user’s own audience is not on their list', [correction({ ...item(), audience: OWN })], [COURSE.ern]],
    ['when it is hidden from the user', [item(), correction({ hidden: true })], undefined],
    ['when it is only a correction to something gone', [correction({ endsAt: 5_000 })], undefined],
    ['when the correction makes it end before it starts', [item(), correction({ startsAt: 9_000 })], undefined],
  ])('%s', async (_, items, audiences) => {
    expect(await read(source(items, audiences).port)).toBeNull();
  });

  test('of another user’s own audience, even if its ERN is known', async () => {
    const theirs = item({ ern: 'ern:lms:user/student-8/note/1', audience: 'ern:lms:user/student-8' });
    expect(await read(source([theirs]).port, { ...REF, ern: theirs.ern } as never)).toBeNull();
  });
});

describe('an event is UNAVAILABLE', () => {
  const unavailable = { extensions: { code: 'UNAVAILABLE' }, message: expect.not.stringContaining('10.0.0.1') };

  test.each(['audiences', 'item'] as const)('when the source does not answer %s', async (query) => {
    const failing = {
      ...source([item()]).port,
      [query]: () => Promise.reject(new SourceError('TIMEOUT', '10.0.0.1')),
    };
    await expect(read(failing)).rejects.toMatchObject(unavailable);
  });

  test('when the reader’s deadline passes', async () => {
    const hanging: ItemSources = { audiences: () => patient, item: () => patient };
    await expect(read(hanging, REF, Promise.resolve())).rejects.toMatchObject(unavailable);
  });
});
