// Events as the schema shows them: instants in the calendar's zone, time-dependent fields at its
// now.
import { describe, expect, test } from '@jest/globals';
import { CalendarView } from '../../../src/calendar/graphql/calendar-view.ts';
import { EventView, eventUrlFrom, OWN_FIELDS, type RenderContext } from '../../../src/calendar/graphql/event-view.ts';
import type { ScheduleEvent } from '../../../src/calendar/model/event.ts';
import { parseZone } from '../../../src/calendar/read/window.ts';
import { Recorder } from '../../../src/calendar/revalidation/recorder.ts';
import { COURSE, event } from '../examples.ts';

const at = (text: string) => Date.parse(text);
const renderContext: RenderContext = {
  zone: parseZone('Asia/Seoul'),
  now: at('2026-11-22T00:30:00Z'),
  eventUrl: eventUrlFrom('https://lms.example/go?to={ern}#top'),
  recorder: new Recorder(),
};
const view = (given: Partial<ScheduleEvent> = {}, drawn = renderContext) =>
  new EventView(
    event({ startsAt: at('2026-11-22T00:00:00Z'), endsAt: at('2026-11-22T01:00:00Z'), updatedAt: 0, ...given }),
    drawn,
  );

describe('an event in an answer has', () => {
  test('its instants in the calendar’s zone', () => {
    const limit = at('2026-11-22T02:00:00.500Z');
    const shown = view({ lateLimit: limit, dateOverride: { startsAt: 0, endsAt: limit, reason: null } });
    expect(shown.startsAt).toBe('2026-11-22T09:00:00+09:00');
    expect(shown.endsAt).toBe('2026-11-22T10:00:00+09:00');
    expect(shown.updatedAt).toBe('1970-01-01T09:00:00+09:00');
    expect(shown.lateLimit).toBe('2026-11-22T11:00:00.500+09:00');
    expect(shown.dateOverride).toEqual({
      startsAt: '1970-01-01T09:00:00+09:00',
      endsAt: '2026-11-22T11:00:00.500+09:00',
      reason: null,
    });
  });

  test('null for what it does not have', () => {
    const shown = view();
    expect([shown.lateLimit, shown.inLecture, shown.dateOverride, shown.location]).toEqual([null, null, null, null]);
  });

  test('time-dependent fields at the calendar’s now', () => {
    const check = { kind: 'ATTENDANCE' } as const;
    const [open, closed] = [view(check), view(check, { ...renderContext, now: at('2026-11-22T01:00:00Z') })];
    expect([open.phase, open.completion, open.isOverdue]).toEqual(['OPEN', 'PENDING', false]);
    expect([closed.phase, closed.completion, closed.isOverdue]).toEqual(['CLOSED', 'MISSED', true]);
  });

  test('the timing and busy status of its kind', () => {
    expect([view().timing, view().busyStatus]).toEqual(['INTERVAL', 'BUSY']);
    expect([view({ kind: 'ASSIGNMENT' }).timing, view({ kind: 'ASSIGNMENT' }).busyStatus]).toEqual([
      'DEADLINE',
      'FREE',
    ]);
  });

  test('the type of its kind and the key of its resource', () => {
    const { id, ern, kind, title, course, resource } = view();
    expect({ id, ern, kind, title, course }).toEqual({
      id: event().id,
      ern: event().ern,
      kind: 'LECTURE',
      title: event().title,
      course: COURSE,
    });
    expect(resource).toEqual({ ern: event().ern });
  });

  test('the fields of its type under the names of its kind', () => {
    const names = Object.entries(OWN_FIELDS).map(([type, fields]) => [type, Object.keys(fields)]);
    expect(Object.fromEntries(names)).toEqual({
      LectureEvent: ['lecture'],
      AttendanceEvent: ['lateAt', 'lecture', 'attendanceCheck'],
      AssignmentEvent: ['closesAt', 'assignment'],
    });
    const lecture = 'ern:lms:course/42/lecture/9';
    expect(OWN_FIELDS.AttendanceEvent?.lecture?.(view({ kind: 'ATTENDANCE', lecture }))).toEqual({ ern: lecture });
    expect(OWN_FIELDS.LectureEvent?.lecture?.(view())).toEqual({ ern: event().ern });
  });

  test('a URL with its ERN escaped', () => {
    expect(view().url).toBe('https://lms.example/go?to=ern%3Alms%3Acourse%2F42%2Flecture%2F1#top');
  });

  test('a URL with its id and the owner of the calendar, if the template asks for them', () => {
    const eventUrl = eventUrlFrom('https://lms.example/?user={user}&event={id}');
    const id = 'LECTURE!a&b!c!ern:lms:course/42/lecture/1';
    expect(view({ id }, { ...renderContext, eventUrl }).url).toBe(
      'https://lms.example/?user=a%26b!c&event=LECTURE!a%26b!c!ern%3Alms%3Acourse%2F42%2Flecture%2F1',
    );
  });
});

test.each(['https://lms.example/', 'https://{ern}.example/{ern}', 'https://lms.example/{ern}/{id}', ''])(
  'a URL template without exactly one {ern} or {id} is refused: %j',
  (template) =>
    expect(() => eventUrlFrom(template)).toThrow('expected an address with {ern} or {id} in it once, given'),
);

test('a calendar shows window, now and load times in its zone', () => {
  const status = { kind: 'LECTURE', status: 'FRESH', count: 1, dropped: 0, truncated: false, reason: null } as const;
  const shown = new CalendarView(
    'student-1',
    { from: '', to: '', timeZone: null, filter: null },
    { from: at('2026-10-31T15:00:00Z'), to: at('2026-11-30T15:00:00Z') },

    {
      events: [event()],
      sources: [
        { ...status, fetchedAt: at('2026-11-22T00:29:00Z') },
        { ...status, fetchedAt: null },
      ],
      completeness: 'COMPLETE',
    },
    renderContext,
  );
  expect(shown).toMatchObject({
    from: '2026-11-01T00:00:00+09:00',
    to: '2026-12-01T00:00:00+09:00',
    timeZone: 'Asia/Seoul',
    now: '2026-11-22T09:30:00+09:00',
    completeness: 'COMPLETE',
    sources: [{ fetchedAt: '2026-11-22T09:29:00+09:00', count: 1 }, { fetchedAt: null }],
  });
  expect(shown.events.map(({ id }) => id)).toEqual([event().id]);
});
