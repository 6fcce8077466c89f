// A busy machine is no fault: deadlines for programs of tests that are not about being late.

/** Settings by name. */
export const PATIENT = {
  GATEWAY_TIMEOUT: '20s',
  CALENDAR_TIMEOUT: '15s',
  SOURCE_TIMEOUT: '10s',
  MAX_LOOP_DELAY: '30s',
} as const;
