// The peers are installed in this folder with their own lock, only when a race is run: they are no
// dependencies of the project.
import { installPeersIn } from '../../harness/install-peers.ts';
import { versionOf } from '../contender.ts';

const FOLDER = new URL('./', import.meta.url);
const MODULES = new URL('./node_modules/', FOLDER);

/** Installs what the lock says, where it is not there yet. Answers why it could not, or null. */
export const installPeers = (): Promise<string | null> => installPeersIn(FOLDER);

/** The version of a peer that is installed. */
export const peerVersion = (name: string): string => versionOf(name, MODULES);

/**
 * A peer's module. The name is no literal, so that types are checked without it being installed.
 */
export const importPeer = async <T>(name: string): Promise<T> => (await import(name)) as T;
