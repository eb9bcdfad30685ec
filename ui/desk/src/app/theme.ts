import { keep, kept } from '../data/kept.ts';

export type Theme = 'system' | 'light' | 'dark';

export function themeNow(): Theme {
  const theme = kept('theme');
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function setTheme(theme: Theme): void {
  keep('theme', theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export const nextTheme = () => setTheme(isDark() ? 'light' : 'dark');

export function setDirection(direction: 'ltr' | 'rtl'): void {
  keep('dir', direction === 'ltr' ? null : direction);
  document.documentElement.dir = direction;
}
