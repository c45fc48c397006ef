/** Rules for the election of 15 March 2026: forms 18 and 23 (count), 32 (inventory). */
import type { PackData } from './pack.ts';
import { vietnameseRules } from './vietnam-rules.ts';

export const vietnam2026: PackData = {
  id: 'vietnam-2026',
  version: '1',
  rules: vietnameseRules({
    count: 'Forms 18 and 23/HĐBC (NQ 40/NQ-HĐBCQG)',
    inventory: 'Ballot inventory, form 32/HĐBC (NQ 40/NQ-HĐBCQG)',
    guidance: 'National Election Council Q&A for 2026, questions 172 to 176',
  }),
};
