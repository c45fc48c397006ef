/** Words of the pages of the audit, loaded with them. English is the shape. */
import { type AuditWords, auditEn } from './audit-en.ts';
import { auditVi } from './audit-vi.ts';
import type { Locale } from './locale.ts';

export type { AuditWords } from './audit-en.ts';

export function auditWords({ language, count }: Locale): AuditWords {
  return language === 'vi' ? auditVi(count) : auditEn(count);
}
