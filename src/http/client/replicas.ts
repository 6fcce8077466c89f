// Calls to every replica of a service: to each address that its host name has now, as a headless
// service of Kubernetes or a scaled service of Docker Compose has them.
import { lookup as lookupName } from 'node:dns/promises';
import type { Clock } from '../../clock.ts';
import { createTransport, type Transport } from './transport.ts';

/** Resolves a host name to its addresses. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** All replicas behind one URL. */
export interface Replicas {
  /** A transport to each; the one to the URL itself while the name cannot be resolved. */
  all(): Promise<readonly Pick<Transport, 'post'>[]>;
  /** Lets running calls finish, then closes the connections. */
  close(): Promise<void>;
}

/** Addresses are looked up again after this time, in milliseconds. */
const LOOKUP_MS = 5_000;

/** `url`: as of a transport. Connects at the first call. */
export function createReplicas(url: string, clock: Clock, lookup: Lookup = lookupAll): Replicas {
  const { hostname } = new URL(url);
  let transports = new Map<string, Transport>();
  let lookedUpAt = Number.NEGATIVE_INFINITY;
  const open = (address?: string) => createTransport({ url, clock, connections: 1, ...(address && { address }) });
  const itself = open();
  const follow = (addresses: readonly string[]) => {
    const before = transports;
    transports = new Map(addresses.map((address) => [address, before.get(address) ?? open(address)]));
    for (const [address, gone] of before) if (!transports.has(address)) void gone.close();
  };
  return {
    async all() {
      if (clock.elapsed() - lookedUpAt >= LOOKUP_MS) {
        lookedUpAt = clock.elapsed();
        follow(await lookup(hostname).catch(() => []));
      }
      return transports.size === 0 ? [itself] : [...transports.values()];
    },
    async close() {
      await Promise.all([itself, ...transports.values()].map((transport) => transport.close()));
    },
  };
}

async function lookupAll(hostname: string): Promise<string[]> {
  const found = await lookupName(hostname.replace(/^\[|\]$/g, ''), { all: true });
  return found.map(({ address }) => address);
}
