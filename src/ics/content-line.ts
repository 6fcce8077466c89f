// iCalendar content lines (RFC 5545 §3.1, §3.3.11): escaping, and folding at 75 octets between
// characters. No value can end its line: control characters are removed here, where every line is
// written.

const MAX_OCTETS = 75;

/**
 * A TEXT value: backslash, semicolon, comma and line ends escaped, other control characters
 * dropped.
 */
export function text(value: string): string {
  return withoutControls(value.replace(/\r\n?/g, '\n'))
    .replace(/[\\;,]/g, (character) => `\\${character}`)
    .replace(/\n/g, '\\n');
}

/** A DATE-TIME value in UTC: 20261122T000000Z. */
export function utc(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** A DATE value, from the local day of an RFC 3339 instant: 20261122. */
export function date(instant: string): string {
  return instant.slice(0, 10).replaceAll('-', '');
}

/**
 * One property as a folded line with its line end. The value is already written for its type:
 * `text`, `utc`, or a plain token.
 */
export function line(name: string, value: string): string {
  const whole = `${name}:${withoutControls(value).replace(/\n/g, '')}`;
  // Most lines are short, and looking at each character is what a calendar costs.
  if (Buffer.byteLength(whole) <= MAX_OCTETS) return `${whole}\r\n`;
  const characters = Array.from(whole);
  let folded = '';
  let octets = 0;
  for (const character of characters) {
    const length = Buffer.byteLength(character);
    if (octets + length > MAX_OCTETS) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += length;
  }
  return `${folded}\r\n`;
}

/**
 * Drops control characters except line feeds, and the separators that some parsers treat as line
 * ends; a tab becomes a space.
 */
function withoutControls(value: string): string {
  return value.replace(/\t/g, ' ').replace(/(?!\n)[\p{Cc}\u2028\u2029]/gu, '');
}
