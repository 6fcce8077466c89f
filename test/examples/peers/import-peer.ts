// Gateways and clients of others that the examples are tried with.
import { installPeersIn } from '../../harness/install-peers.ts';

/** Installs them where they are not there yet. Answers why it could not, or null. */
export const installPeers = (): Promise<string | null> => installPeersIn(new URL('./', import.meta.url));

/**
 * A module of theirs. The name is no literal, so that types are checked without it being installed.
 */
export const importPeer = async <T>(name: string): Promise<T> => (await import(name)) as T;
