// A broker of one topic with one partition that answers what a test says, for faults that a real
// one does not have on demand. It speaks ApiVersions 3, Metadata 12, ListOffsets 8 and Fetch 16.
import { createServer, type Socket } from 'node:net';
import { Writer } from '@platformatic/kafka';

/** What the broker answers now; a test changes it at any time. */
export interface FakeAnswers {
  topicId: string;
  /** Offset of the next record: of ListOffsets, and the high watermark of Fetch. */
  end: bigint;
  /** Error code of a fetched partition. */
  error: number;
  /** Records of a fetch as they are on the wire. */
  records: Buffer;
  /** Of each answer to a fetch, only so many bytes are sent. */
  bytes: number;
}

/** A running fake. */
export interface FakeBroker {
  readonly url: string;
  readonly answers: FakeAnswers;
  /** How often it was asked for records. */
  fetches(): number;
  close(): Promise<void>;
}

const [FETCH, LIST_OFFSETS, METADATA, API_VERSIONS] = [1, 2, 3, 18];
const VERSIONS: readonly (readonly [key: number, version: number])[] = [
  [FETCH, 16],
  [LIST_OFFSETS, 8],
  [METADATA, 12],
  [API_VERSIONS, 3],
];
/** An idle fetch is answered after this time, in milliseconds. */
const WAIT_MS = 20;

/** Starts one on a free port of loopback. */
export async function startFakeBroker(topic: string): Promise<FakeBroker> {
  const id = '00000000-0000-4000-8000-000000000001';
  const answers: FakeAnswers = {
    topicId: id,
    end: 0n,
    error: 0,
    records: Buffer.alloc(0),
    bytes: Number.MAX_SAFE_INTEGER,
  };
  const sockets = new Set<Socket>();
  let fetches = 0;
  const answer = (key: number, port: number): Writer => {
    const writer = Writer.create();
    if (key === API_VERSIONS) return apiVersions(writer);
    writer.appendInt8(0);
    if (key === METADATA) return metadata(writer, topic, answers, port);
    if (key === LIST_OFFSETS) return listOffsets(writer, topic, answers);
    fetches += 1;
    return fetched(writer, answers);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let pending = Buffer.alloc(0);
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const [key, correlation] = [pending.readInt16BE(4), pending.readInt32BE(8)];
        pending = pending.subarray(4 + pending.readInt32BE(0));
        const body = answer(key, portOf(server.address())).buffer;
        const bytes = Buffer.concat([int32(body.length + 4), int32(correlation), body]);
        const limit = key === FETCH ? answers.bytes : bytes.length;
        setTimeout(() => socket.write(bytes.subarray(0, limit)), key === FETCH ? WAIT_MS : 0);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `127.0.0.1:${portOf(server.address())}`,
    answers,
    fetches: () => fetches,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: unknown): number {
  return (address as { port: number }).port;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function apiVersions(writer: Writer): Writer {
  return writer
    .appendInt16(0)
    .appendArray([...VERSIONS], (w, [key, version]) => w.appendInt16(key).appendInt16(version).appendInt16(version))
    .appendInt32(0)
    .appendTaggedFields();
}

function metadata(writer: Writer, topic: string, { topicId }: FakeAnswers, port: number): Writer {
  return writer
    .appendInt32(0)
    .appendArray([1], (w, id) => w.appendInt32(id).appendString('127.0.0.1').appendInt32(port).appendString(null))
    .appendString('fake')
    .appendInt32(1)
    .appendArray([topic], (w, name) =>
      w
        .appendInt16(0)
        .appendString(name)
        .appendUUID(topicId)
        .appendBoolean(false)
        .appendArray([0], (p, index) => {
          p.appendInt16(0).appendInt32(index).appendInt32(1).appendInt32(0);
          for (const replicas of [[1], [1], []]) p.appendArray(replicas, (r, one) => r.appendInt32(one), true, false);
        })
        .appendInt32(0),
    )
    .appendTaggedFields();
}

function listOffsets(writer: Writer, topic: string, { end }: FakeAnswers): Writer {
  return writer
    .appendInt32(0)
    .appendArray([topic], (w, name) =>
      w
        .appendString(name)
        .appendArray([0], (p, index) =>
          p.appendInt32(index).appendInt16(0).appendInt64(-1n).appendInt64(end).appendInt32(0),
        ),
    )
    .appendTaggedFields();
}

function fetched(writer: Writer, { topicId, end, error, records }: FakeAnswers): Writer {
  return writer
    .appendInt32(0)
    .appendInt16(0)
    .appendInt32(0)
    .appendArray([topicId], (w, id) =>
      w.appendUUID(id).appendArray([0], (p, index) => {
        p.appendInt32(index).appendInt16(error).appendInt64(end).appendInt64(end).appendInt64(0n);
        p.appendArray([], () => undefined)
          .appendInt32(-1)
          .appendUnsignedVarInt(records.length + 1)
          .append(records);
      }),
    )
    .appendTaggedFields();
}
