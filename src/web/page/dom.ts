// Creates elements in one expression. Texts become text nodes, never markup.
import { type EventKind, isEventKind, KINDS } from '../../event-kinds.ts';

type Child = Node | string | null | false;
type Props<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], 'style' | 'dataset' | 'children'>
> & {
  readonly data?: Readonly<Record<string, string>>;
  readonly aria?: Readonly<Record<string, string>>;
  /** Custom properties, set through the CSSOM because the policy allows no style attribute. */
  readonly vars?: Readonly<Record<`--${string}`, string>>;
  readonly role?: string;
};

/** Creates an element with properties, data- and aria- attributes, and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  { data = {}, aria = {}, vars = {}, ...props }: Props<K> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(name), props);
  Object.assign(element.dataset, data);
  for (const [key, value] of Object.entries(aria)) element.setAttribute(`aria-${key}`, value);
  for (const [key, value] of Object.entries(vars)) element.style.setProperty(key, value);
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** The element of the page's frame with this id. */
export function at<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An icon: an outline of 16 × 16 in the text's colour. Hidden from screen readers, because a word
 * always stands beside it.
 */
export function icon(name: EventKind | keyof typeof ICONS): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', isEventKind(name) ? KINDS[name].icon : ICONS[name]);
  svg.append(path);
  return svg;
}

const ICONS = {
  done: 'M3.5 8.5l3 3l6-7',
  late: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.5',
  warning: 'M8 2.5l6 10.5H2zM8 6.5v3M8 11.3v.2',
  extended: 'M2.5 8h9.5M9 4.8l3.2 3.2L9 11.2M14 4v8',
  close: 'M4 4l8 8M12 4l-8 8',
  previous: 'M9.8 3.5L5.3 8l4.5 4.5',
  next: 'M6.2 3.5L10.7 8l-4.5 4.5',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  subscribe: 'M4 12.5h.2M4 8.2a4 4 0 0 1 4 4.1M4 4a8.2 8.2 0 0 1 8.2 8.3',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM10.3 10.3l3.4 3.4',
  help: 'M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12v.2',
  tools:
    'M9.7 3.2a3.3 3.3 0 0 0-3.1 4.5L2.7 11.6l1.7 1.7L8.3 9.4a3.3 3.3 0 0 0 4.4-4.3L10.9 6.9L9.1 5.1L10.9 3.4a3 3 0 0 0-1.2-.2z',
} as const;
