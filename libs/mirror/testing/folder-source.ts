/** A server for specs: the routes of the public log, over the files of an export. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeEntries, EXPORT_FILES, encodeEntries, formatKeys, parseDescription } from '#transparency';
import type { LogSource } from '../source.ts';

const OTHERWISE: Readonly<Record<string, string>> = {
  'log/definition': EXPORT_FILES.definition,
  'log/record-keys': EXPORT_FILES.recordKeys,
  'log/head': EXPORT_FILES.head,
};
const FIRST_EVENT = '/tile/entries/000.p/1';

export class FolderSource implements LogSource {
  readonly address = 'https://results.example.org';
  readonly #folder: string;
  /** Reads until the connection is lost. */
  readsLeft = Number.POSITIVE_INFINITY;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(path: string): Promise<Uint8Array | null> {
    this.readsLeft -= 1;
    if (this.readsLeft < 0) throw new Error('connection lost');
    const { key, log } = parseDescription(await this.#text(EXPORT_FILES.description))!;
    if (path === 'log/key') return Buffer.from(formatKeys(key, await this.#rotations()));
    if (path === 'log/heads')
      return Buffer.from(JSON.stringify({ heads: [{ note: await this.#text(EXPORT_FILES.head) }] }));
    if (path.includes('/entries/') && log === 'hashes') return null;
    if (path.endsWith(FIRST_EVENT)) return this.#firstEvent(join(this.#folder, dirname(dirname(path))));
    return readFile(join(this.#folder, OTHERWISE[path] ?? path));
  }

  async find(path: string): Promise<Uint8Array | null> {
    try {
      return await this.read(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async *stream(path: string): AsyncGenerator<Uint8Array> {
    const bytes = await this.read(path);
    if (!bytes) throw new Error(`${path} is not public`);
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
  }

  async #rotations(): Promise<string> {
    const names = await readdir(this.#folder);
    return names.includes(EXPORT_FILES.rotations) ? this.#text(EXPORT_FILES.rotations) : '';
  }

  #text(path: string): Promise<string> {
    return readFile(join(this.#folder, path), 'utf8');
  }

  async #firstEvent(folder: string): Promise<Uint8Array> {
    const names = await readdir(folder);
    const first = names.includes('000') ? ['000'] : ['000.p', ...(await readdir(join(folder, '000.p')))];
    return encodeEntries(decodeEntries(await readFile(join(folder, ...first)))!.slice(0, 1));
  }
}
