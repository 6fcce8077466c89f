// What is printed at the start: the URLs, or why it failed.
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';

/** The text printed when everything listens. `addresses`: URLs by name. */
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

/** The URL with the configured host name: `localhost` instead of its number. */
function named(url: string, { HOST }: Config): string {
  const { port, pathname } = new URL(url);
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}${pathname === '/' ? '' : pathname}`;
}

/** Said at the start of a name in `.env` that is no setting. */
export function ignoredLine(name: string): string {
  return `.env: ${name} is not the name of a setting, and does nothing (see .env.example).\n`;
}

/** Why the start failed; without a stack if the settings are wrong. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  // Several errors at once: of settings, or of all addresses of a database.
  if (error instanceof AggregateError) return error.message || error.errors.map(explain).join('\n');
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is taken: something else listens there. Set another (see .env.example).`;
  }
  return error.stack ?? error.message;
}
