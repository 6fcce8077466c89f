// A running part of the deployment.

/** A part, started. */
export interface Running {
  /** URLs by name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Closes it gracefully: running requests finish, for at most 5 s. */
  close(): Promise<void>;
}

/** Closes the parts one after the other, also if some fail; then throws the first failure. */
export async function closeAll(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) await part.close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
