// Watching a calendar: invalidations are reported to the users they concern, once, by kind and
// month.
import { describe, expect, test } from '@jest/globals';
import { ChangeLog } from '../../../src/calendar/live/change-log.ts';
import { changesFor, seenAudiences, watch } from '../../../src/calendar/live/watch.ts';
import { manualClock } from '../../harness/clock.ts';

const COURSE = 'ern:lms:course/1';
const OWN = 'ern:lms:user/student-1';
const MINE = new Set([COURSE, OWN]);

describe('the notification of changed keys', () => {
  test.each([
    ['a month of mine', [`LECTURE|${COURSE}|2026-11`], { kinds: ['LECTURE'], months: ['2026-11'] }],
    [
      'months and kinds once each',
      [`LECTURE|${COURSE}|2026-11`, `LECTURE|${COURSE}|2026-11`, `ASSIGNMENT|${COURSE}|2026-12`],
      { kinds: ['LECTURE', 'ASSIGNMENT'], months: ['2026-11', '2026-12'] },
    ],
    ['another course', ['LECTURE|ern:lms:course/2|2026-11'], null],
    ['a whole audience', [`LECTURE|${COURSE}`], { kinds: ['LECTURE'], months: null }],
    ['a whole source, as for every user', ['ATTENDANCE'], { kinds: ['ATTENDANCE'], months: null, everything: true }],
    ['my list of audiences', ['LECTURE|ern:lms:user/student-1|audiences'], { kinds: ['LECTURE'], months: null }],
    ['another’s list of audiences', ['LECTURE|ern:lms:user/student-2|audiences'], null],
    ['nothing', [], null],
  ])('%s', (_, names, notification) => {
    expect(changesFor(names, MINE)).toEqual(notification);
  });

  test('contains everything while the user’s audiences are unknown', () => {
    expect(changesFor(['LECTURE|ern:lms:course/2|2026-11'], null)).toEqual({ kinds: ['LECTURE'], months: ['2026-11'] });
  });
});

describe('a viewer is notified', () => {
  const [user, other] = ['ern:lms:user/student-1', 'ern:lms:course/2'];
  const all = new Set([COURSE, `${COURSE}/section/1`, other, user]);

  test('of everything, with access to everything', () => {
    expect(seenAudiences(all, 'ALL', user)).toBe(all);
    expect(seenAudiences(null, 'ALL', user)).toBeNull();
  });

  test('of the taught courses and their sections, and of the user’s own audience only what is in them, as a teacher', () => {
    const taught = new Set([COURSE]);
    const own = [`${user} *`, `${user} ${COURSE}`];
    expect(seenAudiences(all, taught, user)).toEqual(new Set([COURSE, `${COURSE}/section/1`, ...own]));
    expect(seenAudiences(null, taught, user)).toEqual(new Set([COURSE, ...own]));
  });
});

describe('the change log', () => {
  test('returns the keys since an offset', () => {
    const log = new ChangeLog();
    log.append('a');
    const { offset } = log;
    expect(log.readSince(offset)).toEqual([]);
    log.append('b');
    expect(log.readSince(offset)).toEqual(['b']);
  });

  test.each(['', 'x', 'other.0', '..', 'other.99999999999999999999'])('does not accept the offset %j', (offset) => {
    expect(new ChangeLog().readSince(offset)).toBeNull();
  });

  test('gives ids that say nothing of the number of changes, and belong to one process', () => {
    const log = new ChangeLog();
    const { offset } = log;
    const ids = [log.idOf(offset), log.idOf(offset)] as const;
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids.map((id) => log.offsetOf(id))).toEqual([offset, offset]);
    expect([new ChangeLog().offsetOf(ids[0]), log.offsetOf(''), log.offsetOf('x.0')]).toEqual(['', '', '']);
  });

  test('is bounded, and refuses offsets that are too old', () => {
    const log = new ChangeLog(10 * 33);
    const { offset } = log;
    for (let i = 0; i < 11; i += 1) log.append(String(i));
    expect(log.readSince(offset)).toBeNull();
    const later = log.offset;
    log.append('last');
    expect(log.readSince(later)).toEqual(['last']);
  });
});

