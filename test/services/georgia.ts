/** Georgia's presidential election of 2013, as `examples/georgia-2013/make.mjs` makes it: package, sheets, and what they add up to. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { root } from './checkout.ts';

export const GEORGIA = { election: 'georgia-2013', root: 'GE', contest: 'president', sheets: 3_707 } as const;

type Row = Readonly<Record<string, string>>;

export interface Sheet {
  readonly station: string;
  readonly contest: string;
  readonly fields: Readonly<Record<string, number>>;
  readonly votes: Readonly<Record<string, number>>;
}

export class Georgia {
  readonly folder: string;

  constructor({ shards = 4 } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'tally-georgia-'));
    execFileSync(process.execPath, [
      join(root, 'examples/georgia-2013/make.mjs'),
      this.folder,
      '--shards',
      String(shards),
    ]);
  }

  /** The election package. */
  get pack(): string {
    return join(this.folder, 'package');
  }

  /** Gives the package another id: several of them fit into one installation. */
  rename(id: string): void {
    const file = join(this.pack, 'election.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), id }));
  }

  /** The CSV file of all sheets. */
  get file(): string {
    return join(this.folder, 'sheets.csv');
  }

  /** Header and lines of the file. */
  lines(): { readonly header: string; readonly lines: readonly string[] } {
    const [header, ...lines] = readFileSync(this.file, 'utf8').trimEnd().split('\n');
    return { header: header!, lines };
  }

  sheets(): Sheet[] {
    return (parse(readFileSync(this.file), { columns: true }) as Row[]).map(({ station, contest, ...figures }) => {
      const given = Object.entries(figures).filter(([, text]) => text !== '');
      const votes = given.filter(([name]) => name.startsWith('votes.'));
      const fields = given.filter(([name]) => !name.startsWith('votes.'));
      return {
        station: station!,
        contest: contest!,
        fields: Object.fromEntries(fields.map(([name, text]) => [name, Number(text)])),
        votes: Object.fromEntries(votes.map(([name, text]) => [name.slice('votes.'.length), Number(text)])),
      };
    });
  }

  /**
   * The complete results as contracts §4 says they are printed, by plain addition: nothing here is Tally's own. Every
   * sheet is counted, none is verified, and `listed` is the one optional field.
   */
  expectedCsv(): string {
    const units = parse(readFileSync(join(this.pack, 'units.csv')), { columns: true }) as Row[];
    const parents = new Map(units.map(({ code, parent }) => [code!, parent!]));
    const sums = new Map<string, Map<string, number>>(units.map(({ code }) => [code!, new Map()]));
    const add = (station: string, key: string, value: number): void => {
      for (let code = station; code !== ''; code = parents.get(code)!) {
        const own = sums.get(code)!;
        own.set(key, (own.get(key) ?? 0) + value);
      }
    };
    for (const { code, level, registered } of units) {
      if (level !== 'precinct') continue;
      for (const name of ['stations', 'received', 'counted']) add(code!, `,progress.${name}`, 1);
      for (const name of ['registered', 'registeredCounted']) add(code!, `,progress.${name}`, Number(registered));
      for (const name of ['verified', 'held', 'disputed', 'awaiting', 'returned', 'annulled', 'sealed', 'closed'])
        add(code!, `,progress.${name}`, 0);
    }
    for (const { station, fields, votes } of this.sheets()) {
      for (const [id, value] of Object.entries(fields)) add(station, `provisional,field.${id}`, value);
      for (const [number, value] of Object.entries(votes)) add(station, `provisional,votes.${number}`, value);
      add(station, 'provisional,present.listed', fields.listed === undefined ? 0 : 1);
    }
    const rows = [...sums].flatMap(([code, own]) =>
      [...own].map(([key, value]) => `${code},${GEORGIA.contest},${key},${value}\n`),
    );
    rows.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `unit,contest,track,key,value\n${rows.join('')}`;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
