// Sources that answer from memory, with a course of made-up items, so that a calendar can be warmed
// up without asking the real ones and without leaving anything in its caches.
import type { Post } from '../calendar/sources/source.ts';
import { DAY_MS } from '../durations.ts';
import { type ByKind, byKind, type EventKind, serviceOf } from '../event-kinds.ts';

const ITEMS = 20;
const COURSE = { title: 'Warm-up', color: '#336699' };

type Representation = Readonly<Record<string, string>>;

/** One for each kind. Every user attends one course, and has values of their own for each item. */
export function madeUpSources(tenant: string): ByKind<Post> {
  return byKind((kind) => async (body) => {
    const { variables } = JSON.parse(body) as { variables: { representations: readonly Representation[] } };
    return JSON.stringify({ data: { _entities: variables.representations.map((one) => entityOf(kind, tenant, one)) } });
  });
}

function entityOf(kind: EventKind, tenant: string, asked: Representation): object | null {
  const { __typename = '', id = '', audience = '', from = '' } = asked;
  const name = serviceOf(kind);
  const course = `ern:${tenant}:course/1`;
  if (__typename === 'User') {
    const all = [course, `ern:${tenant}:user/${id}`];
    return { __typename, id, [`${name}Audiences`]: all, [`${name}Taught`]: [], teaches: [], observes: [] };
  }
  if (!__typename.endsWith('Slice')) return null;
  const isOwn = audience !== course;
  const items = Array.from({ length: ITEMS }, (_, index) => {
    const startsAt = new Date(Date.parse(from) + (index + 0.5) * DAY_MS).toISOString();
    const ern = `${course}/${name}/${index + 1}`;
    const own = { ern, audience, hidden: false, outcome: 'PRESENT', submission: 'SUBMITTED', updatedAt: startsAt };
    const shared = { ...own, outcome: null, submission: null, title: `${COURSE.title} ${index}`, room: 'A 1' };
    return isOwn ? own : { ...shared, course: { ern: course, ...COURSE }, startsAt, endsAt: startsAt };
  });
  return { ...asked, revision: '1', items };
}
