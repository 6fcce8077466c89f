// Apollo Client 4 over the calendar: how its cache identifies things. Pass
// schema/possibleTypes.json: `new InMemoryCache(cacheOptions(possibleTypes))`.

/**
 * Events and users are known by `id`, what other services own by `ern`. A calendar is no thing of
 * its own but a part of its user: one for each window, filter and zone. Its lists are replaced as a
 * whole.
 */
export const cacheOptions = (possibleTypes: Readonly<Record<string, readonly string[]>>) => ({
  possibleTypes,
  typePolicies: {
    Course: { keyFields: ['ern'] },
    Lecture: { keyFields: ['ern'] },
    AttendanceCheck: { keyFields: ['ern'] },
    Assignment: { keyFields: ['ern'] },
    Calendar: { keyFields: false, fields: { events: { merge: false } } },
    User: { fields: { calendar: { keyArgs: ['from', 'to', 'timeZone', 'filter'] } } },
  },
});
