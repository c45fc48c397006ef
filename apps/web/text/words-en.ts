import { en } from './en.ts';
import { historyEn } from './history-en.ts';
import { pagesEn } from './pages-en.ts';
import type { Words } from './words.ts';

export const words: Words = { dictionary: en, history: historyEn, pages: pagesEn };
