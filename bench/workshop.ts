/** Where measurements of one size work: the election package, the files of sheets, the data folder; made when first needed. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChildOptions, inChild, type Measured } from './child.ts';
import type { ImportAnswer, ImportRequest } from './import-task.ts';
import { makeNation, type Nation, writePackage, writeSheets } from './nation.ts';
import type { OpenRequest } from './open-task.ts';

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

  /** Says that the data folder holds the whole count. */
  get #mark(): string {
    return join(this.folder, 'counted');
  }

  /** Opens the election anew in a data folder and imports all of its sheets. */
  async count(format: 'csv' | 'ndjson'): Promise<Measured<ImportAnswer>> {
    const { dataFolder: folder } = this;
    await rm(this.#mark, { force: true });
    await this.openIn(folder);
    const request = { folder, file: await this.sheetFile(format) };
    const imported = await inChild<ImportRequest, ImportAnswer>('import-task', request, this.options);
    const { accepted, held } = imported.answer.summary;
    if (accepted + held !== this.sheets) throw new Error(`${accepted + held} of ${this.sheets} sheets were taken in`);
    await writeFile(this.#mark, '');
    return imported;
  }

  /** The data folder with every sheet counted. */
  async countedFolder(): Promise<string> {
    if (!existsSync(this.#mark)) await this.count('csv');
    return this.dataFolder;
  }

  /** Opens the election in a folder made anew; no sheet is in yet. */
  async openIn(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await inChild<OpenRequest, unknown>('open-task', { folder, path: await this.packageFolder() });
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
