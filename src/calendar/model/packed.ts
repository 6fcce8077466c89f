// What caches hold for each user, in a compact form: slices of the user's own audience, and lists
// of audiences. What users share is held once, as it is. Unpacking gives an equal value, whatever
// was packed. Of each item is written what differs from the item before it. Pure.
import type { CompletionState, Course, Item, OriginalDates } from './event.ts';
import { Packer, Unpacker } from './packing.ts';
import type { Audiences } from './relations.ts';
import { completeSlice, type Slice } from './slice.ts';

/** A packed value of this type. */
export interface Packed<T> {
  readonly packed: string;
  /** Never there: it keeps the types apart. */
  readonly type?: T;
}

/** A slice as it is held. One from which something was dropped is not packed. */
export type HeldSlice = Slice | Packed<Slice>;

/** A list of audiences as it is held. An empty one is not packed. */
export type HeldAudiences = Audiences | Packed<Audiences>;

/** The slice in its compact form, if nothing was dropped from it. */
export function packSlice(slice: Slice): HeldSlice {
  if (slice.dropped > 0) return slice;
  const packer = new Packer();
  packer.text(slice.revision);
  packer.flag(slice.truncated);
  packer.count(slice.items.length);
  let before = NO_ITEM;
  for (const item of slice.items) {
    packItem(packer, item, before);
    before = item;
  }
  return { packed: packer.packed };
}

/** The slice that is held. */
export function unpackSlice(held: HeldSlice): Slice {
  if (!isPacked(held)) return held;
  const from = new Unpacker(held.packed);
  const revision = from.text();
  const truncated = from.flag() === true;
  const items: Item[] = [];
  let before = NO_ITEM;
  for (let left = from.count(); left > 0; left -= 1) {
    before = unpackItem(from, before);
    items.push(before);
  }
  return { ...completeSlice(items), revision, truncated };
}

/** The list in its compact form, if it is not empty. */
export function packAudiences(audiences: Audiences): HeldAudiences {
  if (audiences.all.length === 0) return audiences;
  const packer = new Packer();
  for (const list of [audiences.all, audiences.taught]) {
    packer.count(list.length);
    for (const audience of list) packer.text(audience);
  }
  return { packed: packer.packed };
}

/** The list that is held. */
export function unpackAudiences(held: HeldAudiences): Audiences {
  if (!isPacked(held)) return held;
  const from = new Unpacker(held.packed);
  const list = () => Array.from({ length: from.count() }, () => from.text() ?? '');
  return { all: list(), taught: list() };
}

/** Whether there is an audience in the list. */
export function hasAudiences(held: HeldAudiences): boolean {
  return isPacked(held) || held.all.length > 0;
}

/** Whether it is held in its compact form. */
export function isPacked<T>(held: T | Packed<T>): held is Packed<T> {
  return typeof held === 'object' && held !== null && 'packed' in held;
}

/** How a field is written and read. */
interface Form<T> {
  readonly write: (packer: Packer, value: T) => void;
  readonly read: (from: Unpacker) => T;
  readonly isSame: (one: T, other: T) => boolean;
}

const TEXT = form<string | null>(
  (packer, value) => packer.text(value),
  (from) => from.text(),
);
const SURE_TEXT: Form<string> = { ...TEXT, read: (from) => from.text() ?? '' };
const INSTANT = form<number | null>(
  (packer, value) => packer.instant(value),
  (from) => from.instant(),
);
const FLAG = form<boolean | null>(
  (packer, value) => packer.flag(value),
  (from) => from.flag(),
);
const COURSE = form<Course | null>(
  (packer, value) => {
    packer.text(value?.ern ?? null);
    if (value !== null) for (const text of [value.title, value.color]) packer.text(text);
  },
  (from) => {
    const ern = from.text();
    return ern === null ? null : { ern, title: from.text() ?? '', color: from.text() ?? '' };
  },
);
const ORIGINAL = form<OriginalDates | null>(
  (packer, value) => {
    packer.instant(value?.startsAt ?? null);
    if (value !== null) packer.instant(value.endsAt);
  },
  (from) => {
    const startsAt = from.instant();
    return startsAt === null ? null : { startsAt, endsAt: from.instant() ?? 0 };
  },
);

/** All fields: the bits of an item's first number, in this order, say which of them follow. */
const FORMS: { readonly [F in keyof Item]-?: Form<Item[F]> } = {
  ern: SURE_TEXT,
  updatedAt: { ...INSTANT, read: (from) => from.instant() ?? 0 },
  done: { ...TEXT, read: (from) => from.text() as CompletionState | null },
  endsAt: INSTANT,
  startsAt: INSTANT,
  original: ORIGINAL,
  hidden: { ...FLAG, read: (from) => from.flag() === true },
  overrideReason: TEXT,
  lateLimit: INSTANT,
  title: TEXT,
  course: COURSE,
  location: TEXT,
  lecture: TEXT,
  allDay: FLAG,
  audience: SURE_TEXT,
};
const FIELDS = Object.entries(FORMS) as unknown as readonly [keyof Item, Form<unknown>][];

/** What the first item is compared with. */
const NO_ITEM: Item = {
  ern: '',
  audience: '',
  title: null,
  course: null,
  startsAt: null,
  endsAt: null,
  location: null,
  updatedAt: 0,
  hidden: false,
  lateLimit: null,
  lecture: null,
  done: null,
  allDay: null,
  original: null,
  overrideReason: null,
};

function packItem(packer: Packer, item: Item, before: Item): void {
  let bits = 0;
  for (let bit = 0; bit < FIELDS.length; bit += 1) {
    const [name, { isSame }] = FIELDS[bit] as (typeof FIELDS)[number];
    if (!isSame(item[name], before[name])) bits |= 1 << bit;
  }
  packer.count(bits);
  for (let bit = 0; bit < FIELDS.length; bit += 1) {
    const [name, { write }] = FIELDS[bit] as (typeof FIELDS)[number];
    if ((bits & (1 << bit)) !== 0) write(packer, item[name]);
  }
}

function unpackItem(from: Unpacker, before: Item): Item {
  const item: Record<keyof Item, unknown> = { ...before };
  let bits = from.count();
  for (let bit = 0; bits > 0; bit += 1, bits >>= 1) {
    const field = FIELDS[bit];
    if ((bits & 1) === 1 && field !== undefined) item[field[0]] = field[1].read(from);
  }
  return item as unknown as Item;
}

/** The form of a value of which equal ones are written alike. */
function form<T>(write: Form<T>['write'], read: Form<T>['read']): Form<T> {
  return { write, read, isSame };
}

/** Of texts, numbers and flags, and of objects with such values. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const others = new Map<string, unknown>(Object.entries(other));
  return Object.entries(one).every(([name, value]) => Object.is(value, others.get(name)));
}
