// The registry of kinds: what its names are used for needs them to be of one form.
import { expect, test } from '@jest/globals';
import { EVENT_KINDS, eventTypeOf, KINDS, serviceOf } from '../src/event-kinds.ts';
import { readSchema } from '../src/schema.ts';

test('answers list the kinds in the order of the default ports of their services, which differ', () => {
  expect(EVENT_KINDS).toEqual(['LECTURE', 'ATTENDANCE', 'ASSIGNMENT']);
  const ports = EVENT_KINDS.map((kind) => KINDS[kind].port);
  expect([...new Set(ports)].toSorted((a, b) => a - b)).toEqual(ports);
});

test.each(EVENT_KINDS)('%s is one word, and its service, events and fields are in the schemas', (kind) => {
  expect(kind).toMatch(/^[A-Z]+$/);
  const { lateLimit, lecture, completion, allDay, resource } = KINDS[kind];
  const source = readSchema(serviceOf(kind));
  for (const field of [lateLimit?.field, lecture, completion?.field, allDay]) {
    if (field != null) expect(source).toMatch(new RegExp(`^ {2}${field}: `, 'm'));
  }
  const [event = ''] = new RegExp(`^type ${eventTypeOf(kind)} [^}]*`, 'm').exec(readSchema('calendar')) ?? [];
  expect(event).toContain(`  ${resource?.field}: ${resource?.type}\n`);
});
