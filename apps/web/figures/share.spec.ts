import { describe, expect, it } from '@jest/globals';
import { complementHundredths, shareHundredths } from './share.ts';

describe('shares', () => {
  it('rounds half up at two decimals', () => {
    expect(shareHundredths(1, 3)).toBe(3333);
    expect(shareHundredths(2, 3)).toBe(6667);
    expect(shareHundredths(1, 8)).toBe(1250);
    expect(shareHundredths(1, 20_000)).toBe(1);
    expect(shareHundredths(1, 20_001)).toBe(0);
  });

  it('agrees with the published shares of Lâm Đồng 1, 2021', () => {
    expect(shareHundredths(335_487, 402_555)).toBe(8334);
    expect(shareHundredths(95_130, 402_555)).toBe(2363);
  });

  it('says nothing where there is nothing to divide by', () => {
    expect(shareHundredths(0, 0)).toBeNull();
    expect(shareHundredths(5, undefined)).toBeNull();
    expect(complementHundredths(null)).toBeNull();
  });

  it('stays exact for sums beyond what 20,000 times fits into a safe integer', () => {
    expect(shareHundredths(999_999_999_999, 1_999_999_999_998)).toBe(5000);
  });

  it('prints the complement so that two parts add up to 100 %', () => {
    expect(complementHundredths(shareHundredths(2, 3))).toBe(3333);
  });
});
