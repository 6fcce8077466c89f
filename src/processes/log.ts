// The log: every message of every diagnostics channel as a JSON line on stderr. No other part
// writes to the log. With traces, a line has the ids of the trace and the request in which it was
// written.
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { BoundedMap } from '../bounded-map.ts';
import type { Clock } from '../clock.ts';
import { listen } from '../diagnostics.ts';
import { SourceError } from '../errors.ts';
import { traceFields } from '../tracing.ts';

/**
 * Starts logging from `level` on. A failed call to another service, a failed change feed and a gap
 * are warnings, any other unexpected error is an error, a SQL statement is traced. Reads of other
 * users' calendars have `"log":"audit"`.
 */
export function startLog(
  level: string,
  processName: string,
  clock: Clock,
  to: DestinationStream = destination(2),
): Logger {
  const serializers = { err: loggable };
  const log = pino({ level, base: { process: processName }, serializers, mixin: traceFields }, to);
  logErrors(log, clock);
  logFeeds(log, clock);
  logRenewals(log);
  logLoad(log, clock);
  logSources(log, clock);
  // Whether there are such lines is a setting of its own, whatever the level.
  const audit = pino({ level: 'info', base: { process: processName, log: 'audit' }, mixin: traceFields }, to);
  listen('calendar:foreign-read', (read) => audit.info(read, 'the calendar of another user was read'));
  if (log.isLevelEnabled('trace')) listen('calendar:sql', ({ sql }) => log.trace({ sql }, 'statement'));
  return log;
}

/** At most a line a second for each cause, because an outage fails every request. */
function logErrors(log: Logger, clock: Clock): void {
  const errors = onceEvery(SECOND_MS, clock);
  listen('calendar:error', ({ error, ...about }) => {
    errors(`${about.subgraph ?? ''} ${causeOf(error)}`, (notLogged) => {
      const fields = { ...known(about), err: error, notLogged };
      if (error instanceof SourceError) log.warn(fields, 'a call to another service failed');
      else log.error(fields, 'unexpected error');
    });
  });
}

/** The fields that are known: an undefined one would replace what a trace says. */
function known(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Names of resources, users and connections (numbers) do not make another cause. */
function causeOf(error: unknown): string {
  const { name, code, reason, message } = Object(error) as Readonly<Record<string, unknown>>;
  return [name, code, reason, message].map((part) => String(part).replace(/ern:\S+|"[^"]*"|\d+/g, '…')).join(' ');
}

/** A feed that connects again and again says why at most once a second, without a stack. */
function logFeeds(log: Logger, clock: Clock): void {
  const failures = onceEvery(SECOND_MS, clock);
  listen('calendar:feed-failure', ({ feed, error }) => {
    failures(`${feed} ${causeOf(error)}`, (notLogged) => {
      log.warn({ feed, cause: withoutStack(error), notLogged }, 'a change feed failed and will connect again');
    });
  });
  listen('calendar:feed-gap', ({ feed, reason }) => {
    log.warn({ feed, reason }, 'a change feed may have lost changes: everything it is about will be read again');
  });
}

function logRenewals(log: Logger): void {
  listen('calendar:secret-file', ({ name }) => log.info({ name }, 'a secret was replaced'));
  listen('calendar:former-name', ({ former, present }) => {
    log.warn(`${former} is now called ${present}: the former name will be ignored in the next version`);
  });
}

/** Circuit breakers when they open and close again, and refused requests, once a minute. */
function logLoad(log: Logger, clock: Clock): void {
  const open = new Set<string>();
  listen('calendar:breaker', ({ service, use, isOpen }) => {
    const name = `${service} ${use}`;
    if (isOpen) log.warn({ subgraph: service, use }, 'a service that fails is not called for a while');
    else if (open.has(name)) log.warn({ subgraph: service, use }, 'a service that failed is called again');
    if (isOpen) open.add(name);
    else open.delete(name);
  });
  const refusals = onceEvery(MINUTE_MS, clock);
  listen('calendar:shed-request', ({ reason }) => {
    refusals(reason, (notLogged) => log.warn({ reason, notLogged }, 'requests are refused, because of load'));
  });
}

/**
 * Failed calls and malformed items: at most a line a minute for each source and reason, with the
 * number of those that were not logged.
 */
function logSources(log: Logger, clock: Clock): void {
  const failures = onceEvery(MINUTE_MS, clock);
  listen('calendar:source-call', ({ kind, size, requestIds, failures: all }) => {
    for (const { reason, message } of all) {
      // What follows names a key or cites the answer: not a reason of its own.
      const [rule = ''] = message.split(/[[{"]|ern:/, 1);
      failures(`${kind} ${rule}`, (notLogged) => {
        log.warn(
          { subgraph: kind.toLowerCase(), reason, detail: message, queries: size, requestIds, notLogged },
          'a source failed',
        );
      });
    }
  });
  const drops = onceEvery(MINUTE_MS, clock);
  listen('calendar:dropped-items', ({ kind, requestIds, items }) => {
    for (const { audience, month, reasons, examples } of items) {
      for (const [index, reason] of reasons.entries()) {
        drops(`${kind} ${reason}`, (notLogged) => {
          const item = { item: examples[index], audience, month };
          const about = { subgraph: kind.toLowerCase(), reason, ...item, requestIds, notLogged };
          log.warn(about, 'a source sent a malformed item: it was left out');
        });
      }
    }
  });
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const REASONS = 1_000;

/**
 * Calls `write` at most once in `ms` for each key, with the number of calls since the last time.
 */
function onceEvery(ms: number, clock: Clock): (key: string, write: (notLogged: number) => void) => void {
  const known = new BoundedMap<string, { at: number; notLogged: number }>(REASONS);
  return (key, write) => {
    const last = known.get(key);
    const now = clock.elapsed();
    if (last !== undefined && now - last.at < ms) {
      last.notLogged += 1;
      return;
    }
    known.set(key, { at: now, notLogged: 0 });
    write(last?.notLogged ?? 0);
  };
}

/**
 * What the log says of an error. Only these fields: errors of databases also have the statement and
 * its parameters, which are users' data.
 */
export function loggable(error: unknown): object {
  return fieldsOf(error, ({ stack }) => ({ stack }));
}

/** The same of a failure that is expected. */
function withoutStack(error: unknown): object {
  return fieldsOf(error, () => ({}));
}

function fieldsOf(error: unknown, stackOf: (error: Error) => object): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, cause } = error;
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  const more = cause === undefined ? {} : { cause: fieldsOf(cause, stackOf) };
  return { type: name, message, ...stackOf(error), ...only({ code, reason }), ...more };
}

/** The fields that are text. */
function only(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
}
