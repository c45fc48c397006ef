import { historyVi } from './history-vi.ts';
import { pagesVi } from './pages-vi.ts';
import { vi } from './vi.ts';
import type { Words } from './words.ts';

export const words: Words = { dictionary: vi, history: historyVi, pages: pagesVi };
