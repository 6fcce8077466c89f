// Reads `/live`, a stream of server-sent events. `EventSource` cannot send a token; `fetch` can.

/** Where it is, and the token of the user. */
export interface Live {
  readonly url: string;
  readonly token: string;
}

/**
 * Calls `onChange` when the stream begins, for what changed before, and for each event `change`,
 * until it ends or is closed.
 */
export async function readLive({ url, token }: Live, signal: AbortSignal, onChange: () => unknown): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await fetch(url, { headers, signal });
  let text = '';
  try {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) if (/^: here$|^event: change$/m.test(event)) await onChange();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
