/**
 * A folder that an export is written into. Every file is written whole under another name first, so that whatever an
 * interruption leaves is either there or not.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Why nothing is exported into a folder; the message is for its user. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

export class ExportFolder {
  readonly path: string;
  readonly #made = new Set<string>();

  constructor(path: string) {
    this.path = path;
  }

  /** What lies in the folder; empty where there is none. */
  async names(): Promise<string[]> {
    return this.#ifThere(readdir(this.path), []);
  }

  /** undefined where there is no such file. */
  async read(path: string): Promise<Uint8Array | undefined> {
    return this.#ifThere(readFile(join(this.path, path)), undefined);
  }

  async text(path: string): Promise<string | undefined> {
    const bytes = await this.read(path);
    return bytes && Buffer.from(bytes).toString('utf8');
  }

  /** Whether there is such a file or folder. */
  async has(path: string): Promise<boolean> {
    return (await this.#ifThere(stat(join(this.path, path)), null)) !== null;
  }

  /** Writes a file, in the place of one that may be there. */
  async put(path: string, content: string | Uint8Array | AsyncIterable<string>): Promise<void> {
    const whole = join(this.path, path);
    const folder = dirname(whole);
    if (!this.#made.has(folder)) {
      await mkdir(folder, { recursive: true });
      this.#made.add(folder);
    }
    const part = `${whole}.part`;
    await writeFile(part, content);
    await rename(part, whole);
  }

  /** Moves a file here that lies at the same path of another folder on the same disk. */
  async take(from: ExportFolder, path: string): Promise<void> {
    await mkdir(dirname(join(this.path, path)), { recursive: true });
    await rename(join(from.path, path), join(this.path, path));
  }

  /** Writes a file that never changes: one that is there must hold the same. */
  async keep(path: string, bytes: Uint8Array): Promise<void> {
    const found = await this.read(path);
    if (!found) return this.put(path, bytes);
    if (Buffer.compare(found, bytes) !== 0)
      throw new ExportError(
        `${join(this.path, path)} holds something else than the log does: another history was exported into this folder, or the file was changed. Export into an empty folder.`,
      );
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.path, path), { recursive: true, force: true });
  }

  async #ifThere<T, U>(reading: Promise<T>, otherwise: U): Promise<T | U> {
    try {
      return await reading;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
      throw error;
    }
  }
}
