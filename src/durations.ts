// Durations in milliseconds.

/** 24 hours. A calendar day of a time zone can be shorter or longer. */
export const DAY_MS = 86_400_000;
