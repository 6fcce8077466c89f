// Load from `wrk`, which costs less than the servers that it measures. It is looked for in PATH, or
// where WRK says.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WRK = process.env.WRK ?? 'wrk';

/** One kind of request. */
export interface WrkRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What wrk says; times in milliseconds. */
export interface WrkResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that are neither 2xx nor 3xx, and broken connections. */
  readonly failed: number;
}

/** Whether there is a wrk. */
export async function hasWrk(): Promise<boolean> {
  // Without arguments it prints its usage and fails; only a missing program has ENOENT.
  return run(WRK, ['-v']).then(
    () => true,
    (error: { code?: unknown }) => error.code !== 'ENOENT',
  );
}

/** Sends the request over and over on so many connections; `seconds` is a whole number. */
export async function wrk(request: WrkRequest, { connections = 16, seconds = 3 } = {}): Promise<WrkResult> {
  const folder = await mkdtemp(join(tmpdir(), 'wrk-'));
  const script = join(folder, 'request.lua');
  try {
    await writeFile(script, scriptOf(request));
    const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, request.url];
    const { stdout } = await run(WRK, options);
    const last = stdout.trim().split('\n').at(-1) ?? '';
    const [requests = 0, us = 1, p50 = 0, p99 = 0, failed = 0] = last.split(' ').map(Number);
    return { requests, perSecond: requests / (us / 1e6), p50: p50 / 1_000, p99: p99 / 1_000, failed };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function scriptOf({ method, headers, body = '' }: WrkRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = ${lua(value)}`);
  return `wrk.method = "${method}"
wrk.body = ${body === '' ? 'nil' : lua(body)}
${lines.join('\n')}
done = function(summary, latency)
  local e = summary.errors
  print(string.format("%d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.timeout + e.status))
end
`;
}

/** A Lua string in long brackets: nothing in it is special. */
function lua(text: string): string {
  return `[==[${text}]==]`;
}
