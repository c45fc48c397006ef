import { describe, expect, it } from '@jest/globals';
import { problemsOf, readSample, replaced } from '../package/sample.ts';

const HEADER = 'contest,number,name,birth_date\n';

function found(text: string | Uint8Array): string[] {
  return problemsOf({ 'candidates.csv': text }).map((one) => `${one.line}:${one.column} ${one.code}`);
}

describe('a CSV file', () => {
  it('has columns that are known, each once, and those it needs', () => {
    expect(found('contest,number,name,age\nna-1,1,Ada,3\ncouncil-1,1,Dee,4\n')).toEqual(['1:21 unknown-column']);
    expect(found('contest,number,name,name\nna-1,1,Ada,3\n')).toEqual(['1:21 duplicate-column']);
    expect(found('contest,name\nna-1,Ada\n')).toEqual(['1:1 missing-column']);
    expect(found('contest,number,name,\nna-1,1,Ada,\n')).toEqual(['1:21 unknown-column']);
    expect(found('contest,number,name,name_fr\nna-1,1,Ada,\n')).toEqual(['1:21 unknown-column']);
    const [problem] = problemsOf({ 'candidates.csv': 'Contest,number,name\nna-1,1,Ada\n' });
    expect(problem?.message).toContain('did you mean "contest"?');
  });

  it('has rows as long as its header', () => {
    expect(found(`${HEADER}na-1,1,Ada\ncouncil-1,1,Dee,,\n`)).toEqual(['2:1 ragged-row', '3:1 ragged-row']);
  });

  it('has quotes that are closed and doubled', () => {
    expect(found(`${HEADER}na-1,1,"Ada,\ncouncil-1,1,Dee,\n`)).toEqual(['2:8 csv-syntax']);
    expect(found(`${HEADER}na-1,1,"Ada" Lovelace,\ncouncil-1,1,De"e,\n`)).toEqual([
      '2:13 csv-syntax',
      '3:15 csv-syntax',
    ]);
  });

  it('may hold separators, quotes and line ends in quoted cells, and still tells the right place', () => {
    const text = `${HEADER}na-1,1,"Ada ""the, first""\nof many",1970-01-02\r\n\r\ncouncil-1,1,Dee,1970\r\n`;
    expect(found(text)).toEqual(['5:17 bad-date']);
    const result = readSample({ 'candidates.csv': text.replace(',1970\r', ',\r') });
    expect(result.ok && result.definition.candidates[0]?.name).toBe('Ada "the, first"\nof many');
  });

  it('tells the column in characters, not bytes', () => {
    expect(found(`${HEADER}na-1,1,Nguyễn Văn Ả,1970\ncouncil-1,1,Dee,\n`)).toEqual(['2:21 bad-date']);
  });

  it('has empty cells where something is not given', () => {
    expect(found(`${HEADER}na-1,1,Ada,  \ncouncil-1,1,Dee,""\n`)).toEqual([]);
  });

  it('is not empty', () => {
    expect(found('')).toEqual(['1:1 empty']);
    expect(found('\n\n')).toEqual(['1:1 empty']);
  });

  it('is UTF-8 text', () => {
    const bytes = new TextEncoder().encode(`${HEADER}na-1,1,Ada,\ncouncil-1,1,D?e,\n`);
    bytes[bytes.indexOf(0x3f)] = 0xe9;
    expect(found(bytes)).toEqual(['3:14 invalid-utf8']);
    expect(found(bytes.subarray(0, bytes.indexOf(0xe9) + 1))).toEqual(['3:14 invalid-utf8']);
    expect(found(`${HEADER}na-1,1,A\0da,\n`)).toEqual(['2:9 nul-byte']);
    expect(found(new Uint8Array([0xff, 0xfe, 0x63, 0x00]))).toEqual(['1:1 invalid-utf8']);
  });

  it('may be saved by a spreadsheet', () => {
    const result = readSample({ 'units.csv': (text) => `\ufeff${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}` });
    expect(result.ok).toBe(true);
    expect(
      problemsOf({ 'units.csv': (text) => `\ufeff${text.replaceAll(',', ';').replace('900', '9,00')}` }),
    ).toMatchObject([{ line: 6, column: 31, code: 'bad-count' }]);
  });

  it('keeps names of prototypes as what they are', () => {
    expect(problemsOf({ 'candidates.csv': replaced('na-1,3,Cy', 'constructor,3,Cy') })).toMatchObject([
      { line: 4, column: 1, code: 'unknown-contest' },
    ]);
    expect(found('contest,number,name,__proto__\nna-1,1,Ada,\n')).toEqual(['1:21 unknown-column']);
  });
});
