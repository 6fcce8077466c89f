// A stored answer: its bytes as they are and, once somebody accepted it, compressed; with a strong
// ETag for each (RFC 9110 §8.8.3). Compression runs on Node's thread pool, beside the request.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { bytesInMemory, ownBytes, ownCopy } from './own-bytes.ts';

/** The content codings that are offered, best first. */
const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number] | 'identity';

/** One representation of an answer. */
export interface Representation {
  readonly bytes: Buffer;
  readonly coding: Coding;
  /** With its quotes. */
  readonly etag: string;
}

/** Bytes of what stands around an answer in memory, and around each of its representations. */
const OVERHEAD = 500;
const REPRESENTATION = 400;
/** A shorter answer gains nothing from compression. */
const MIN_COMPRESSED = 1_024;

const compress = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};

/** See the head of this file. */
export class StoredAnswer {
  readonly contentType: string;
  /** What the calendar is asked about this answer. */
  readonly validator: string;
  readonly #digest: string;
  readonly #representations = new Map<Coding, Representation>();
  readonly #started = new Set<Coding>();

  constructor(answer: { readonly content: string | Buffer; readonly contentType: string; readonly validator: string }) {
    const bytes = ownBytes(answer.content);
    this.contentType = answer.contentType;
    this.validator = answer.validator;
    this.#digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    this.#add('identity', bytes);
  }

  /** The best representation that there is for an Accept-Encoding header. */
  representation(acceptEncoding: string | undefined): Representation {
    for (const coding of CODINGS) {
      const held = this.#representations.get(coding);
      if (held !== undefined && accepts(acceptEncoding, coding)) return held;
    }
    return this.#representations.get('identity') as Representation;
  }

  /** Whether an If-None-Match header names this answer, in any coding (RFC 9110 §13.1.2). */
  isNamedBy(ifNoneMatch: string | undefined): boolean {
    if (ifNoneMatch === undefined) return false;
    if (this.#isTag(ifNoneMatch)) return true;
    return ifNoneMatch.split(',').some((one) => {
      const tag = one.trim().replace(/^W\//, '');
      return tag === '*' || this.#isTag(tag) || CODINGS.some((coding) => tag === this.#etag(coding));
    });
  }

  /** Of a representation that there is. */
  #isTag(tag: string): boolean {
    for (const { etag } of this.#representations.values()) if (etag === tag) return true;
    return false;
  }

  /**
   * Compresses for this header if that was not done before. Resolves with whether bytes were added.
   */
  async compressFor(acceptEncoding: string | undefined): Promise<boolean> {
    const coding = CODINGS.find((one) => accepts(acceptEncoding, one));
    const { bytes } = this.#representations.get('identity') as Representation;
    if (coding === undefined || this.#started.has(coding) || bytes.length < MIN_COMPRESSED) return false;
    this.#started.add(coding);
    this.#add(coding, ownCopy(await compress[coding](bytes)));
    return true;
  }

  /** Bytes in memory, the key's not included. */
  get size(): number {
    let size = OVERHEAD + bytesInMemory(this.validator);
    for (const { bytes } of this.#representations.values()) size += REPRESENTATION + bytes.length;
    return size;
  }

  #add(coding: Coding, bytes: Buffer): void {
    this.#representations.set(coding, { coding, bytes, etag: this.#etag(coding) });
  }

  #etag(coding: Coding): string {
    return coding === 'identity' ? `"${this.#digest}"` : `"${this.#digest}-${coding}"`;
  }
}

/** Whether the header names the coding with a weight above 0 (RFC 9110 §12.5.3). */
export function accepts(header: string | undefined, coding: string): boolean {
  if (header === undefined || !header.includes(coding)) return false;
  return header.split(',').some((one) => {
    const [name = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