describe('a watched calendar', () => {
  function start(after: string | null = null) {
    const clock = manualClock();
    const changeLog = new ChangeLog();
    const stop = new AbortController();
    const looks: number[] = [];
    const audiencesOf = async () => {
      looks.push(clock.elapsed());
      return MINE;
    };
    const events = watch({ changeLog, clock, audiencesOf, ownAudiences: [OWN] }, after, stop.signal);
    const next = async (advance: number) => {
      const event = events.next();
      // The generator waits by the clock from its next turn on.
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      await clock.advance(advance);
      return (await event).value;
    };
    return { changeLog, next, stop, events, looks, clock };
  }

  test('reports a change with its offset', async () => {
    const { changeLog, next } = start();
    const offsetIn = (event: unknown) => changeLog.offsetOf(/^id: (.*)$/m.exec(String(event))?.[1] ?? '');
    expect(offsetIn(await next(0))).toBe(changeLog.offset);
    changeLog.append(`LECTURE|${COURSE}|2026-11`);
    const notification = await next(50);
    expect(notification).toMatch(/^id: .*\nevent: change\ndata: {"kinds":\["LECTURE"\],"months":\["2026-11"\]}\n\n$/);
    expect(offsetIn(notification)).toBe(changeLog.offset);
  });

  test('reports missed changes to a client that comes back, and that anything may have changed if it is too late', async () => {
    const { next } = start('gone.7');
    expect(await next(0)).toMatch(/^: here\nid: .*\n\n$/);
    expect(await next(0)).toContain(
      'data: {"kinds":["LECTURE","ATTENDANCE","ASSIGNMENT"],"months":null,"everything":true}',
    );
  });

  test('looks at the audiences again when they may have changed, and at no other user’s change', async () => {
    const { changeLog, next, looks } = start();
    await next(0);
    for (const name of ['ern:lms:user/student-2|audiences', 'ern:lms:user/student-2', `${OWN}|2026-11`, COURSE]) {
      changeLog.append(`LECTURE|${name}`);
    }
    await next(50);
    expect(looks).toHaveLength(1);
    changeLog.append(`LECTURE|${OWN}|audiences`);
    await next(50);
    expect(looks).toHaveLength(2);
    changeLog.append(`LECTURE|${OWN}`);
    await next(50);
    expect(looks).toHaveLength(3);
  });

  test('hears of a change among ten thousand changes of others at once', async () => {
    const { changeLog, next } = start();
    await next(0);
    for (let user = 0; user < 10_000; user += 1) changeLog.append(`LECTURE|ern:lms:user/${user}|2026-11`);
    changeLog.append(`ASSIGNMENT|${COURSE}|2026-12`);
    expect(await next(50)).toContain('data: {"kinds":["ASSIGNMENT"],"months":["2026-12"]}');
  });

  test('does not wake up at the changes of others, and hears of its own after them', async () => {
    const { changeLog, next, events, clock } = start();
    await next(0);
    let reads = 0;
    const readSince = changeLog.readSince.bind(changeLog);
    changeLog.readSince = (offset) => {
      reads += 1;
      return readSince(offset);
    };
    const event = events.next();
    await clock.advance(1_000);
    const before = reads;
    for (let user = 2; user < 1_000; user += 1) changeLog.append(`ATTENDANCE|ern:lms:user/student-${user}|2026-11`);
    await clock.advance(10_000);
    expect(reads).toBe(before);
    changeLog.append(`LECTURE|${COURSE}|2026-11`);
    await clock.advance(50);
    expect((await event).value).toContain('data: {"kinds":["LECTURE"],"months":["2026-11"]}');
  });

  test('sends a heartbeat every fifteen seconds', async () => {
    const { next } = start();
    await next(0);
    expect(await next(15_000)).toBe(': still here\n\n');
  });

  test('sends it at the same time when others have changes, and looks up rights again', async () => {
    const { changeLog, next, looks } = start();
    await next(0);
    const event = next(15_000);
    changeLog.append('LECTURE|ern:lms:user/student-2|2026-11');
    expect(await event).toBe(': still here\n\n');
    await next(15_000);
    expect(looks).toEqual([0, 15_000]);
  });

  test('ends with its signal', async () => {
    const { next, stop, events } = start();
    await next(0);
    const end = events.next();
    stop.abort();
    expect((await end).done).toBe(true);
  });
});
