// What whoever starts the program reads on the terminal: where things are, or why it did not start.
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';

/** The text printed once everything listens. `addresses`: by name, as the parts gave them. */
export function greeting(addresses: Readonly<Record<string, string>>, config: Config): string {
  const lines = Object.entries(addresses).map(([name, url]) => row(name, named(url, config)));
  if (addresses.gateway !== undefined) lines.push(...ways(named(addresses.gateway, config), config));
  return `\nReady.\n${lines.join('\n')}\n\n`;
}

function ways(gateway: string, { GRAPHIQL, JWKS_URL }: Config): string[] {
  const lines = ['', row('My Page', `${gateway}/`)];
  lines.push(row('API', `POST ${gateway}/graphql, Authorization: Bearer <token>`));
  if (JWKS_URL === undefined) lines.push(row('token', `curl '${gateway}/dev/token?user=student-1'`));
  if (GRAPHIQL) lines.push(row('playground', `${gateway}/graphiql   (example queries as tabs)`));
  return lines;
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(12)}${text}`;
}

/**
 * The address by the name it was configured with: `localhost` rather than the number it stands for.
 */
function named(url: string, { HOST }: Config): string {
  const { port, pathname } = new URL(url);
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}${pathname === '/' ? '' : pathname}`;
}

/** Why the start failed, without a stack where the settings are to blame. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  // Several at once: settings, or the addresses of a database that were tried in vain.
  if (error instanceof AggregateError) return error.message || error.errors.map(explain).join('\n');
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is taken: something else listens there. Set another (see .env.example).`;
  }
  return error.stack ?? error.message;
}
