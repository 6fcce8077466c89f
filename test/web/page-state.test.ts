// The state of My Page without a browser: what each action changes, and what the page then does.
import { describe, expect, test } from '@jest/globals';
import { parseAddress } from '../../src/web/page/address.ts';
import type { ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { firstWindow, type Loaded, windowOf } from '../../src/web/page/model.ts';
import { type Action, initialState, type PageState, shownView } from '../../src/web/page/page-state.ts';
import { reduce } from '../../src/web/page/reduce.ts';

const NOW = Date.parse('2026-11-23T03:00:00Z');
const NOTHING = { nodes: [], completeness: 'COMPLETE' } as const;
const answer = (month: string, completeness: Loaded['completeness'] = 'COMPLETE'): Loaded => ({
  userId: 'student-1',
  window: windowOf(`${month}-15`, 'Asia/Seoul'),
  timeZone: 'Asia/Seoul',
  clockOffset: 0,
  completeness,
  syncToken: month,
  sources: [],
  conflicts: [],
  events: [],
  toDo: { upcoming: NOTHING, overdue: NOTHING },
});
const EVENT: ScheduleEvent = {
  id: 'LECTURE!student-1!ern:lms:course/1/lecture/7',
  ern: 'ern:lms:course/1/lecture/7',
  kind: 'LECTURE',
  title: '7강',
  course: { ern: 'ern:lms:course/1', title: '자료구조', color: '#336699' },
  startsAt: '2026-11-24T10:00:00+09:00',
  endsAt: '2026-11-24T11:00:00+09:00',
  timing: 'INTERVAL',
  phase: 'UPCOMING',
  completion: 'NOT_REQUIRED',
  isOverdue: false,
  location: null,
  dateOverride: null,
};
const STORED = { language: 'en', view: 'month', isPhone: false } as const;
const FIRST = initialState(STORED, parseAddress(''));

/** The state and the last effects after these actions. */
function run(actions: readonly Action[], from: PageState = FIRST) {
  let state = from;
  let effects: ReturnType<typeof reduce>[1] = [];
  for (const action of actions) [state, effects] = reduce(state, action, NOW);
  return { state, effects };
}
const november = run([{ type: 'LOADED', loaded: answer('2026-11') }]).state;
const FORWARD = { type: 'STEPPED', step: 1 } as const;

describe('the first month', () => {
  test('is asked for with a window that shows it in every time zone', () => {
    expect(run([{ type: 'STARTED' }]).effects).toEqual([{ type: 'READ', window: firstWindow(NOW) }]);
  });

  test('is asked for again after a failure', () => {
    const { state, effects } = run([{ type: 'FAILED', code: 'UNAVAILABLE' }]);
    expect(effects).toEqual([{ type: 'UPDATE_LATER' }]);
    expect(run([{ type: 'UPDATE_DUE' }], state).effects).toEqual([{ type: 'READ', window: firstWindow(NOW) }]);
  });

  test('cannot be left before it is here', () => {
    expect(run([FORWARD])).toEqual({ state: FIRST, effects: [] });
  });
});

describe('a step to a month that is not loaded', () => {
  const stepping = run([FORWARD], november);

  test('reads that month, and names it while it is read', () => {
    expect(stepping.state.pendingDay?.slice(0, 7)).toBe('2026-12');
    expect(stepping.effects).toEqual([{ type: 'READ', window: windowOf('2026-12-01', 'Asia/Seoul') }]);
  });

  test('shows heading, events and statuses of one answer once it is here', () => {
    const { state } = run([{ type: 'LOADED', loaded: answer('2026-12') }], stepping.state);
    expect([state.day?.slice(0, 7), state.pendingDay, state.loaded?.syncToken]).toEqual(['2026-12', null, '2026-12']);
  });

  test('that fails stays at the month that is shown, with its heading', () => {
    const { state } = run([{ type: 'FAILED', code: 'UNREACHABLE' }], stepping.state);
    expect([state.day, state.pendingDay, state.loaded?.syncToken]).toEqual([null, null, '2026-11']);
  });

  test('and another step count from the month that is being read', () => {
    expect(run([FORWARD, FORWARD], november).state.pendingDay?.slice(0, 7)).toBe('2027-01');
  });

  test('that is taken back drops the read in flight', () => {
    const { state, effects } = run([{ type: 'STEPPED', step: -1 }], stepping.state);
    expect([state.day?.slice(0, 7), state.pendingDay]).toEqual(['2026-11', null]);
    expect(effects).toEqual([{ type: 'CANCEL_READ' }]);
  });
});

test('a step within what is loaded reads nothing', () => {
  const week = run([{ type: 'VIEW_CHOSEN', view: 'week' }], november).state;
  const { state, effects } = run([FORWARD], week);
  expect([state.day, effects]).toEqual(['2026-11-30', []]);
});

test('an answer that is not complete is asked for again', () => {
  for (const completeness of ['STALE', 'PARTIAL', 'UNAVAILABLE'] as const) {
    const { effects } = run([{ type: 'LOADED', loaded: answer('2026-11', completeness) }]);
    expect(effects).toEqual([{ type: 'UPDATE_LATER' }]);
  }
  expect(run([{ type: 'LOADED', loaded: answer('2026-11') }]).effects).toEqual([]);
});

describe('a failure', () => {
  test('of the sign-in ends the session, and is not tried again', () => {
    const { state, effects } = run([{ type: 'FAILED', code: 'UNAUTHENTICATED' }], { ...november, isLive: true });
    expect(effects).toEqual([{ type: 'CANCEL_READ' }, { type: 'SIGN_OUT' }, { type: 'NEED_TOKEN' }]);
    expect([state.isLive, state.loaded]).toEqual([false, november.loaded]);
  });

  test('of permission is not tried again', () => {
    expect(run([{ type: 'FAILED', code: 'FORBIDDEN' }], november).effects).toEqual([]);
  });

  test('is over with the next answer', () => {
    const failed = run([{ type: 'FAILED', code: 'UNAVAILABLE' }], november).state;
    expect(failed.failure).toBe('UNAVAILABLE');
    expect(run([{ type: 'LOADED', loaded: answer('2026-11') }], failed).state.failure).toBeNull();
  });

  test('tried again by hand asks for no cached copy', () => {
    expect(run([{ type: 'RETRIED' }], november).effects).toMatchObject([{ type: 'READ', maxAge: 0 }]);
  });
});

describe('a page that is online or seen again', () => {
  const update = { type: 'UPDATE', loaded: november.loaded };
  const returned = (state: PageState) => run([{ type: 'RETURNED' }], state).effects;

  test('connects its stream, and asks for changes after a failure or without a stream', () => {
    expect(returned({ ...november, isLive: true })).toEqual([{ type: 'WAKE' }]);
    expect(returned({ ...november, isLive: false })).toEqual([{ type: 'WAKE' }, update]);
    expect(returned({ ...november, isLive: true, failure: 'UNREACHABLE' })).toEqual([{ type: 'WAKE' }, update]);
  });

  test('reads the first month if it has none', () => {
    const read = { type: 'READ', window: firstWindow(NOW) };
    expect(returned({ ...FIRST, failure: 'UNREACHABLE' })).toEqual([{ type: 'WAKE' }, read]);
  });

  test('asks for a token when its token has ended, and for changes with the new one', () => {
    const ended = run([{ type: 'FAILED', code: 'UNAUTHENTICATED' }], november).state;
    expect(returned(ended)).toEqual([{ type: 'NEED_TOKEN' }]);
    expect(run([{ type: 'TOKEN_RENEWED' }], ended).effects).toEqual([update, { type: 'WAKE' }]);
    expect(run([{ type: 'TOKEN_RENEWED' }], november).effects).toEqual([{ type: 'WAKE' }]);
  });

  test('asks for changes as soon as its stream is connected after a failure', () => {
    const failed = run([{ type: 'FAILED', code: 'UNREACHABLE' }], november).state;
    expect(run([{ type: 'CONNECTED', isLive: true }], failed).effects).toEqual([update]);
    expect(run([{ type: 'CONNECTED', isLive: false }], failed).effects).toEqual([]);
    expect(run([{ type: 'CONNECTED', isLive: true }], november).effects).toEqual([]);
  });
});

describe('a notification of a change', () => {
  const notified = (kinds: readonly string[], months: readonly string[] | null) =>
    run([{ type: 'NOTIFIED', kinds, months }], november).effects;

  test('in the shown months, in any month, or of an assignment asks for the changes', () => {
    const update = [{ type: 'UPDATE', loaded: november.loaded }];
    expect(notified(['LECTURE'], ['2026-11'])).toEqual(update);
    expect(notified(['LECTURE'], null)).toEqual(update);
    expect(notified(['ASSIGNMENT'], ['2027-03'])).toEqual(update);
  });

  test('in other months asks for nothing', () => {
    expect(notified(['LECTURE'], ['2027-03'])).toEqual([]);
  });
});

test('choices of view and language are stored', () => {
  expect(run([{ type: 'VIEW_CHOSEN', view: 'list' }]).effects).toEqual([{ type: 'STORE_VIEW', view: 'list' }]);
  expect(run([{ type: 'LANGUAGE_CHOSEN', language: 'ko' }]).effects).toEqual([
    { type: 'STORE_LANGUAGE', language: 'ko' },
  ]);
});

test('a phone shows the list, whatever view was chosen', () => {
  const { state } = run([{ type: 'WIDTH_CHANGED', isPhone: true }], november);
  expect([shownView(november), shownView(state), state.view]).toEqual(['month', 'list', 'month']);
});

describe('a link to an event', () => {
  const ID = 'LECTURE!student-1!ern:lms:course/1/lecture/7';
  const event = (day: string) => ({
    ...EVENT,
    startsAt: `${day}T10:00:00+09:00`,
    endsAt: `${day}T11:00:00+09:00`,
  });
  const linked = (search: string) => initialState(STORED, parseAddress(search));
  const found = (day: string | null): Action => ({
    type: 'EVENT_FOUND',
    id: ID,
    event: day === null ? null : event(day),
  });
  const loaded: Action = { type: 'LOADED', loaded: answer('2026-11') };
  const start = linked(`?event=${ID}`);

  test('looks it up beside the first month', () => {
    expect(run([{ type: 'STARTED' }], start).effects).toEqual([
      { type: 'FIND_EVENT', id: ID },
      { type: 'READ', window: firstWindow(NOW) },
    ]);
  });

  test.each([
    ['before', [found('2027-02-03'), loaded]],
    ['after', [loaded, found('2027-02-03')]],
  ] as const)('reads its month, if it was found %s the first month', (_, actions) => {
    const { state, effects } = run(actions, start);
    expect(effects).toEqual([{ type: 'READ', window: windowOf('2027-02-03', 'Asia/Seoul') }]);
    expect([state.pendingDay, state.open?.event]).toEqual(['2027-02-03', event('2027-02-03')]);
    expect(run([{ type: 'LOADED', loaded: answer('2027-02') }], state).effects).toEqual([]);
  });

  test('stays in the period that the link names', () => {
    const { state, effects } = run([loaded, found('2027-02-03')], linked(`?month=2026-11&event=${ID}`));
    expect([state.pendingDay, state.open?.event?.id, effects]).toEqual([null, ID, []]);
  });

  test('whose event is gone says so, and nothing after it is closed', () => {
    const { state } = run([loaded, found(null)], start);
    expect([state.open, state.notice]).toEqual([null, { type: 'EVENT_GONE' }]);
    const other = run([{ type: 'EVENT_OPENED', event: event('2026-11-24') }, found(null)], state).state;
    expect([other.open?.event, other.notice]).toEqual([event('2026-11-24'), null]);
  });

  test('of an earlier version, with an ERN, opens what is loaded and says when it is not', () => {
    const state = linked(`?event=${EVENT.ern}`);
    expect(run([{ type: 'STARTED' }], state).effects).toHaveLength(1);
    const withEvent: Action = { type: 'LOADED', loaded: { ...answer('2026-11'), events: [event('2026-11-24')] } };
    expect(run([withEvent], state).state.open?.event?.id).toBe(ID);
    expect(run([loaded], state).state).toMatchObject({ open: null, notice: { type: 'EVENT_GONE' } });
  });
});

test('an event that was found elsewhere opens with its period, and a chosen day is shown', () => {
  const far = { ...EVENT, startsAt: '2027-02-03T10:00:00+09:00', endsAt: '2027-02-03T11:00:00+09:00' };
  const read = { type: 'READ', window: windowOf('2027-02-03', 'Asia/Seoul') };
  const { state, effects } = run([{ type: 'EVENT_OPENED', event: far, isElsewhere: true }], november);
  expect([state.open?.event, state.pendingDay, effects]).toEqual([far, '2027-02-03', [read]]);
  expect(run([{ type: 'EVENT_OPENED', event: far }], november).state.pendingDay).toBeNull();
  expect(run([{ type: 'DAY_CHOSEN', day: '2027-02-03' }], november).effects).toEqual([read]);
});

describe('Back', () => {
  test('shows the period, view and filters of the address, and closes the event', () => {
    const at: PageState = { ...november, day: '2026-12-01', open: { id: 'a', event: EVENT, movesPeriod: false } };
    const address = parseAddress('?view=week&day=2026-11-22&hide=lecture');
    const { state, effects } = run([{ type: 'NAVIGATED', address }], at);
    expect(state).toMatchObject({
      view: 'week',
      day: '2026-11-22',
      open: null,
      filters: { kinds: new Set(['LECTURE']) },
    });
    expect(effects).toEqual([]);
  });

  test('to a month that is not loaded reads it', () => {
    const address = parseAddress('?view=month&month=2026-08');
    const { state, effects } = run([{ type: 'NAVIGATED', address }], november);
    expect(effects).toEqual([{ type: 'READ', window: windowOf('2026-08-01', 'Asia/Seoul') }]);
    expect([state.day, state.pendingDay]).toEqual([november.day, '2026-08-01']);
  });
});

test('an address that cannot be read says so until the next step', () => {
  const state = initialState(STORED, parseAddress('?month=2026-13'));
  expect(state.notice).toEqual({ type: 'BAD_ADDRESS', problems: ['month=2026-13'] });
  const { state: after } = run([{ type: 'LOADED', loaded: answer('2026-11') }, FORWARD], state);
  expect(after.notice).toBeNull();
});
