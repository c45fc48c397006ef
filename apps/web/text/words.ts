/** The words that pages speak with, one language at a time: a reader is not given the words of another. */
import type { Dictionary, PrintCount } from './en.ts';
import type { HistoryWords } from './history-en.ts';
import type { UiLanguage } from './languages.ts';
import type { PageWords } from './pages-en.ts';

export interface Words {
  readonly dictionary: (count: PrintCount) => Dictionary;
  readonly history: HistoryWords;
  readonly pages: (count: PrintCount) => PageWords;
}

const known = new Map<UiLanguage, Words>();

/** To be called before a page is rendered in this language. */
export function know(language: UiLanguage, words: Words): void {
  known.set(language, words);
}

export function knows(language: UiLanguage): boolean {
  return known.has(language);
}

export function wordsOf(language: UiLanguage): Words {
  const words = known.get(language);
  if (!words) throw new Error(`the words of ${language} are not loaded`);
  return words;
}
