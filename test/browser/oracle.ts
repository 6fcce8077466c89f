// What My Page should show, asked of the API directly with its own operations, read as files.
import type { MyPage, ScheduleEvent } from '../../src/web/page/graph-types.ts';
import { eventually } from '../harness/eventually.ts';
import { operation } from '../harness/operations.ts';

/** Asks the site as a demo user. Throws when there are errors. */
export async function askAs<T>(url: string, user: string, query: string, variables: object): Promise<T> {
  const token = await (await fetch(`${url}/dev/token?user=${user}`)).text();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
  if (errors !== undefined || data === undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** What can be put into a course. `startsAt` and `endsAt` in ISO 8601. */
export interface NewItem {
  readonly course: string;
  readonly title: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/**
 * Creates an item as teacher-1 with a mutation that takes an `input`. Resolves with its URL once
 * student-1's calendar shows it: others see a change as soon as the change feed tells of it.
 */
export async function create(url: string, mutation: string, input: NewItem): Promise<string> {
  await askAs(url, 'teacher-1', mutation, { input });
  const query = `query ($from: DateTime!, $to: DateTime!) { viewer {
    calendar(from: $from, to: $to) { events { title url } } } }`;
  type Found = { viewer: { calendar: { events: { title: string; url: string }[] } } };
  return await eventually(`student-1 sees ${input.title}`, async () => {
    const { viewer } = await askAs<Found>(url, 'student-1', query, { from: input.startsAt, to: input.endsAt });
    return viewer.calendar.events.find(({ title }) => title === input.title)?.url ?? false;
  });
}

const SEOUL_MS = 9 * 3_600_000;

/** Today in Seoul, YYYY-MM-DD. Seoul is nine hours ahead all year. */
export const todayInSeoul = (): string => new Date(Date.now() + SEOUL_MS).toISOString().slice(0, 10);

/**
 * Every event of Seoul's current month for a user, with the local day and time on which it is
 * shown. A check is shown as a part of its lecture.
 */
export async function monthOf(url: string, user: string): Promise<readonly Shown[]> {
  const month = todayInSeoul().slice(0, 7);
  const from = `${month}-01T00:00:00+09:00`;
  const to = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1) - SEOUL_MS).toISOString();
  const { viewer } = await askAs<MyPage>(url, user, operation('my-page'), { from, to });
  const events = viewer?.calendar.events ?? [];
  const isPart = ({ lecture }: ScheduleEvent) => events.some(({ ern }) => ern === lecture?.ern);
  return events
    .filter((event) => event.kind !== 'ATTENDANCE' || !isPart(event))
    .map(shown)
    .filter(({ day }) => day.startsWith(month));
}

/** An event and where it stands. */
export interface Shown {
  readonly event: ScheduleEvent;
  readonly day: string;
  readonly time: string;
}

function shown(event: ScheduleEvent): Shown {
  const moment = event.timing === 'DEADLINE' ? event.endsAt : event.startsAt;
  const local = new Date(Date.parse(moment) + SEOUL_MS).toISOString();
  return { event, day: local.slice(0, 10), time: local.slice(11, 16) };
}
