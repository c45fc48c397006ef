/** Words of the pages for those who have an account, loaded with them. English is the shape. */
import { type DeskWords, deskEn } from './desk-en.ts';
import { deskVi } from './desk-vi.ts';
import type { Locale } from './locale.ts';

export function deskWords({ language, count }: Locale): DeskWords {
  return language === 'vi' ? deskVi(count) : deskEn(count);
}
