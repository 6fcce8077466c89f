// The log: what the parts publish on diagnostics channels, as JSON lines on stderr. No part knows that it exists.
import { subscribe } from 'node:diagnostics_channel';
import { destination, type Logger, pino } from 'pino';
import { SourceError } from '../errors.ts';
import type { ErrorReport } from '../http/server/format-error.ts';

/** Starts logging from `level` on. A failed call to another service is a warning, anything else unexpected an error. */
export function startLog(level: string, processName: string): Logger {
  const log = pino({ level, base: { process: processName } }, destination(2));
  subscribe('calendar:error', (message) => {
    const { error, path } = message as ErrorReport;
    const fields = { err: error, ...(path === undefined ? {} : { path }) };
    if (error instanceof SourceError) log.warn(fields, 'a call to another service failed');
    else log.error(fields, 'unexpected error');
  });
  return log;
}
