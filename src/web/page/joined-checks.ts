// One class, one chip: an attendance check is shown with the lecture in which it takes place. A
// check whose lecture is not shown stands alone. Pure.
import type { ScheduleEvent } from './graph-types.ts';

/** The events, where lectures have their checks, and these are not listed themselves. */
export function joinChecks(events: readonly ScheduleEvent[]): readonly ScheduleEvent[] {
  const lectures = new Set(events.filter(({ kind }) => kind === 'LECTURE').map(({ ern }) => ern));
  const lectureOf = ({ kind, lecture }: ScheduleEvent) => {
    const ern = kind === 'ATTENDANCE' ? lecture?.ern : undefined;
    return ern !== undefined && lectures.has(ern) ? ern : null;
  };
  const checks = new Map<string, ScheduleEvent[]>();
  const others: ScheduleEvent[] = [];
  for (const event of events) {
    const lecture = lectureOf(event);
    if (lecture === null) others.push(event);
    else checks.set(lecture, [...(checks.get(lecture) ?? []), event]);
  }
  return others.map((event) => {
    const own = event.kind === 'LECTURE' ? checks.get(event.ern) : undefined;
    return own === undefined ? event : { ...event, checks: own };
  });
}

/** The check that says most: what was missed first, then what is to be done now. */
export function mainCheck({ checks = [] }: Pick<ScheduleEvent, 'checks'>): ScheduleEvent | undefined {
  const isOpen = ({ phase, completion }: ScheduleEvent) => phase === 'OPEN' && completion === 'PENDING';
  const having = (completion: ScheduleEvent['completion']) => checks.find((check) => check.completion === completion);
  return checks.find(isOpen) ?? having('MISSED') ?? having('LATE') ?? checks[0];
}

/** The checks that take place in a lecture; of other events none. */
export function checksOf({ kind, ern }: ScheduleEvent, events: readonly ScheduleEvent[]): readonly ScheduleEvent[] {
  return kind === 'LECTURE' ? events.filter((one) => one.kind === 'ATTENDANCE' && one.lecture?.ern === ern) : [];
}
