// The address of a server with the password in it, which its file may replace while the program
// runs: it is asked for at every new connection.

/** An address, or a function that returns the present one. */
export type LiveUrl = string | (() => string);

/** The present address. */
export function urlOf(url: LiveUrl): string {
  return typeof url === 'string' ? url : url();
}
