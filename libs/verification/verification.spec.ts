/** Any election that is exported can be verified; and what verifying says of logs that are strange. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province, town } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { story, tale, write, writeStep } from '../../test/kit/story.ts';
import { verifyExport } from './index.ts';
import { exported, temporaryFolder } from './testing/exported.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an export', () => {
  it('of any history verifies, and its fingerprint is that of a plain count', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        story({ minLength: 1, maxLength: 300 }),
        fc.constantFrom(1, 4),
        fc.constantFrom('single' as const, 'double' as const),
        async (steps, shards, entry) => {
          const author = new Author(electionOf(province({ shards, entry })));
          for (const step of steps) writeStep(author, step);
          number += 1;
          const path = join(folder, `any-${number}`);
          const { fingerprint } = await exported(author, path);
          const report = await verifyExport(path);
          expect(report.faults).toEqual([]);
          expect(report.counted?.fingerprint).toBe(createHash('sha256').update(author.plain.csv()).digest('hex'));
          expect(fingerprint).toBe(report.counted?.fingerprint);
          const accepted = author.records.filter(({ verdict }) => verdict.accepted).length;
          expect([report.events, report.accepted]).toEqual([author.records.length, accepted]);
        },
      ),
      { numRuns: 40, seed: 9 },
    );
  });

  it('that goes on from an earlier one is byte for byte a new one', async () => {
    const election = electionOf(province({ shards: 2 }));
    const steps = tale(900, 3);
    const early = new Author(election);
    write(early, steps.slice(0, 500));
    const late = new Author(election);
    write(late, steps);
    await exported(early, join(folder, 'on'));
    await exported(late, join(folder, 'on'));
    await exported(late, join(folder, 'new'));
    for (const path of ['head', 'export.json', 'log/0/checkpoint', 'log/1/checkpoint'])
      expect(await readFile(join(folder, 'on', path), 'utf8')).toBe(await readFile(join(folder, 'new', path), 'utf8'));
    expect((await verifyExport(join(folder, 'on'))).faults).toEqual([]);
  });

  it('is refused into the export of another history', async () => {
    const election = electionOf(town());
    const [one, other] = [3, 4].map((seed) => {
      const author = new Author(election);
      write(author, tale(300, seed));
      return author;
    });
    await exported(one!, join(folder, 'mine'));
    await expect(exported(other!, join(folder, 'mine'))).rejects.toThrow(/another history/);
  });

  it('holds a record that is too large by its hash, and one that is no event as it is', async () => {
    const author = new Author(electionOf(town()));
    write(author, tale(20, 1));
    const log = new MemoryLog(author.election.definition.id, 1, author.records);
    log.add({ shard: 0, key: 'A', value: Buffer.alloc(70_000, 'x') });
    log.add({ shard: 0, key: 'A', value: Buffer.from([0xff, 0x00]) });
    await exported(author, join(folder, 'strange'), { log });
    const report = await verifyExport(join(folder, 'strange'));
    expect(report.faults).toEqual([]);
    expect(report.rejected.unreadable).toBe(2);
  });

  it('says how many records were rejected for a key that no tree proves', async () => {
    const author = new Author(electionOf(town()));
    const figures = { fields: { H: 5 }, votes: { 1: 2, 2: 3 } };
    author.submit('A-1', 'all', figures, { key: 'P' });
    author.submit('A-2', 'all', figures);
    await exported(author, join(folder, 'keys'));
    const report = await verifyExport(join(folder, 'keys'));
    expect(report.faults).toEqual([]);
    expect([report.recordKeys, report.rejected['wrong-shard']]).toEqual([1, 1]);
  });

  it('of hashes alone proves the log, and counts nothing', async () => {
    const author = new Author(electionOf(province({ shards: 3 })));
    write(author, tale(700, 2));
    await exported(author, join(folder, 'hashes'), { withEntries: false });
    const report = await verifyExport(join(folder, 'hashes'));
    expect(report.faults).toEqual([]);
    expect([report.events, report.counted]).toEqual([author.records.length, null]);
  });

  it('says of a contest that was certified whether its results still are those', async () => {
    const author = new Author(electionOf(town()));
    const figures = (votes: number) => ({ fields: { H: 9 }, votes: { 1: votes, 2: 1 } });
    author.submit('A-1', 'all', figures(2));
    const print = createHash('sha256').update(author.plain.csv(undefined, 'all')).digest('hex');
    author.write(
      'tally.contest.certified.v1',
      'all',
      'P',
      { fingerprint: print, position: '0:2', reason: 'signed' },
      { role: 'certifier' },
    );
    await exported(author, join(folder, 'certified'));
    expect((await verifyExport(join(folder, 'certified'))).counted?.certifications).toEqual([
      expect.objectContaining({ contest: 'all', stands: true }),
    ]);
    author.submit('A-2', 'all', figures(7));
    await exported(author, join(folder, 'certified'));
    expect((await verifyExport(join(folder, 'certified'))).counted?.certifications).toEqual([
      expect.objectContaining({ contest: 'all', stands: false }),
    ]);
  });
});
