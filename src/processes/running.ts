// A part of the deployment that runs: where it answers, and how to end it.

/** A part, started. */
export interface Running {
  /** Address of each thing it listens as, by name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Ends it gracefully: running requests finish, for at most 5 s. */
  close(): Promise<void>;
}

/** Ends things one after the other, however many fail; then throws the first failure. */
export async function closeAll(things: readonly { close(): Promise<void> }[]): Promise<void> {
  const failures: unknown[] = [];
  for (const thing of things) await thing.close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
