// Which due date counts for one student, and until when it accepts work. The same rules in SQL, for
// schedules, and in TypeScript, for submissions.

/** An extension, as SQL over the override `o`; null unless it is the later date. */
export const EXTENDED_END = 'CASE WHEN o.ends_at > o.item_ends_at THEN o.ends_at END';

/** The later of the course's due date and the student's extension. */
export function effectiveEnd(ofCourse: string, ofStudent: string | null | undefined): string {
  return ofStudent != null && ofStudent > ofCourse ? ofStudent : ofCourse;
}

/**
 * The first instant after a limit, which accepts work until the end of what people read: a limit of
 * 23:59 until 23:59:59, one with seconds until the end of its second. Instants as UTC text.
 */
export function endOfLimit(limit: string): string {
  const unit = limit.endsWith(':00.000Z') ? 60_000 : 1_000;
  return new Date((Math.floor(Date.parse(limit) / unit) + 1) * unit).toISOString();
}

/** As {@link endOfLimit}, as SQL over an expression. */
function endOfLimitSql(limit: string): string {
  return `CASE WHEN date_trunc('minute', ${limit}) = ${limit} THEN ${limit} + interval '1 minute'
    ELSE date_trunc('second', ${limit}) + interval '1 second' END`;
}

/**
 * What a student handed in, as SQL over `o`. Lateness follows the due date that counts now,
 * because an extension may be granted after the work was handed in.
 */
export const SUBMISSION_STATE = `CASE
  WHEN o.submission NOT IN ('SUBMITTED', 'LATE') OR o.submitted_at IS NULL THEN o.submission
  WHEN o.submitted_at < ${endOfLimitSql('greatest(o.ends_at, o.item_ends_at)')} THEN 'SUBMITTED' ELSE 'LATE' END`;
