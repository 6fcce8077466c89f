// How items come from PostgreSQL: one row for each slice, with a text for each column that holds
// the values of all its items. The driver takes a few microseconds for each row and each value,
// which is longer than PostgreSQL takes to find them.

/** The items of a slice, and what differs when one of its audience was moved. */
export interface AudienceSlice<Item> {
  /** Made when they are read, because a batch of slices has tens of thousands. */
  readonly items: Item[];
  readonly revision: string;
}

/** A control character that JSON text escapes and names do not contain. */
const SEPARATOR = '\u001E';

/**
 * The columns of items, before the service's own fields. What most overrides do not have is one
 * value, `more`, as JSON, because a student's month has a hundred of them.
 */
const COLUMNS = ['ern', 'updatedAt', 'more'] as const;

/**
 * The items of one number, `slot`; each column as {@link values} reads it. Null without an item.
 */
export type ItemRows = { readonly slot: number } & { readonly [column in (typeof COLUMNS)[number]]: string | null };

/** The same with the revision of the slice. */
export type SliceRow = ItemRows & { readonly revision: string };

/** A SELECT of {@link ItemRows} but `slot`. `rows`: a SELECT of COLUMNS and the fields. */
export function packed(fields: readonly { readonly name: string }[], rows: string): string {
  const names = [...COLUMNS, ...fields.map(({ name }) => name)];
  const texts = names.map((name) => `string_agg(coalesce("${name}"::text, ''), '${SEPARATOR}') AS "${name}"`);
  return `SELECT ${texts.join(', ')} FROM (${rows}) r`;
}

/** The values of a column, those of one item at the same place as in other columns; null is ''. */
function values(column: string | null): string[] {
  return column === null ? [] : column.split(SEPARATOR);
}

/** The slice of a row; empty without one. */
export function toSlice<Item>(row: SliceRow | undefined, audience: string): AudienceSlice<Item> {
  if (row === undefined) return { items: [], revision: '' };
  const { revision, ...rows } = row;
  return {
    revision,
    get items() {
      return toItems<Item>(rows, audience);
    },
  };
}

/** The items of a row; none without one. */
export function toItems<Item>(rows: ItemRows | undefined, audience: string): Item[] {
  if (rows === undefined) return [];
  const { slot: _, ern: erns, updatedAt, more, ...others } = rows;
  const fields = Object.entries<string | null>(others).map(([name, column]) => ({ name, column: values(column) }));
  const [updates, details] = [values(updatedAt), values(more)];
  return values(erns).map((ern, n) => {
    const item: Record<string, unknown> = { ern, audience, hidden: false, updatedAt: rfc3339(updates[n] ?? '') };
    for (const { name, column } of fields) item[name] = column[n] || null;
    return (details[n] ? Object.assign(item, JSON.parse(details[n])) : item) as Item;
  });
}

/**
 * An instant as PostgreSQL writes it, such as `2026-03-09 01:02:03.45`: for the one that each item
 * has, because the other form takes PostgreSQL three times as long.
 */
export function plain(expression: string): string {
  return `(${expression} AT TIME ZONE 'UTC')::text`;
}

/** The same with milliseconds, as `instant` writes it. */
function rfc3339(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 23).padEnd(12, text.length > 19 ? '0' : '.000')}Z`;
}
