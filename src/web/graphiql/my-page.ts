// What the playground opens with: the My Page query, a month around today.

/** The query of a student's calendar, links to what is behind the events left out. */
export const MY_PAGE = `# My Page: everything on the signed-in user's calendar, and how fresh each source is.
# Choose who that is with the menu in the upper right corner.
query MyPage($from: DateTime!, $to: DateTime!) {
  viewer {
    id
    calendar(from: $from, to: $to) {
      now
      timeZone
      completeness
      sources { kind status fetchedAt count reason }
      events {
        kind
        title
        course { title color }
        startsAt
        endsAt
        phase
        completion
        isOverdue
        location
        dateOverride { startsAt endsAt reason }
        ... on AttendanceEvent { lateAt }
        ... on AssignmentEvent { closesAt }
      }
    }
  }
}
`;

const DAY_MS = 86_400_000;

/** Its variables as JSON: a week back, three weeks on, from midnight to midnight of the browser's days. */
export function myPageVariables(now: Date): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const from = new Date(midnight - 7 * DAY_MS).toISOString();
  const to = new Date(midnight + 21 * DAY_MS).toISOString();
  return JSON.stringify({ from, to }, null, 2);
}
