/** All read models of one MongoDB data base. */
import type { Connection } from 'mongoose';
import type { ElectionId } from '#domain';
import { ModelError, type ModelPointer, type ReadModel, type ReadModels, type RebuildNote } from '../port.ts';
import { collectionsOf, dropCollections, forgetCollections, makeCollections, versionOf } from './collections.ts';
import { connectMongo, inWords, type MongoOptions, told } from './connection.ts';
import { MongoModel } from './mongo-model.ts';
import { Pointers } from './pointers.ts';
import { RebuildNotes } from './rebuild-notes.ts';

/** Connects, and clears away what was left of dropped versions. Throws `ModelError` where the server can't be reached. */
export async function openMongoModels(options: MongoOptions): Promise<ReadModels> {
  const connection = await connectMongo(options);
  const models = new MongoModels(connection);
  try {
    await models.sweep();
    return models;
  } catch (error) {
    await models.close();
    throw error;
  }
}

class MongoModels implements ReadModels {
  readonly #connection: Connection;
  readonly #pointers: Pointers;
  readonly #notes: RebuildNotes;
  readonly #open = new Map<string, MongoModel>();
  #closing: Promise<void> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#pointers = new Pointers(connection);
    this.#notes = new RebuildNotes(connection);
  }

  async pointer(election: ElectionId): Promise<ModelPointer | undefined> {
    this.#mustBeOpen();
    return this.#pointers.read(election);
  }

  async create(election: ElectionId, shards: number, fold: string): Promise<ReadModel> {
    this.#mustBeOpen();
    const model = await this.#make(election, shards, fold);
    await this.#pointers.point(election, null, model.version);
    return model;
  }

  async ensure(election: ElectionId, shards: number, fold: string): Promise<ReadModel> {
    for (;;) {
      this.#mustBeOpen();
      const pointer = await this.#pointers.read(election);
      const current = pointer?.fold === fold ? await this.open(election, pointer.current) : undefined;
      if (current) return current;
      const made = await this.#make(election, shards, fold);
      if (await this.#pointers.point(election, pointer?.current ?? null, made.version)) return made;
      // Another one was quicker.
      await this.drop(election, made.version);
    }
  }

  async open(election: ElectionId, version: number): Promise<ReadModel | undefined> {
    this.#mustBeOpen();
    const listed = await this.#pointers.listed(election, version);
    return listed && this.#opened(election, version, listed.shards);
  }

  async touch(election: ElectionId, version: number): Promise<boolean> {
    this.#mustBeOpen();
    return this.#pointers.touch(election, version);
  }

  async abandoned(election: ElectionId, olderThanMs: number): Promise<number[]> {
    this.#mustBeOpen();
    return this.#pointers.untouched(election, olderThanMs);
  }

  async switch(election: ElectionId, from: number, to: number): Promise<boolean> {
    this.#mustBeOpen();
    return this.#pointers.point(election, from, to);
  }

  async rebuildNote(election: ElectionId): Promise<RebuildNote | undefined> {
    this.#mustBeOpen();
    return this.#notes.read(election);
  }

  async noteRebuild(election: ElectionId, seen: number, text: string): Promise<boolean> {
    this.#mustBeOpen();
    return this.#notes.write(election, seen, text);
  }

  async drop(election: ElectionId, version: number): Promise<void> {
    this.#mustBeOpen();
    if (!(await this.#pointers.strike(election, version)))
      throw new ModelError('model-unavailable', `version ${version} of ${election} is current; switch first`);
    const key = `${election}/${version}`;
    await this.#open.get(key)?.end(new ModelError('model-gone', `version ${version} of ${election} was dropped`));
    this.#open.delete(key);
    await this.#remove(election, version);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Removes collections of versions that were dropped: a drop that was cut short, a writer that came late. */
  async sweep(): Promise<void> {
    const collections = await told(() => this.#connection.listCollections());
    const there = new Map<string, { readonly election: ElectionId; readonly version: number }>();
    for (const { name } of collections) {
      const found = versionOf(name);
      if (found) there.set(`${found.election}/${found.version}`, found);
    }
    for (const { election, version } of there.values())
      if (await this.#pointers.isStruck(election, version)) await this.#remove(election, version);
  }

  async #close(): Promise<void> {
    const closed = new ModelError('model-unavailable', 'the read models are closed');
    await Promise.all(Array.from(this.#open.values(), (model) => model.end(closed)));
    await this.#connection.destroy();
  }

  /** A version whose collections are all there, listed but not current. */
  async #make(election: ElectionId, shards: number, fold: string): Promise<MongoModel> {
    const version = await this.#pointers.reserve(election, shards, fold);
    await inWords(() => makeCollections(collectionsOf(this.#connection, election, version), shards));
    if (!(await this.#pointers.ready(election, version)))
      throw new ModelError('model-gone', `version ${version} of ${election} was dropped while it was made`);
    return this.#opened(election, version, shards);
  }

  async #remove(election: ElectionId, version: number): Promise<void> {
    const collections = collectionsOf(this.#connection, election, version);
    await inWords(() => dropCollections(collections));
    forgetCollections(this.#connection, collections);
  }

  #opened(election: ElectionId, version: number, shards: number): MongoModel {
    const key = `${election}/${version}`;
    const there = this.#open.get(key);
    if (there) return there;
    const model = new MongoModel(election, version, shards, collectionsOf(this.#connection, election, version));
    this.#open.set(key, model);
    return model;
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new ModelError('model-unavailable', 'the read models are closed');
  }
}
