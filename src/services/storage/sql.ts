// Parts of SQL that several statements share.

/** An instant as RFC 3339 text in UTC with milliseconds; null stays null. */
export function instant(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Whether [start, end) overlaps [from, to). An event without length does if from <= start < to. */
export function overlaps(start: string, end: string, from: string, to: string): string {
  return `(${start} < ${to} AND (${end} > ${from} OR (${end} = ${start} AND ${start} >= ${from})))`;
}

/** A course with title and color, as one value. `alias`: of the course table in the statement. */
export function courseValue(alias: string): string {
  return `json_build_object('ern', ${alias}.ern, 'title', ${alias}.title, 'color', ${alias}.color)`;
}
