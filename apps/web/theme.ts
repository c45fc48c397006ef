/** A page that is told to be light or dark, whatever its reader's system prefers. */
import type { Theme } from './route.ts';

const PREFERENCE = /prefers-color-scheme: dark/;

/** Makes the dark colours of the style sheets hold always, or never. */
export function setTheme(theme: Theme | undefined): void {
  if (!theme) return;
  document.documentElement.style.colorScheme = theme;
  for (const sheet of document.styleSheets)
    for (const rule of sheet.cssRules)
      if (rule instanceof CSSMediaRule && PREFERENCE.test(rule.conditionText))
        rule.media.mediaText = theme === 'dark' ? 'all' : 'not all';
}
