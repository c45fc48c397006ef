import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '#domain';
import { parseDefinition, readPackage } from './read-package.ts';
import { type Change, problemsOf, readSample, replaced, sampleFiles } from './sample.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function sampleFolder(changes?: Record<string, Change>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-package-'));
  folders.push(folder);
  for (const [name, bytes] of sampleFiles(changes)) await writeFile(join(folder, name), bytes);
  return folder;
}

describe('a valid package', () => {
  it('becomes a definition with its defaults filled in', () => {
    const result = readSample();
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.definition).toMatchObject({
      format: 1,
      id: 'sample-2030',
      rehearsal: false,
      polls: { closes: '2030-06-03T00:00:00+07:00' },
      publish: {
        progress: 'always',
        turnout: 'always',
        results: 'closed',
        log: 'certified',
        incidents: 'never',
        evidence: 'never',
        lowestLevel: 'station',
      },
      languages: ['en', 'vi'],
      shards: 1,
      shardLevel: 'commune',
      entry: 'single',
      holdOn: 'error',
      leaderThreshold: 0.5,
      packs: [],
      electorates: [
        { station: '024846-01', contest: 'council-1', registered: 1400 },
        { station: '024848-01', contest: 'council-1', registered: 1200 },
      ],
    });
    expect(result.definition.levels[0]).toEqual({ id: 'province', name: { en: 'Province' } });
    expect(result.definition.units[1]).toEqual({
      code: '024846',
      level: 'commune',
      name: 'Forest',
      parent: 'P',
      lat: 11.94,
      lon: 108.44,
    });
    expect(result.definition.contests[1]).toEqual({
      id: 'council-1',
      name: 'Council',
      area: ['024846', '024848'],
      form: 'count',
      body: 'council',
      seats: 3,
      decision: 'none',
      kind: 'first',
    });
    expect(result.definition.candidates[0]).toEqual({
      contest: 'na-1',
      number: '1',
      name: 'Ada',
      birthDate: '1970-01-02',
    });
    expect(result.summary).toEqual({
      election: 'sample-2030',
      units: 6,
      stations: 3,
      contests: 2,
      candidates: 5,
      rules: 2,
      registered: 3563,
    });
  });

  it('has canonical bytes that read back to the same definition, and their digest', () => {
    const result = readSample();
    if (!result.ok) throw new Error('refused');
    expect(parseDefinition(result.bytes)).toEqual(result.definition);
    expect(canonicalBytes(result.definition)).toEqual(result.bytes);
    expect(result.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has one digest however it is written down', () => {
    const digest = (changes: Record<string, Change>) => {
      const result = readSample(changes);
      return result.ok ? result.digest : result.problems;
    };
    const plain = digest({});
    expect(digest({ 'units.csv': (text) => `\ufeff${text.replaceAll('\n', '\r\n')}` })).toBe(plain);
    expect(digest({ 'units.csv': (text) => text.replaceAll(',', ';') })).toBe(plain);
    expect(digest({ 'units.csv': (text) => text.replaceAll(',', '\t') })).toBe(plain);
    expect(digest({ 'candidates.csv': (text) => text.replace('Ada', '"Ada"') })).toBe(plain);
    expect(digest({ 'candidates.csv': (text) => `${text}\n\n` })).toBe(plain);
    expect(digest({ 'election.json': replaced('Mẫu', 'Mẫu'.normalize('NFD')) })).toBe(plain);
    expect(digest({ 'election.json': replaced('  "rules"', '  "entry": "single", "shards": 1, "rules"') })).toBe(plain);
    expect(digest({ 'candidates.csv': replaced('Ada', 'Ida') })).not.toBe(plain);
  });

  it('may order its columns freely and name units in several languages', () => {
    const result = readSample({ 'candidates.csv': 'name_vi,name,number,contest\nMột,One,1,na-1\n,Two,1,council-1\n' });
    expect(result.ok && result.definition.candidates).toEqual([
      { contest: 'na-1', number: '1', name: 'One', names: { vi: 'Một' } },
      { contest: 'council-1', number: '1', name: 'Two' },
    ]);
  });

  it('keeps a warning where a rule that uses `other` asks for an error', () => {
    const result = readSample();
    expect(result.ok && result.definition.rules.map(({ id, severity }) => [id, severity])).toEqual([
      ['voted', 'error'],
      ['lists', 'warning'],
    ]);
  });

  it('takes the languages of its names where it lists none, and English where none says', () => {
    const result = readSample({ 'election.json': replaced('{ "en": "Sample", "vi": "Mẫu" }', '"Sample"') });
    expect(result.ok && [result.definition.languages, result.definition.name]).toEqual([['en'], { en: 'Sample' }]);
  });
});

