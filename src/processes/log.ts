// The log: every message of every diagnostics channel as a JSON line on stderr. No other part
// writes to the log.
import { destination, type Logger, pino } from 'pino';
import { listen } from '../diagnostics.ts';
import { SourceError } from '../errors.ts';

/**
 * Starts logging from `level` on. A failed call to another service, a failed change feed and a gap
 * are warnings, any other unexpected error is an error, a SQL statement is traced.
 */
export function startLog(level: string, processName: string): Logger {
  const serializers = { err: loggable };
  const log = pino({ level, base: { process: processName }, serializers }, destination(2));
  listen('calendar:error', ({ error, path }) => {
    const fields = { err: error, ...(path === undefined ? {} : { path }) };
    if (error instanceof SourceError) log.warn(fields, 'a call to another service failed');
    else log.error(fields, 'unexpected error');
  });
  listen('calendar:feed-failure', ({ feed, error }) => {
    log.warn({ feed, err: error }, 'a change feed failed and will connect again');
  });
  listen('calendar:feed-gap', ({ feed, reason }) => {
    log.warn({ feed, reason }, 'a change feed may have lost changes: everything it is about will be read again');
  });
  listen('calendar:dropped-items', ({ kind, items }) => {
    log.warn({ kind, slices: items.length, first: items[0] }, 'a source sent malformed items: they were left out');
  });
  listen('calendar:former-name', ({ former, present }) => {
    log.warn(`${former} is now called ${present}: the former name will be ignored in the next version`);
  });
  if (log.isLevelEnabled('trace')) listen('calendar:sql', ({ sql }) => log.trace({ sql }, 'statement'));
  return log;
}

/**
 * What the log says of an error. Only these fields: errors of databases also have the statement and
 * its parameters, which are users' data.
 */
export function loggable(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  const more = cause === undefined ? {} : { cause: loggable(cause) };
  return { type: name, message, stack, ...only({ code, reason }), ...more };
}

/** The fields that are text. */
function only(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
}
