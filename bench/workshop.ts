/** Where measurements of one size work: the election package, the files of sheets, the data folder; made when first needed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildOptions } from './child.ts';
import { makeNation, type Nation, writePackage, writeSheets } from './nation.ts';

export class Workshop {
  readonly folder: string;
  readonly nation: Nation;
  readonly sheets: number;
  readonly options: ChildOptions;

  constructor(folder: string, nation: Nation, options: ChildOptions) {
    this.folder = folder;
    this.nation = nation;
    this.sheets = nation.stations.length * 4;
    this.options = options;
  }

  static of(folder: string, sheets: number, seed: number, shards: number, options: ChildOptions): Workshop {
    return new Workshop(join(folder, String(sheets)), makeNation({ sheets, seed, shards }), options);
  }

  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  async packageFolder(): Promise<string> {
    const path = join(this.folder, 'package');
    if (!existsSync(path)) await writePackage(this.nation, path);
    return path;
  }

  async sheetFile(format: string): Promise<string> {
    const path = join(this.folder, `sheets.${format}`);
    await this.packageFolder();
    if (!existsSync(path)) await writeSheets(this.nation, path);
    return path;
  }
}
