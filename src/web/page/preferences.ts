// The choices of this browser: language, theme, view. Stored here only.
import type { Language } from './messages.ts';
import { forBrowser } from './storage.ts';

export type View = 'month' | 'week' | 'list';
/** A clock of 24 or of 12 hours (Unicode, key hc). */
export type HourCycle = 'h23' | 'h12';
export type Theme = 'light' | 'dark';

/** The chosen language, else the browser's if the page has it. */
export function language(): Language {
  const chosen = forBrowser().getItem('language');
  if (chosen === 'ko' || chosen === 'en') return chosen;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
}

/**
 * The clock of a language: 24 hours in Korean, as in timetables; in English as where the browser
 * is at home, 12 hours in the United States. `browser`: its language, a BCP 47 tag.
 */
export function hourCycleOf(language: Language, browser: string): HourCycle {
  if (language === 'ko') return 'h23';
  const locale = browser.startsWith('en') ? browser : 'en-US';
  return new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ? 'h12' : 'h23';
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
