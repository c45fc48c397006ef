/** All read models of a data folder: the pointers in one environment, each version in one of its own. */
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { ElectionId } from '#domain';
import { failureNow } from '#event-log/embedded';
import { ModelError, type ModelPointer, type ReadModel, type ReadModels, type RebuildNote } from '../port.ts';
import { EmbeddedModel } from './embedded-model.ts';

/** What is kept of an election's models; `next` so that a version's number is never used again. */
interface Entry {
  readonly pointer: ModelPointer;
  readonly folds: Readonly<Record<number, string>>;
  readonly shards: Readonly<Record<number, number>>;
  readonly next: number;
}

/** Opens the read models in `<folder>/model`, making the folder where there is none. The caller owns the folder. */
export async function openEmbeddedModels(folder: string): Promise<ReadModels> {
  const models = new EmbeddedModels(join(folder, 'model'));
  await models.sweep();
  return models;
}

class EmbeddedModels implements ReadModels {
  readonly #folder: string;
  readonly #root: RootDatabase<unknown, string>;
  readonly #entries: Database<Entry, string>;
  readonly #notes: Database<RebuildNote, string>;
  readonly #open = new Map<string, EmbeddedModel>();
  /** When a version was last made, touched or current in this process, by its monotonic clock. Others' makers are dead. */
  readonly #touched = new Map<string, number>();
  #closing: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
    this.#root = open<unknown, string>({ path: folder, noSubdir: false, overlappingSync: false });
    this.#entries = this.#root.openDB<Entry, string>('elections', { encoding: 'json' });
    this.#notes = this.#root.openDB<RebuildNote, string>('rebuilds', { encoding: 'json' });
  }

  async pointer(election: ElectionId): Promise<ModelPointer | undefined> {
    this.#mustBeOpen();
    return this.#entries.get(election)?.pointer;
  }

  async create(election: ElectionId, shards: number, fold: string): Promise<ReadModel> {
    this.#mustBeOpen();
    const version = this.#change(() => this.#add(election, shards, fold));
    this.#touched.set(`${election}/${version}`, performance.now());
    return this.#opened(election, version, shards);
  }

  async ensure(election: ElectionId, shards: number, fold: string): Promise<ReadModel> {
    this.#mustBeOpen();
    const version = this.#change(() => {
      const pointer = this.#entries.get(election)?.pointer;
      if (pointer?.fold === fold) return pointer.current;
      const made = this.#add(election, shards, fold);
      this.#point(election, made);
      return made;
    });
    return this.#opened(election, version, this.#entries.get(election)!.shards[version]!);
  }

  async touch(election: ElectionId, version: number): Promise<boolean> {
    this.#mustBeOpen();
    const isThere = this.#entries.get(election)?.pointer.versions.includes(version) ?? false;
    if (isThere) this.#touched.set(`${election}/${version}`, performance.now());
    return isThere;
  }

  async abandoned(election: ElectionId, olderThanMs: number): Promise<number[]> {
    this.#mustBeOpen();
    const pointer = this.#entries.get(election)?.pointer;
    const before = performance.now() - olderThanMs;
    return (pointer?.versions ?? []).filter((version) => {
      const touched = this.#touched.get(`${election}/${version}`);
      return version !== pointer?.current && (touched === undefined || touched <= before);
    });
  }

  async open(election: ElectionId, version: number): Promise<ReadModel | undefined> {
    this.#mustBeOpen();
    const entry = this.#entries.get(election);
    if (!entry?.pointer.versions.includes(version)) return undefined;
    return this.#opened(election, version, entry.shards[version]!);
  }

  async switch(election: ElectionId, from: number, to: number): Promise<boolean> {
    this.#mustBeOpen();
    const isSwitched = this.#change(() => {
      const entry = this.#entries.get(election);
      if (!entry || entry.pointer.current !== from || !entry.pointer.versions.includes(to)) return false;
      this.#point(election, to);
      return true;
    });
    if (isSwitched) this.#touched.set(`${election}/${from}`, performance.now());
    return isSwitched;
  }

  async rebuildNote(election: ElectionId): Promise<RebuildNote | undefined> {
    this.#mustBeOpen();
    return this.#notes.get(election);
  }

  async noteRebuild(election: ElectionId, seen: number, text: string): Promise<boolean> {
    this.#mustBeOpen();
    return this.#change(() => {
      if ((this.#notes.get(election)?.revision ?? 0) !== seen) return false;
      this.#notes.putSync(election, { revision: seen + 1, text });
      return true;
    });
  }

  async drop(election: ElectionId, version: number): Promise<void> {
    this.#mustBeOpen();
    this.#change(() => {
      const entry = this.#entries.get(election);
      if (!entry?.pointer.versions.includes(version)) return;
      if (entry.pointer.current === version)
        throw new ModelError('model-unavailable', `version ${version} of ${election} is current; switch first`);
      const versions = entry.pointer.versions.filter((other) => other !== version);
      this.#entries.putSync(election, { ...entry, pointer: { ...entry.pointer, versions } });
    });
    const key = `${election}/${version}`;
    await this.#open.get(key)?.close(new ModelError('model-gone', `version ${version} of ${election} was dropped`));
    this.#open.delete(key);
    await rm(this.#path(election, version), { recursive: true, force: true });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = new ModelError('model-unavailable', 'the read models are closed');
    for (const model of this.#open.values()) await model.close(closed);
    await this.#root.close();
  }

  #opened(election: ElectionId, version: number, shards: number): EmbeddedModel {
    const key = `${election}/${version}`;
    const there = this.#open.get(key);
    if (there) return there;
    const path = this.#path(election, version);
    const model = told(join(path, 'data.mdb'), () => new EmbeddedModel(election, version, shards, path));
    this.#open.set(key, model);
    return model;
  }

  /** Lists a new version; to be called inside a change. */
  #add(election: ElectionId, shards: number, fold: string): number {
    const there = this.#entries.get(election);
    const number = there?.next ?? 1;
    const pointer: ModelPointer = there
      ? { ...there.pointer, versions: [...there.pointer.versions, number] }
      : { current: number, versions: [number], fold };
    this.#entries.putSync(election, {
      pointer,
      folds: { ...there?.folds, [number]: fold },
      shards: { ...there?.shards, [number]: shards },
      next: number + 1,
    });
    return number;
  }

  /** Makes a listed version current; to be called inside a change. */
  #point(election: ElectionId, version: number): void {
    const entry = this.#entries.get(election)!;
    const pointer = { ...entry.pointer, current: version, fold: entry.folds[version]! };
    this.#entries.putSync(election, { ...entry, pointer });
  }

  /** Changes pointers in one transaction, durable when this returns; undone where it throws. */
  #change<T>(change: () => T): T {
    return told(join(this.#folder, 'data.mdb'), () => this.#root.transactionSync(change));
  }

  /** Removes what a drop left behind that was cut short. */
  async sweep(): Promise<void> {
    for (const election of await readdir(this.#folder, { withFileTypes: true })) {
      if (!election.isDirectory()) continue;
      const versions = this.#entries.get(election.name)?.pointer.versions ?? [];
      const listed = new Set(versions.map((version) => basename(this.#path(election.name, version))));
      for (const name of await readdir(join(this.#folder, election.name)))
        if (!listed.has(name)) await rm(join(this.#folder, election.name, name), { recursive: true, force: true });
    }
  }

  #path(election: ElectionId, version: number): string {
    return join(this.#folder, election, `v${version}`);
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new ModelError('model-unavailable', 'the read models are closed');
  }
}

/** Does what may meet lmdb's errors, and says them in the port's words. */
function told<T>(dataFile: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { kind, cause } = failureNow(error, dataFile);
    if (kind === 'full') throw new ModelError('model-full', 'the disk of the read models is full', { cause });
    if (kind === 'broken') throw new ModelError('model-unavailable', `the store failed (${String(cause)})`, { cause });
    throw error;
  }
}
