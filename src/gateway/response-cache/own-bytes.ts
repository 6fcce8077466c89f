// Bytes that keep nothing else in memory. A short Buffer is a part of 8 KiB that it shares with
// others, and what zlib gives is a part of 16 KiB: a cache that holds them holds all of that.

/** A text in UTF-8, or a copy of its bytes. */
export function ownBytes(content: string | Buffer): Buffer {
  if (typeof content !== 'string') return ownCopy(content);
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(content));
  bytes.write(content);
  return bytes;
}

/** A copy. */
export function ownCopy(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return copy;
}

/** Bytes of a text as a string in memory: a character beyond Latin-1 makes it two for each. */
export function bytesInMemory(text: string): number {
  return text.length * (/[\u0100-\uffff]/.test(text) ? 2 : 1);
}
