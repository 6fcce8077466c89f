// A subscription's text as it is kept: compressed, because it is 20 times smaller then. Other forms
// are made when they are asked for, on Node's thread pool.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gunzip, gzip } from 'node:zlib';
import { ownCopy } from '../response-cache/own-bytes.ts';
import { accepts } from '../response-cache/stored-answer.ts';

/** The bytes of a text, in a form that the client accepts. */
export interface TextForm {
  readonly coding: 'br' | 'gzip' | 'identity';
  readonly bytes: Buffer;
}

/** Bytes of what stands around a text in memory. */
const OVERHEAD = 500;
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** See the head of this file. */
export class StoredText {
  /** Equal for texts that say the same; weak, because one is for all forms (RFC 9110 §8.8.1). */
  readonly etag: string;
  readonly #gzip: Buffer;
  #brotli: Buffer | null = null;

  private constructor(etag: string, compressed: Buffer) {
    this.etag = etag;
    this.#gzip = compressed;
  }

  /** Compresses the text. `content`: what its ETag is made of. */
  static async of(text: string, content: string): Promise<StoredText> {
    return new StoredText(etagOf(content), ownCopy(await promisify(gzip)(text)));
  }

  /** The best form for an Accept-Encoding header. */
  async form(acceptEncoding: string | undefined): Promise<TextForm> {
    if (accepts(acceptEncoding, 'br')) {
      this.#brotli ??= ownCopy(await promisify(brotliCompress)(await promisify(gunzip)(this.#gzip), BROTLI));
      return { coding: 'br', bytes: this.#brotli };
    }
    if (accepts(acceptEncoding, 'gzip')) return { coding: 'gzip', bytes: this.#gzip };
    return { coding: 'identity', bytes: await promisify(gunzip)(this.#gzip) };
  }

  /** Bytes in memory, with those of the brotli form, which is about as long. */
  get size(): number {
    return OVERHEAD + 2 * this.#gzip.length;
  }
}

/** The weak ETag of a text's content. */
export function etagOf(content: string): string {
  return `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}
