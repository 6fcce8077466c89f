// How many representations one `_entities` call of the calendar may ask a service for: a class of
// 200 has 200 own audiences, and its courses. Services refuse more; SOURCE_BATCH is at most this.

/** Maximum number of representations in one `_entities` call to a service. */
export const MAX_SOURCE_BATCH = 1_000;
