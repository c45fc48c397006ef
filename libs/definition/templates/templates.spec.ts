import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { buildElection } from '#domain';
import { readPackage } from '../package/read-package.ts';
import { compileRules } from '../rules/rule-book.ts';
import { TEMPLATES, writeTemplate } from './index.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-template-'));
  folders.push(folder);
  return folder;
}

describe.each(TEMPLATES)('template %s', (name) => {
  it('is a valid package, a rehearsal, with a page on what to edit', async () => {
    const folder = join(await newFolder(), 'new', 'election');
    expect(await writeTemplate(name, folder)).toMatchObject({ ok: true });
    const result = await readPackage(folder);
    expect(result).toMatchObject({ ok: true });
    if (!result.ok) return;
    expect(result.definition.rehearsal).toBe(true);
    expect(result.summary.rules).toBeGreaterThan(5);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('tally check .');
    const election = buildElection(result.definition, result.digest);
    expect(compileRules(election).version).toContain('rules:');
    for (const contest of election.contests) expect(contest.candidates.length).toBeGreaterThan(contest.row.seats);
  });
});

describe('writing a template', () => {
  it('leaves a folder alone that is not empty', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'mine.txt'), 'mine');
    expect(await writeTemplate('generic', folder)).toMatchObject({
      ok: false,
      message: expect.stringContaining('not empty (it holds mine.txt)'),
    });
  });

  it('says why where it cannot', async () => {
    const file = join(await newFolder(), 'file');
    await writeFile(file, '');
    expect(await writeTemplate('generic', join(file, 'below'))).toMatchObject({
      ok: false,
      message: expect.stringContaining('cannot write'),
    });
  });
});

describe('the Vietnamese templates', () => {
  it('have no district and commune contest for the armed forces', async () => {
    const folder = await newFolder();
    await writeTemplate('vietnam-2021', folder);
    const result = await readPackage(folder);
    if (!result.ok) throw new Error('refused');
    const election = buildElection(result.definition, result.digest);
    const bodies = (station: string) => election.contestsOf(station).map(({ row }) => row.body);
    expect(bodies('09101-03')).toEqual(['na', 'province']);
    expect(bodies('09101-01')).toEqual(['na', 'province', 'district', 'commune']);
  });
});
