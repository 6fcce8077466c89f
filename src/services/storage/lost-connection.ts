// Distinguishes errors of the connection from errors of a statement. The caller gets UNAVAILABLE;
// the original, which may name hosts and users, is reported for the log.
import { reportError } from '../../diagnostics.ts';
import { ApiError } from '../../errors.ts';
import { isObject } from '../../json.ts';

/**
 * SQLSTATE classes and codes (PostgreSQL documentation, appendix A): 08 connection exception, 53300
 * too many connections, 57P01 admin shutdown, 57P02 crash shutdown, 57P03 cannot connect now; 25006
 * a write to a server that is a replica now.
 */
const SQLSTATE = /^(?:08\w{3}|53300|57P0[123]|25006)$/;
const NETWORK = /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** Messages of the driver without a code. */
const DRIVER =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the connection failed, not the statement. */
export function isConnectionLost(error: unknown): boolean {
  if (!isObject(error)) return false;
  // Node tries every address of a host name, and its error contains one error for each.
  if (Array.isArray(error.errors)) return error.errors.some(isConnectionLost);
  const [code, message] = [String(error.code), String(error.message)];
  return SQLSTATE.test(code) || NETWORK.test(code) || DRIVER.test(message);
}

/** The error for the caller. `mayBeDone`: the connection was lost during a commit. */
export function callerError(error: unknown, mayBeDone = false): unknown {
  if (!isConnectionLost(error)) return error;
  reportError(error);
  const result = mayBeDone ? ' The change may have been made: read before you repeat it.' : '';
  return new ApiError('UNAVAILABLE', `The service cannot reach its database at the moment.${result}`);
}
