/** The files of an export, as they lie in a folder. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export class ExportFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** undefined where there is no such file. */
  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#folder, path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async text(path: string): Promise<string | undefined> {
    const bytes = await this.read(path);
    return bytes && Buffer.from(bytes).toString('utf8');
  }

  stream(path: string): AsyncIterable<Uint8Array> {
    return createReadStream(join(this.#folder, path));
  }
}

/** Whether an error of reading says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
