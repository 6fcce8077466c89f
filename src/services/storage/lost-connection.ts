// Distinguishes errors of the connection, and calls that took too long, from errors of a statement.
// The caller gets UNAVAILABLE; the original, which may name hosts and users, is reported for the
// log.
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';
import { isObject } from '../../json.ts';

/**
 * SQLSTATE classes and codes (PostgreSQL documentation, appendix A): 08 connection exception, 53300
 * too many connections, 57P01 admin shutdown, 57P02 crash shutdown, 57P03 cannot connect now; 25006
 * a write to a server that is a replica now; 28 wrong user or password, while that is replaced.
 */
const SQLSTATE = /^(?:08\w{3}|28\w{3}|53300|57P0[123]|25006)$/;
const NETWORK = /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** Messages of the driver without a code. */
const DRIVER =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;
/** What the driver says when nothing came back. */
const SILENT = 'Query read timeout';
/**
 * Ended by PostgreSQL without effect: 40001 serialization failure, 40P01 deadlock, 55P03 lock not
 * available, 57014 query cancelled.
 */
const WITHOUT_EFFECT = /^(?:40001|40P01|55P03|57014)$/;

/** The connection was lost while a transaction was committed. */
export class LostCommit extends Error {
  constructor(cause: unknown) {
    super('the connection was lost during a commit', { cause });
    this.name = 'LostCommit';
  }
}

/** Whether the connection failed, not the statement. */
export function isConnectionLost(error: unknown): boolean {
  if (!isObject(error)) return false;
  if (error instanceof LostCommit || isSilent(error)) return true;
  // Node tries every address of a host name, and its error contains one error for each.
  if (Array.isArray(error.errors)) return error.errors.some(isConnectionLost);
  const [code, message] = [String(error.code), String(error.message)];
  return SQLSTATE.test(code) || NETWORK.test(code) || DRIVER.test(message);
}

/** Whether the connection carries nothing more, although nobody closed it. */
export function isSilent(error: unknown): boolean {
  return isObject(error) && (error.message === SILENT || isSilent(error.cause));
}

/** The error for the caller. */
export function callerError(error: unknown): unknown {
  if (isObject(error) && WITHOUT_EFFECT.test(String(error.code))) {
    reportError(error);
    return givenUp();
  }
  if (!isConnectionLost(error)) return error;
  reportError(error);
  const result = error instanceof LostCommit ? ' The change may have been made: read before you repeat it.' : '';
  return new ApiError('UNAVAILABLE', `The service cannot reach its database at the moment.${result}`);
}

/** The error for a call that took too long. */
export function givenUp(): ApiError {
  return new ApiError('UNAVAILABLE', 'The service could not do this in time. Nothing was changed.');
}
