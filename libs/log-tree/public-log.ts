/** What is told of the logs to anybody: tiles, and what the installation signs: checkpoints, election heads. */
import type { KeyObject } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { Election, ElectionId, Position } from '#domain';
import {
  formatCheckpoint,
  formatHead,
  formatRecordKeys,
  formatVerifier,
  headOrigin,
  publicKeyOf,
  shardOrigin,
  signNote,
} from '#transparency';
import { type ElectionTree, type KeptCosignature, type LogTrees, TreeError } from './port.ts';
import { TreeReads } from './tree-reads.ts';

/** The key that signs for an election now, and the notes of the rotations that led to it, one after the other. */
export interface OwnKeys {
  readonly key: KeyObject;
  readonly rotations: string;
}

/** Where the keys of the installation are. */
export interface KeySource {
  /** null where the installation was given none. */
  read(election: ElectionId): Promise<OwnKeys | null>;
  /** Throws `TreeError` (`other-key`) where `present`, a verifier key, is not the present one. */
  rotate(election: ElectionId, present: string): Promise<OwnKeys | null>;
}

/** Another process may have rotated a key so long ago before it is noticed. */
const KEY_MS = 1_000;

export interface HeadRequest {
  readonly position?: Position;
  readonly fingerprint?: string | null;
}

export class PublicLog {
  readonly #trees: LogTrees;
  readonly #source: KeySource;
  readonly #keys = new Map<ElectionId, { readonly since: number; readonly keys: Promise<OwnKeys | null> }>();

  constructor(trees: LogTrees, source: KeySource) {
    this.#trees = trees;
    this.#source = source;
  }

  tree(election: ElectionId): ElectionTree {
    return this.#trees.of(election);
  }

  /** A shard's tree as it is stored now. */
  reads(election: ElectionId, shard: number): Promise<TreeReads> {
    return TreeReads.open(this.#trees.of(election), shard);
  }

  /** Throws `TreeError` (`no-key`) where nothing can be signed. */
  async keys(election: ElectionId): Promise<OwnKeys> {
    const known = this.#keys.get(election);
    const isFresh = known !== undefined && performance.now() - known.since < KEY_MS;
    return mustSign(await (isFresh ? known.keys : this.#keep(election, this.#source.read(election))));
  }

  async key(election: ElectionId): Promise<KeyObject> {
    return (await this.keys(election)).key;
  }

  /** Makes a new key, which the present one (as a verifier key) names; it signs from now on. */
  async rotate(election: ElectionId, present: string): Promise<OwnKeys> {
    // Until it is done, and where it is refused, the key goes on signing for everybody else.
    const keys = await this.#source.rotate(election, present);
    return mustSign(await this.#keep(election, Promise.resolve(keys)));
  }

  #keep(election: ElectionId, keys: Promise<OwnKeys | null>): Promise<OwnKeys | null> {
    const entry = { since: performance.now(), keys };
    this.#keys.set(election, entry);
    // The next call tries anew.
    keys.catch(() => this.#keys.get(election) === entry && this.#keys.delete(election));
    return keys;
  }

  /** The verifier key of the election head; the same public key signs for every shard. */
  async verifierKey(election: ElectionId): Promise<string> {
    return verifierKeyOf(election, await this.keys(election));
  }

  /** The signed checkpoint of a shard: of the tree as it is, or as it was at a size that it has. */
  async checkpoint(election: ElectionId, shard: number, reads: TreeReads, size = reads.size): Promise<string> {
    const name = shardOrigin(election, shard);
    const text = formatCheckpoint({ origin: name, ...(await reads.head(size)) });
    return signNote(text, { name, key: await this.key(election) });
  }

  /** The signed checkpoint of a shard as it is; where witnesses cosigned that very size, with their signatures. */
  async newestCheckpoint(election: ElectionId, shard: number, reads: TreeReads): Promise<string> {
    return this.#withCosignatures(election, shard, reads, reads.size, await this.tree(election).cosignatures(shard));
  }

  /**
   * The largest checkpoint of a shard that witnesses cosigned, up to a size, with their signatures; null where none did.
   */
  async cosigned(election: ElectionId, shard: number, reads: TreeReads, most = reads.size): Promise<string | null> {
    const kept = (await this.tree(election).cosignatures(shard)).filter(
      ({ size }) => size <= Math.min(most, reads.size),
    );
    const size = Math.max(0, ...kept.map((one) => one.size));
    return size === 0 ? null : this.#withCosignatures(election, shard, reads, size, kept);
  }

  async #withCosignatures(
    election: ElectionId,
    shard: number,
    reads: TreeReads,
    size: number,
    kept: readonly KeptCosignature[],
  ): Promise<string> {
    const lines = kept.filter((one) => one.size === size).map(({ line }) => line);
    return (await this.checkpoint(election, shard, reads, size)) + lines.join('');
  }

  /**
   * The signed head over all shards: as they are stored now, or as they were at a position that all of them have
   * reached; with the fingerprint of the results there, where it is to be told.
   */
  async head({ definition, digest }: Election, { position, fingerprint = null }: HeadRequest = {}): Promise<string> {
    const { id } = definition;
    const key = await this.key(id);
    const reads = await Promise.all(Array.from({ length: definition.shards }, (_, shard) => this.reads(id, shard)));
    const shards = await Promise.all(reads.map((one, shard) => one.head(position?.[shard])));
    const listed = (await this.#trees.of(id).recordKeys()).filter(({ shard, offset }) => offset < shards[shard]!.size);
    const keys = listed.length === 0 ? null : createHash('sha256').update(formatRecordKeys(listed)).digest('hex');
    const text = formatHead({ election: id, definition: digest, shards, keys, fingerprint });
    return signNote(text, { name: headOrigin(id), key });
  }

  /** Whether the trees are over all events before a position. */
  async reaches({ definition }: Election, position: Position): Promise<boolean> {
    const edges = await Promise.all(position.map((_, shard) => this.tree(definition.id).edge(shard)));
    return edges.every(({ size }, shard) => size >= position[shard]!);
  }
}

export function verifierKeyOf(election: ElectionId, { key }: OwnKeys): string {
  return formatVerifier({ name: headOrigin(election), publicKey: publicKeyOf(key) });
}

function mustSign(keys: OwnKeys | null): OwnKeys {
  if (keys) return keys;
  throw new TreeError('no-key', 'this installation has no key that signs its log (TALLY_KEYS)');
}
