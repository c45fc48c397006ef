/**
 * The trees in MongoDB. Tiles and record keys are never changed, and are stored before the edge, which moves only from
 * where its worker left it: so an edge never speaks of a tile that is not there, and two workers on one shard do no harm.
 */
import { type Connection, type Model, mongo, Schema } from 'mongoose';
import type { ElectionId } from '#domain';
import { connectMongo, type MongoOptions, saysDuplicate, told } from '#read-model/mongo';
import type { RecordKey } from '#transparency';
import {
  type ElectionTree,
  EMPTY_EDGE,
  type Growth,
  type GrowthOutcome,
  type KeptCosignature,
  type KeptHead,
  type LogTrees,
  type TreeEdge,
} from '../port.ts';
import { packEdge, unpackEdge } from '../stored-edge.ts';

interface StoredTile {
  readonly _id: string;
  readonly bytes: Buffer;
}

interface StoredEdge {
  readonly _id: string;
  readonly size: number;
  readonly packed: Buffer;
}

type StoredRecordKey = RecordKey & { readonly _id: string; readonly election: ElectionId };
type StoredHead = KeptHead & { readonly _id: string; readonly election: ElectionId };
type StoredCosignature = KeptCosignature & { readonly _id: string; readonly election: ElectionId };

const OPTIONS = { versionKey: false, autoIndex: false, autoCreate: false, id: false } as const;
const tiles = new Schema<StoredTile>({ _id: String, bytes: Buffer }, OPTIONS);
const edges = new Schema<StoredEdge>({ _id: String, size: Number, packed: Buffer }, OPTIONS);
const recordKeys = new Schema<StoredRecordKey>(
  { _id: String, election: String, shard: Number, offset: Number, key: String },
  OPTIONS,
).index({ election: 1, shard: 1, offset: 1 });
const heads = new Schema<StoredHead>(
  { _id: String, election: String, events: Number, hasFingerprint: Boolean, time: String, note: String },
  OPTIONS,
).index({ election: 1, events: -1 });
const cosignatures = new Schema<StoredCosignature>(
  { _id: String, election: String, shard: Number, witness: String, size: Number, line: String },
  OPTIONS,
).index({ election: 1, shard: 1, witness: 1 });

interface Collections {
  readonly tiles: Model<StoredTile>;
  readonly edges: Model<StoredEdge>;
  readonly recordKeys: Model<StoredRecordKey>;
  readonly heads: Model<StoredHead>;
  readonly cosignatures: Model<StoredCosignature>;
}