describe('a folder', () => {
  it('is read, and what is no package file in it is left alone', async () => {
    const folder = await sampleFolder({ 'README.md': 'words', 'photo.png': new Uint8Array([0, 1, 2]) });
    await mkdir(join(folder, 'drafts'));
    const fromFolder = await readPackage(folder);
    const plain = readSample();
    expect(fromFolder.ok && fromFolder.digest).toBe(plain.ok && plain.digest);
  });

  it('is not followed out of through a link', async () => {
    const outside = await sampleFolder();
    const folder = await sampleFolder({ 'units.csv': null });
    await symlink(join(outside, 'units.csv'), join(folder, 'units.csv'));
    const result = await readPackage(folder);
    expect(!result.ok && result.problems.map(({ file, code }) => [file, code])).toEqual([
      ['units.csv', 'not-a-file'],
      ['units.csv', 'missing-file'],
    ]);
  });

  it('that is not there is a problem, not an exception', async () => {
    const result = await readPackage('/nowhere/at/all');
    expect(!result.ok && result.problems).toMatchObject([{ file: '/nowhere/at/all', code: 'unreadable' }]);
  });
});

describe('files', () => {
  it('that are missing are all named', () => {
    expect(problemsOf({ 'units.csv': null, 'candidates.csv': null }).map(({ file, code }) => [file, code])).toEqual([
      ['units.csv', 'missing-file'],
      ['candidates.csv', 'missing-file'],
    ]);
  });

  it('with a name that is none of a package are told', () => {
    expect(problemsOf({ 'unit.csv': 'code\n', 'electorate.json': '{}' })).toMatchObject([
      { file: 'unit.csv', code: 'unknown-file', message: expect.stringContaining('units.csv') },
      { file: 'electorate.json', code: 'unknown-file' },
    ]);
  });

  it('with rules that election.json does not name are told', () => {
    expect(problemsOf({ 'election.json': replaced('["rules.json"]', '[]') })).toMatchObject([
      { file: 'rules.json', code: 'unused-file', message: expect.stringContaining('"rules"') },
    ]);
  });
});

describe('many mistakes', () => {
  it('in many files are told at once', () => {
    const found = problemsOf({
      'election.json': replaced('"2030-06-02"', '"2030-02-30"'),
      'units.csv': replaced('900', '9.00'),
      'contests.csv': replaced(',3,,,', ',0,,,'),
      'candidates.csv': replaced('na-1,2,Bo', 'na-1,1,Bo'),
      'electorates.csv': replaced('1200', '-1'),
      'map.json': replaced('"024848"', '"24848"'),
      'rules.json': replaced('f.V <= f.C', 'f.V <= f.Z'),
    });
    expect(found.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)).toEqual([
      'election.json:4:11 bad-date',
      'units.csv:6:31 bad-count',
      'contests.csv:3:47 bad-count',
      'candidates.csv:3:6 duplicate-number',
      'electorates.csv:3:21 bad-count',
      'rules.json:3:25 unknown-field',
      'map.json:3:48 unknown-unit',
    ]);
  });

  it('beyond a thousand are counted', () => {
    const rows = Array.from({ length: 1500 }, (_, i) => `na-1,${i}x ,Name ${i}?,bad`).join('\n');
    const found = problemsOf({ 'candidates.csv': `contest,number,name,birth_date\n${rows}\n` });
    expect(found).toHaveLength(1001);
    expect(found.at(-1)).toMatchObject({
      file: '.',
      code: 'more-problems',
      message: expect.stringMatching(/^50[01] more/),
    });
  });

  it('are told in the other files also where election.json cannot be read', () => {
    const found = problemsOf({ 'election.json': '{', 'units.csv': replaced('900', '9,00'), 'rules.json': '{]' });
    expect(found.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'election.json json-syntax',
      'units.csv ragged-row',
      'rules.json json-syntax',
    ]);
  });
});
