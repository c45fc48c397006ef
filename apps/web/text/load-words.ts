/** In the browser each language is a file of its own, named in the page's head so that it comes with the script. */
import type { UiLanguage } from './languages.ts';
import { know } from './words.ts';

const loaders = {
  en: () => import('./words-en.ts'),
  vi: () => import('./words-vi.ts'),
} as const satisfies Record<UiLanguage, unknown>;

export async function loadWords(language: UiLanguage): Promise<void> {
  const { words } = await loaders[language]();
  know(language, words);
}
