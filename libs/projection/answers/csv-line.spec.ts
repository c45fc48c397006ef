import { expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { csvLine } from './csv-line.ts';

it('writes what a reader of CSV reads back, and no formula', () => {
  const cells = ['Xã "Lát", 2', 'two\nlines', 'a,b', '', '24846'];
  expect(parse(csvLine(cells))).toEqual([cells]);
  expect(csvLine([1, null, undefined, 0])).toBe('1,,,0\n');
  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)']) expect(parse(csvLine([formula]))).toEqual([[`'${formula}`]]);
});
