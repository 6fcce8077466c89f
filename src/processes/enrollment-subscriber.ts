// Delivers enrollments and who teaches from the lecture service to another service: one mutation,
// which the caller repeats until it succeeds (the subscriber ignores old revisions).
import type { SignInternal } from '../auth/internal-token.ts';
import { SourceError } from '../errors.ts';
import type { Transport } from '../http/client/transport.ts';
import { DeliveryRefused, type EnrollmentSubscriber } from '../services/lecture/service.ts';

const DELIVER_MS = 1_000;

const TYPES = { attendance: 'Attendance', assignment: 'Assignment' };

const REFUSALS = ['NOT_FOUND', 'BAD_USER_INPUT', 'FORBIDDEN', 'CONFLICT'];

/** A subscriber over HTTP. A delivery rejects with SourceError unless the service confirms it. */
export function createEnrollmentSubscriber(
  name: keyof typeof TYPES,
  transport: Transport,
  sign: SignInternal,
): EnrollmentSubscriber {
  const enrollment = `mutation ($course: ERN!, $user: ID!, $enrolled: Boolean!, $revision: Int!, $since: DateTime) {
    done: record${TYPES[name]}Enrollment(course: $course, user: $user, enrolled: $enrolled, revision: $revision, since: $since)
  }`;
  const teaching = `mutation ($course: ERN!, $user: ID!, $teaches: Boolean!, $revision: Int!) {
    done: record${TYPES[name]}Teaching(course: $course, user: $user, teaches: $teaches, revision: $revision)
  }`;
  const move = `mutation ($course: ERN!, $lecture: ERN!, $wasStartsAt: DateTime!, $wasEndsAt: DateTime!,
    $startsAt: DateTime!, $revision: Int!) {
    done: recordLectureMove(course: $course, lecture: $lecture, wasStartsAt: $wasStartsAt, wasEndsAt: $wasEndsAt,
      startsAt: $startsAt, revision: $revision)
  }`;
  const send = async (query: string, variables: object) => {
    const token = await sign({ audience: name, scopes: ['enrollment:write'] });
    const { body } = await transport.post({
      body: JSON.stringify({ query, variables }),
      headers: { authorization: `Bearer ${token}`, 'x-deadline-ms': String(DELIVER_MS) },
      deadlineMs: DELIVER_MS,
    });
    const answer: unknown = JSON.parse(body);
    const code = refusalOf(answer);
    if (code !== undefined) throw new DeliveryRefused(`${name} refused with ${code}`);
    if (!isDone(answer))
      throw new SourceError('BAD_RESPONSE', `${name} did not take a membership: ${body.slice(0, 200)}`);
  };
  return {
    name,
    deliver: (course, user, enrolled, revision, since) => send(enrollment, { course, user, enrolled, revision, since }),
    deliverTeaching: (course, user, teaches, revision) => send(teaching, { course, user, teaches, revision }),
    deliverMove: (moved) => send(move, moved),
  };
}

/** The code of an error that will be the same next time. */
function refusalOf(answer: unknown): string | undefined {
  const { errors } = (answer ?? {}) as { errors?: readonly { extensions?: { code?: unknown } }[] };
  return REFUSALS.find((code) => code === errors?.[0]?.extensions?.code);
}

function isDone(answer: unknown): boolean {
  const { data } = (answer ?? {}) as { data?: { done?: unknown } | null };
  return data?.done === true;
}
