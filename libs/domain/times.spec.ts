import { describe, expect, it } from '@jest/globals';
import { isDate, isTimestamp } from './times.ts';

describe('a time', () => {
  it.each([
    '2021-05-23T19:00:00+07:00',
    '2021-05-23T19:00:00Z',
    '2021-05-23T23:59:59.123456789-23:59',
    '2020-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
    '0000-02-29T00:00:00Z',
  ])('may be %s', (text) => {
    expect(isTimestamp(text)).toBe(true);
    expect(Date.parse(text)).not.toBeNaN();
  });

  it.each([
    ['30 February', '2021-02-30T10:00:00Z'],
    ['29 February of no leap year', '2021-02-29T10:00:00Z'],
    ['29 February 1900', '1900-02-29T10:00:00Z'],
    ['31 April', '2021-04-31T10:00:00Z'],
    ['month 0', '2021-00-10T10:00:00Z'],
    ['month 13', '2021-13-10T10:00:00Z'],
    ['day 0', '2021-05-00T10:00:00Z'],
    ['24:00', '2021-05-23T24:00:00Z'],
    ['a leap second', '2021-05-23T23:59:60Z'],
    ['an offset of a day', '2021-05-23T10:00:00+24:00'],
    ['an offset of 60 minutes', '2021-05-23T10:00:00+07:60'],
    ['no offset', '2021-05-23T10:00:00'],
    ['no seconds', '2021-05-23T10:00Z'],
    ['no digit after the point', '2021-05-23T10:00:00.Z'],
    ['small letters', '2021-05-23t10:00:00z'],
    ['more behind it', '2021-05-23T10:00:00Z\n'],
    ['a number', 1_621_764_000_000],
  ])('is not %s', (_, value) => {
    expect(isTimestamp(value)).toBe(false);
  });
});

it('a day is one of the calendar', () => {
  expect(['2021-12-31', '2024-02-29', '0000-02-29'].filter((text) => !isDate(text))).toEqual([]);
  expect(['2021-12-32', '2023-02-29', '2100-02-29', '21-12-31', '2021-1-1', ''].filter(isDate)).toEqual([]);
});
