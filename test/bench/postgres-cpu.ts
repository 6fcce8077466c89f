// The CPU time of a PostgreSQL server with all its backends, from Linux's /proc.
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** Clock ticks of /proc: 100 a second on every Linux. */
const TICK_MS = 10;

/** Returns a function that gives the milliseconds of CPU so far of the server at this address. */
export async function postgresCpu(url: string): Promise<() => number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const { parent: server } = statOf(String(rows[0]?.pid)) ?? {};
  await client.end();
  return () => {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const stats = all.flatMap((pid) => ({ pid: Number(pid), stat: statOf(pid) }));
    return stats.reduce((sum, { pid, stat }) => {
      if (stat === null) return sum;
      if (pid === server) return sum + stat.own + stat.ended;
      return stat.parent === server ? sum + stat.own : sum;
    }, 0);
  };
}

/** Of a process: its parent, its CPU time, and that of its children that have ended. */
function statOf(pid: string): { readonly parent: number; readonly own: number; readonly ended: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]];
    return { parent, own: (user + system) * TICK_MS, ended: ((fields[13] ?? 0) + (fields[14] ?? 0)) * TICK_MS };
  } catch {
    return null;
  }
}