/** Resolves once the server was reached; throws `ModelError`. */
export async function openMongoTrees(options: MongoOptions): Promise<LogTrees> {
  const connection = await connectMongo(options);
  const collections: Collections = {
    tiles: connection.model<StoredTile>('tree.tiles', tiles, 'tree.tiles'),
    edges: connection.model<StoredEdge>('tree.edges', edges, 'tree.edges'),
    recordKeys: connection.model<StoredRecordKey>('tree.recordKeys', recordKeys, 'tree.recordKeys'),
    heads: connection.model<StoredHead>('tree.heads', heads, 'tree.heads'),
    cosignatures: connection.model<StoredCosignature>('tree.cosignatures', cosignatures, 'tree.cosignatures'),
  };
  try {
    await told(() => collections.recordKeys.createIndexes());
    await told(() => collections.heads.createIndexes());
    await told(() => collections.cosignatures.createIndexes());
    return new MongoTrees(connection, collections);
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}

class MongoTrees implements LogTrees {
  readonly #connection: Connection;
  readonly #collections: Collections;

  constructor(connection: Connection, collections: Collections) {
    this.#connection = connection;
    this.#collections = collections;
  }

  of(election: ElectionId): ElectionTree {
    return new MongoTree(election, this.#collections);
  }

  async close(): Promise<void> {
    await this.#connection.destroy();
  }
}

class MongoTree implements ElectionTree {
  readonly #election: ElectionId;
  readonly #collections: Collections;

  constructor(election: ElectionId, collections: Collections) {
    this.#election = election;
    this.#collections = collections;
  }

  async edge(shard: number): Promise<TreeEdge> {
    const stored = await told(() => this.#collections.edges.findById(this.#id(shard)).lean().exec());
    return stored ? unpackEdge(bytesOf(stored.packed)) : EMPTY_EDGE;
  }

  async tile(shard: number, level: number, index: number): Promise<Uint8Array | undefined> {
    const stored = await told(() =>
      this.#collections.tiles
        .findById(this.#id(shard, level, index))
        .lean()
        .exec(),
    );
    return stored ? bytesOf(stored.bytes) : undefined;
  }

  async grow({ shard, from, tiles, recordKeys, edge }: Growth): Promise<GrowthOutcome> {
    await insertNew(
      this.#collections.tiles,
      tiles.map(({ level, index, bytes }) => ({ _id: this.#id(shard, level, index), bytes: Buffer.from(bytes) })),
    );
    await insertNew(
      this.#collections.recordKeys,
      recordKeys.map((one) => ({ _id: this.#id(shard, one.offset), election: this.#election, ...one })),
    );
    return this.#move(shard, from, edge);
  }

  async #move(shard: number, from: number, edge: TreeEdge): Promise<GrowthOutcome> {
    const _id = this.#id(shard);
    const next = { size: edge.size, packed: packEdge(edge) };
    if (from === 0 && (await insertNew(this.#collections.edges, [{ _id, ...next }])) === 0) return 'grown';
    const filter = { _id, size: from };
    const { matchedCount } = await told(() => this.#collections.edges.updateOne(filter, { $set: next }));
    if (matchedCount > 0) return 'grown';
    const { size } = await this.edge(shard);
    if (size === edge.size) return 'grown';
    return size > from ? 'ahead' : 'behind';
  }

  async recordKeys(): Promise<RecordKey[]> {
    const filter = { election: this.#election };
    const found = await told(() =>
      this.#collections.recordKeys.find(filter).sort({ shard: 1, offset: 1 }).lean().exec(),
    );
    return found.map(({ shard, offset, key }) => ({ shard, offset, key }));
  }

  async keepHead(head: KeptHead): Promise<void> {
    const _id = this.#id(head.events, head.hasFingerprint ? 1 : 0);
    await insertNew(this.#collections.heads, [{ _id, election: this.#election, ...head }]);
  }

  async heads(limit: number): Promise<KeptHead[]> {
    const filter = { election: this.#election };
    const order = { events: -1, hasFingerprint: -1 } as const;
    const found = await told(() => this.#collections.heads.find(filter).sort(order).limit(limit).lean().exec());
    return found.map(({ events, hasFingerprint, time, note }) => ({ events, hasFingerprint, time, note }));
  }

  async keepCosignature(cosignature: KeptCosignature): Promise<void> {
    const { shard, witness, size } = cosignature;
    const _id = this.#id(shard, witness);
    const model = this.#collections.cosignatures;
    if ((await insertNew(model, [{ _id, election: this.#election, ...cosignature }])) === 0) return;
    await told(() => model.updateOne({ _id, size: { $lt: size } }, { $set: cosignature }));
  }

  async cosignatures(shard: number): Promise<KeptCosignature[]> {
    const filter = { election: this.#election, shard };
    const found = await told(() => this.#collections.cosignatures.find(filter).sort({ witness: 1 }).lean().exec());
    return found.map(({ witness, size, line }) => ({ shard, witness, size, line }));
  }

  #id(...parts: readonly (number | string)[]): string {
    return [this.#election, ...parts].join(' ');
  }
}

const DUPLICATE_KEY = 11_000;

/** Stores documents that are never changed; resolves with how many were there already. */
async function insertNew<T extends { readonly _id: string }>(model: Model<T>, docs: readonly T[]): Promise<number> {
  if (docs.length === 0) return 0;
  const collection = model.collection as unknown as mongo.Collection<mongo.Document>;
  return told(async () => {
    try {
      await collection.insertMany(docs as unknown as mongo.OptionalUnlessRequiredId<mongo.Document>[], {
        ordered: false,
      });
      return 0;
    } catch (error) {
      const refused = refusedOf(error);
      if (refused === null) throw error;
      return refused;
    }
  });
}

/** How many documents were refused because they were there; null for any other failure. */
function refusedOf(error: unknown): number | null {
  if (!(error instanceof mongo.MongoBulkWriteError)) return saysDuplicate(error) ? 1 : null;
  const errors = error.result.getWriteErrors();
  const isConfirmed = !error.result.getWriteConcernError();
  return isConfirmed && errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY) ? errors.length : null;
}

function bytesOf(stored: Buffer | mongo.Binary): Uint8Array {
  return stored instanceof mongo.Binary ? stored.buffer : stored;
}
