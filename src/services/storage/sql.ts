// Pieces of SQL that several statements share.

/** An instant as RFC 3339 text in UTC with milliseconds; null stays null. */
export function instant(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Whether [start, end) meets [from, to); an event of no length does when it lies in it: from <=
 * start < to.
 */
export function overlaps(start: string, end: string, from: string, to: string): string {
  return `(${start} < ${to} AND (${end} > ${from} OR (${end} = ${start} AND ${start} >= ${from})))`;
}

/** What is drawn of a course, as one value. `alias`: of the course table in the statement. */
export function courseValue(alias: string): string {
  return `json_build_object('ern', ${alias}.ern, 'title', ${alias}.title, 'color', ${alias}.color)`;
}
