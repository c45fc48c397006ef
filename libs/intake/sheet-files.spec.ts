import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readPackage, writeTemplate } from '#definition';
import { buildElection, type Election } from '#domain';
import { readSheets, type SheetFileOptions } from './sheet-files.ts';
import type { SheetFileLine } from './sheet-line.ts';

let election: Election;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-sheets-'));
  await writeTemplate('vietnam-2021', folder);
  const pack = await readPackage(folder);
  if (!pack.ok) throw new Error('the template is not sound');
  election = buildElection(pack.definition, pack.digest);
});

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  content: string | Buffer,
  options: SheetFileOptions = { election },
  chunk = 65_536,
): Promise<SheetFileLine[]> {
  const lines: SheetFileLine[] = [];
  for await (const line of readSheets(inChunks(Buffer.from(content), chunk), options)) lines.push(line);
  return lines;
}

function problemsOf(line: SheetFileLine | undefined): string[] {
  return line && 'problems' in line ? line.problems.map(({ code }) => code) : [];
}

function wordsOf(line: SheetFileLine | undefined): string {
  return line && 'problems' in line ? line.problems.map(({ message }) => message).join(' ') : '';
}

const HEADER = 'station,contest,C,V,votes.1,votes.2,reason';
const ROW = '09101-01,na-1,10,9,5,4,';
const SHEET = { station: '09101-01', contest: 'na-1', fields: { C: 10, V: 9 }, votes: { '1': 5, '2': 4 } };

describe('CSV', () => {
  test.each([
    ['commas', `${HEADER}\n${ROW}\n`],
    ['no line end at the end', `${HEADER}\n${ROW}`],
    ['CRLF', `${HEADER}\r\n${ROW}\r\n`],
    ['CR alone', `${HEADER}\r${ROW}\r`],
    ['a BOM', `\ufeff${HEADER}\n${ROW}\n`],
    ['semicolons', `${HEADER}\n${ROW}\n`.replaceAll(',', ';')],
    ['tabs', `${HEADER}\n${ROW}\n`.replaceAll(',', '\t')],
    ['quotes', `${HEADER}\n"09101-01","na-1","10","9","5","4",""\n`],
    ['blanks around cells', `${HEADER}\n 09101-01 ,na-1, 10,9 ,5,4, \n`],
    ['columns in another order', 'votes.2,C,contest,reason,votes.1,V,station\n4,10,na-1,,5,9,09101-01\n'],
    ['leading zeros of a count', `${HEADER}\n09101-01,na-1,0010,09,5,4,\n`],
  ])('reads a sheet with %s, in chunks of any size', async (_, text) => {
    for (const chunk of [1, 7, 65_536])
      expect(await read(text, { election }, chunk)).toEqual([{ line: 2, raw: SHEET }]);
  });

  test('reads codes as text, lists by spaces, an empty cell as not given', async () => {
    const text = `station,contest,C,id,expectedRevision,at,via,cause,acknowledged,evidence\n09101-01,na-1,,X,0,2021-05-23T21:10:00+07:00,paper,entry,a.b c,\n`;
    const [line] = await read(text);
    expect(line).toEqual({
      line: 2,
      raw: {
        station: '09101-01',
        contest: 'na-1',
        fields: {},
        votes: {},
        id: 'X',
        expectedRevision: 0,
        at: '2021-05-23T21:10:00+07:00',
        via: 'paper',
        cause: 'entry',
        acknowledged: ['a.b', 'c'],
      },
    });
  });

  test.each([
    ['"1.234"', 'separator'],
    ['"1,234"', 'separator'],
    ['"1 234"', 'separator'],
    ['1234.0', 'decimals'],
    ['-5', 'negative'],
    ['=1+1', 'formula'],
    ['１２', 'digits other than 0 to 9'],
    ['0x10', 'found'],
    ['1e3', 'found'],
  ])('refuses %s as a count and does not guess', async (cell, why) => {
    const [line] = await read(`${HEADER}\n09101-01,na-1,${cell},9,5,4,\n`);
    expect(problemsOf(line)).toEqual(['not-digits']);
    expect(wordsOf(line)).toContain('digits only');
    expect(wordsOf(line)).toContain(why);
    expect(line).toMatchObject({ line: 2, problems: [{ pointer: '/fields/C' }] });
  });

  test('refuses counts above 999,999,999, and tells every problem of a row', async () => {
    const [line] = await read(`${HEADER}\n09101-01,na-1,1000000000,-1,5,x,\n`);
    expect(problemsOf(line)).toEqual(['too-large', 'not-digits', 'not-digits']);
    expect(await read(`${HEADER}\n09101-01,na-1,999999999,9,5,4,\n`)).toMatchObject([
      { raw: { fields: { C: 999_999_999 } } },
    ]);
  });

  test('refuses the whole file for unknown, nameless and doubled columns, all told at once', async () => {
    const lines = await read(`station,contest,c,Ghost,votes.99,V,V,\n${ROW}\n${ROW}\n`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ line: 1, wholeFile: true });
    expect(wordsOf(lines[0])).toMatch(/"c"; did you mean "C".*"Ghost".*"votes\.99".*"V" stands twice.*no name/s);
  });

  test('refuses the whole file without the columns station and contest', async () => {
    const [line] = await read('C,V\n1,2\n');
    expect(problemsOf(line)).toEqual(['missing-column', 'missing-column']);
  });

  test('without an election, field columns are for the server to judge', async () => {
    const text = 'station,contest,Ghost,T,votes.77\nS,c,1,2021-05-23T21:10:00+07:00,3\n';
    expect(await read(text, {})).toEqual([
      {
        line: 2,
        raw: { station: 'S', contest: 'c', fields: { Ghost: 1, T: '2021-05-23T21:10:00+07:00' }, votes: { '77': 3 } },
      },
    ]);
    expect(problemsOf((await read('station,contest,a b\nS,c,1\n', {}))[0])).toEqual(['unknown-column']);
  });

  test('reads a reason with separators, quotes and line breaks', async () => {
    const lines = await read(`${HEADER}\n09101-01,na-1,10,9,5,4,"a, ""b""\nand c"\n${ROW}\n`, { election }, 3);
    expect(lines).toEqual([
      { line: 2, raw: { ...SHEET, reason: 'a, "b"\nand c' } },
      { line: 4, raw: SHEET },
    ]);
  });
});

