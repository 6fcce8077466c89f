// Writes texts, instants and flags one after the other into one text of a byte a character, and
// reads them again in the same order. Compact is what repeats: names that differ in the number at
// their end (…/check/17), and instants near the one before. Everything else takes more room, but
// no value is refused or changed. Pure.

/** The beginning of a name, and the whole number at its end, as `String` would write it. */
const NUMBERED = /^(.*?)(0|[1-9]\d{0,14})$/s;
/** Instants beyond are written as texts: doubled differences must be exact. */
const MAX_INSTANT = 2 ** 50;
/** Enough for a student's month. */
const FIRST_BYTES = 1_024;

/** Writes; {@link Unpacker} reads. */
export class Packer {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #end = 0;
  readonly #beginnings = new Map<string, number>();
  #instant = 0;

  /** The text of everything that was written. */
  get packed(): string {
    return this.#bytes.toString('latin1', 0, this.#end);
  }

  /** A whole number from 0 to 2^53 - 1: seven bits in a byte, the lowest ones first. */
  count(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#byte(128 + (rest % 128));
    this.#byte(rest);
  }

  flag(value: boolean | null): void {
    this.count(value === null ? 0 : value ? 2 : 1);
  }

  /** 0: null. Otherwise the number of its beginning, from 1, and one more than its own number. */
  text(value: string | null): void {
    if (value === null) {
      this.count(0);
      return;
    }
    const [, beginning = value, digits] = NUMBERED.exec(value) ?? [];
    const known = this.#beginnings.get(beginning);
    if (known === undefined) this.#beginnings.set(beginning, this.#beginnings.size + 1);
    this.count(known ?? this.#beginnings.size);
    if (known === undefined) this.#characters(beginning);
    this.count(digits === undefined ? 0 : 1 + Number(digits));
  }

  /** 0: null. 1: a text follows. Otherwise the difference from the instant before. */
  instant(value: number | null): void {
    if (value === null) {
      this.count(0);
    } else if (Number.isSafeInteger(value) && Math.abs(value) <= MAX_INSTANT && !Object.is(value, -0)) {
      const difference = value - this.#instant;
      this.count(2 + (difference < 0 ? -2 * difference - 1 : 2 * difference));
      this.#instant = value;
    } else {
      this.count(1);
      this.text(Object.is(value, -0) ? '-0' : String(value));
    }
  }

  /** The number of bytes, doubled; one more when each character takes two of them. */
  #characters(text: string): void {
    const isWide = /[\u0100-\uffff]/.test(text);
    const bytes = Buffer.from(text, isWide ? 'utf16le' : 'latin1');
    this.count(2 * bytes.length + (isWide ? 1 : 0));
    for (const byte of bytes) this.#byte(byte);
  }

  #byte(value: number): void {
    if (this.#end === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * this.#end);
    this.#bytes[this.#end++] = value;
  }
}

/** Reads what a {@link Packer} wrote, value by value in the same order. */
export class Unpacker {
  readonly #packed: string;
  readonly #beginnings: string[] = [];
  #at = 0;
  #instant = 0;

  constructor(packed: string) {
    this.#packed = packed;
  }

  count(): number {
    let byte = this.#packed.charCodeAt(this.#at++);
    let value = byte & 127;
    for (let unit = 128; byte > 127; unit *= 128) {
      byte = this.#packed.charCodeAt(this.#at++);
      value += unit * (byte & 127);
    }
    return value;
  }

  flag(): boolean | null {
    const value = this.count();
    return value === 0 ? null : value === 2;
  }

  text(): string | null {
    const number = this.count();
    if (number === 0) return null;
    if (number > this.#beginnings.length) this.#beginnings.push(this.#characters());
    const beginning = this.#beginnings[number - 1] ?? '';
    const digits = this.count();
    return digits === 0 ? beginning : `${beginning}${digits - 1}`;
  }

  instant(): number | null {
    const value = this.count();
    if (value === 0) return null;
    if (value === 1) return Number(this.text());
    const difference = value - 2;
    this.#instant += difference % 2 === 0 ? difference / 2 : -(difference + 1) / 2;
    return this.#instant;
  }

  #characters(): string {
    const size = this.count();
    const begin = this.#at;
    this.#at += Math.floor(size / 2);
    const bytes = this.#packed.slice(begin, this.#at);
    return size % 2 === 0 ? bytes : Buffer.from(bytes, 'latin1').toString('utf16le');
  }
}
