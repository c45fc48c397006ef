/** A small rehearsal to work with in specs: package, folder for the data, and sheets of every station in every contest. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPackage, writeTemplate } from '#definition';
import { buildElection, type Election } from '#domain';

export const ELECTION = 'vi-du-2021-rehearsal';

export interface Rehearsal {
  readonly folder: string;
  readonly pack: string;
  /** Not made yet. */
  readonly data: string;
  /** A CSV file: `csvOf(10)`. */
  readonly sheets: string;
  /** How many sheets it has. */
  readonly count: number;
  /** Sheets that break no rule, with so many votes for each candidate. */
  readonly csvOf: (each: number) => string;
}

export async function makeRehearsal(): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-cli-'));
  const pack = join(folder, 'package');
  const sheets = join(folder, 'sheets.csv');
  await writeTemplate('vietnam-2021', pack);
  const read = await readPackage(pack);
  if (!read.ok) throw new Error('the template is not sound');
  const election = buildElection(read.definition, read.digest);
  const csvOf = (each: number): string => sheetsOf(election, each);
  await writeFile(sheets, csvOf(10));
  const count = csvOf(10).trimEnd().split('\n').length - 1;
  return { folder, pack, data: join(folder, 'data'), sheets, count, csvOf };
}

function sheetsOf(election: Election, each: number): string {
  const fields = ['C', 'V', 'P', 'R', 'H', 'K'];
  const numbers = [...new Set(election.contests.flatMap(({ layout }) => layout.candidates))];
  const rows = election.contests.flatMap(({ id, stations, layout }) =>
    stations.map(({ code }) => {
      const valid = each * layout.candidates.length;
      const votes = numbers.map((number) => (layout.candidates.includes(number) ? each : ''));
      return [code, id, valid + 20, valid, valid, valid, valid, 0, ...votes].join(',');
    }),
  );
  const header = ['station', 'contest', ...fields, ...numbers.map((number) => `votes.${number}`)].join(',');
  return `${[header, ...rows].join('\n')}\n`;
}
