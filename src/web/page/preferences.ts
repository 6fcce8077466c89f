// The choices of this browser: language, theme, view. Stored here only.
import type { Language } from './messages.ts';
import { forBrowser } from './storage.ts';

export type View = 'month' | 'week' | 'list';
export type Theme = 'light' | 'dark';

/** The chosen language, else the browser's if the page has it. */
export function language(): Language {
  const chosen = forBrowser().getItem('language');
  if (chosen === 'ko' || chosen === 'en') return chosen;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
}

export function chooseLanguage(chosen: Language): void {
  forBrowser().setItem('language', chosen);
}

/** The chosen view. */
export function view(): View {
  const chosen = forBrowser().getItem('view');
  return chosen === 'week' || chosen === 'list' ? chosen : 'month';
}

export function chooseView(chosen: View): void {
  forBrowser().setItem('view', chosen);
}

/** Applies the chosen theme; without a choice the style sheet follows the system. */
export function applyTheme(): void {
  const chosen = forBrowser().getItem('theme');
  if (chosen !== null) document.documentElement.dataset.colorScheme = chosen;
}

/** Switches between light and dark. */
export function switchTheme(): void {
  const isDark = getComputedStyle(document.documentElement).getPropertyValue('--is-dark').trim() === '1';
  forBrowser().setItem('theme', (isDark ? 'light' : 'dark') satisfies Theme);
  applyTheme();
}