describe('a damaged line costs itself alone', () => {
  const damages: [string, Buffer, string][] = [
    ['invalid UTF-8', Buffer.from([0x30, 0xff, 0xfe, 0x2c]), 'not-utf8'],
    ['a NUL byte', Buffer.from('09101-01,na-1,1\0,9,5,4,'), 'nul-byte'],
    ['a line of a megabyte', Buffer.alloc(1_100_000, 'x'), 'too-long'],
    ['a line of a megabyte of quotes', Buffer.alloc(1_100_001, '"'), 'too-long'],
    ['a row too short', Buffer.from('09101-01,na-1,1'), 'ragged-row'],
    ['a number with the separator', Buffer.from('09101-01,na-1,1,234,9,5,4,'), 'ragged-row'],
    ['a quote never closed', Buffer.from('09101-01,na-1,"10,9,5,4,'), 'unclosed-quote'],
    ['a quote at the end', Buffer.from('09101-01,na-1,10,9,5,4,"'), 'unclosed-quote'],
    ['a quote inside a cell', Buffer.from('09101-01,na-1,1"0,"9,5,4,'), 'bad-quotes'],
    ['text after a quote', Buffer.from('09101-01,na-1,"10"x,9,5,4,'), 'bad-quotes'],
  ];

  test.each(damages)('in CSV: %s', async (_, bytes, code) => {
    const file = Buffer.concat([Buffer.from(`${HEADER}\n${ROW}\n`), bytes, Buffer.from(`\n${`${ROW}\n`.repeat(30)}`)]);
    for (const chunk of [1_000, 65_536]) {
      const lines = await read(file, { election }, chunk);
      expect(lines).toHaveLength(32);
      expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 32 }, (_, i) => i + 2));
      expect(problemsOf(lines[1])).toEqual([code]);
      expect(lines.filter((_, i) => i !== 1).every((line) => 'raw' in line)).toBe(true);
    }
  });

  test('two stray quotes do not join the rows between them into one', async () => {
    const stray = '09101-01,na-1,10,9,5,4,"';
    const lines = await read([HEADER, ROW, stray, ROW, ROW, stray, ROW].join('\n'));
    expect(lines.map((line) => ('raw' in line ? 'sheet' : problemsOf(line)[0]))).toEqual([
      'sheet',
      'unclosed-quote',
      'sheet',
      'sheet',
      'unclosed-quote',
      'sheet',
    ]);
  });

  test.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-utf8'],
    ['a NUL byte', Buffer.from('{"station":"\0"}'), 'nul-byte'],
    ['a line of a megabyte', Buffer.alloc(1_100_000, '{'), 'too-long'],
    ['a cut line', Buffer.from('{"station":"09101-01","con'), 'not-json'],
    ['a decimal', Buffer.from('{"fields":{"C":1234.0}}'), 'not-digits'],
    ['an exponent', Buffer.from('{"fields":{"C":1e3}}'), 'not-digits'],
    ['minus zero', Buffer.from('{"fields":{"C":-0}}'), 'negative'],
  ])('in NDJSON: %s', async (_, bytes, code) => {
    const good = Buffer.from(`${JSON.stringify(SHEET)}\n`);
    const lines = await read(Buffer.concat([good, bytes, Buffer.from('\n\n'), good]));
    expect(lines).toEqual([
      { line: 1, raw: SHEET },
      { line: 2, problems: [expect.objectContaining({ code })] },
      { line: 4, raw: SHEET },
    ]);
    const first = await read(Buffer.concat([bytes, Buffer.from('\n'), good, good]));
    expect(first.map((line) => ('raw' in line ? 'sheet' : 'refused'))).toEqual(['refused', 'sheet', 'sheet']);
  });
});

test('a megabyte line is not kept: memory stays flat over a gigabyte of it', async () => {
  const chunk = Buffer.alloc(1_048_576, 'x');
  async function* endless(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${HEADER}\n`);
    for (let i = 0; i < 1_024; i += 1) yield chunk;
    yield Buffer.from(`\n${ROW}\n`);
  }
  const before = process.memoryUsage().rss;
  const lines: SheetFileLine[] = [];
  for await (const line of readSheets(endless(), { election })) lines.push(line);
  expect(lines).toEqual([
    { line: 2, problems: [expect.objectContaining({ code: 'too-long' })] },
    { line: 3, raw: SHEET },
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_048_576);
});

test('a JSON list is refused with what to do instead; an empty file has no sheets', async () => {
  const [line] = await read(`[\n${JSON.stringify(SHEET)}\n]\n`);
  expect(line).toMatchObject({ line: 1, wholeFile: true });
  expect(wordsOf(line)).toContain('NDJSON');
  expect(await read('')).toEqual([]);
  expect(await read('\n\n  \n')).toEqual([]);
});
