// What a process that was started with --inspect holds in its heap after a garbage collection, by
// the protocol of its inspector.
import { once } from 'node:events';
import { WebSocket } from 'undici';

/** Bytes of live objects and of buffers outside of the heap. */
export async function heapBytes(port: number): Promise<number> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(String(target?.webSocketDebuggerUrl));
  await once(socket as unknown as EventTarget, 'open');
  let id = 0;
  const ask = async (method: string) => {
    id += 1;
    socket.send(JSON.stringify({ id, method }));
    const [message] = (await once(socket as unknown as EventTarget, 'message')) as { data: string }[];
    return (JSON.parse(String(message?.data)) as { result: { usedSize?: number; backingStorageSize?: number } }).result;
  };
  for (let round = 0; round < 3; round += 1) await ask('HeapProfiler.collectGarbage');
  const { usedSize = Number.NaN, backingStorageSize = 0 } = await ask('Runtime.getHeapUsage');
  socket.close();
  return usedSize + backingStorageSize;
}
