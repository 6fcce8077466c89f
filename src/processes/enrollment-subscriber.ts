// Delivers enrollments from the lecture service to another service: one mutation, which the caller
// repeats until it succeeds (the subscriber ignores old revisions).
import type { SignInternal } from '../auth/internal-token.ts';
import { SourceError } from '../errors.ts';
import type { Transport } from '../http/client/transport.ts';
import type { EnrollmentSubscriber } from '../services/lecture/service.ts';

const DELIVER_MS = 1_000;

const FIELDS = { attendance: 'recordAttendanceEnrollment', assignment: 'recordAssignmentEnrollment' };

/** A subscriber over HTTP. A delivery rejects with SourceError unless the service confirms it. */
export function createFollower(
  name: keyof typeof FIELDS,
  transport: Transport,
  sign: SignInternal,
): EnrollmentSubscriber {
  const field = FIELDS[name];
  const query = `mutation ($course: ERN!, $user: ID!, $enrolled: Boolean!, $revision: Int!, $since: DateTime) {
    done: ${field}(course: $course, user: $user, enrolled: $enrolled, revision: $revision, since: $since)
  }`;
  return {
    name,
    async deliver(course, user, enrolled, revision, since) {
      const token = await sign({ audience: name, scopes: ['enrollment:write'] });
      const { body } = await transport.post({
        body: JSON.stringify({ query, variables: { course, user, enrolled, revision, since } }),
        headers: { authorization: `Bearer ${token}` },
        deadlineMs: DELIVER_MS,
      });
      const answer: unknown = JSON.parse(body);
      if (!isDone(answer))
        throw new SourceError('BAD_RESPONSE', `${name} did not take a membership: ${body.slice(0, 200)}`);
    },
  };
}

function isDone(answer: unknown): boolean {
  const { data } = (answer ?? {}) as { data?: { done?: unknown } | null };
  return data?.done === true;
}
