/** Rules for the election of 23 May 2021: forms 20 and 25 (count), 34 and 35 (inventory). */
import type { PackData } from './pack.ts';
import { vietnameseRules } from './vietnam-rules.ts';

export const vietnam2021: PackData = {
  id: 'vietnam-2021',
  version: '1',
  rules: vietnameseRules({
    count: 'Forms 20 and 25/HĐBC (2021)',
    inventory: 'Ballot inventory, forms 34 and 35/HĐBC (2021)',
    guidance: 'Thông tư 01/2021/TT-BNV, ch. III',
  }),
};
