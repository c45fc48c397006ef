/**
 * The Merkle trees of the logs, as they are kept: full tiles, which never change, and of each shard the right edge of
 * its tree. All of it is a function of the log, so it can be made anew at any time; what is kept only saves the work.
 * The election heads that were signed are kept beside them, and what witnesses cosigned.
 *
 * An adapter promises what `contract.ts` checks.
 */
import type { ElectionId } from '#domain';
import type { RecordKey, Tile } from '#transparency';

/** The right edge of a shard's tree. */
export interface TreeEdge {
  /** Number of leaves. */
  readonly size: number;
  /** By level: the hashes of the unfinished tile, one after the other; empty where it has none. */
  readonly levels: readonly Uint8Array[];
}

export const EMPTY_EDGE: TreeEdge = { size: 0, levels: [] };

/** What a shard's tree has grown by. */
export interface Growth {
  readonly shard: number;
  /** Leaves before. */
  readonly from: number;
  /** Tiles that became full. */
  readonly tiles: readonly Tile[];
  /** Records among the new ones that lie under another key than their event gives. */
  readonly recordKeys: readonly RecordKey[];
  readonly edge: TreeEdge;
}

/**
 * `grown`: stored, or it was already there. `ahead`: another one is further. `behind`: the store has less than `from`
 * leaves: it has lost something, and the tree has to be grown from what it has.
 */
export type GrowthOutcome = 'grown' | 'ahead' | 'behind';

/** A signed election head that was kept. */
export interface KeptHead {
  /** Events of all shards: heads are in the order of it. */
  readonly events: number;
  /** Whether the head names the fingerprint. */
  readonly hasFingerprint: boolean;
  /** When it was signed, RFC 3339. */
  readonly time: string;
  readonly note: string;
}

/** What a witness signed over a shard's checkpoint. */
export interface KeptCosignature {
  readonly shard: number;
  /** Its verifier key. */
  readonly witness: string;
  /** Leaves of the checkpoint. */
  readonly size: number;
  /** The line of its signature, with its line feed. */
  readonly line: string;
}

/** The trees of one election. */
export interface ElectionTree {
  edge(shard: number): Promise<TreeEdge>;
  /** A full tile; undefined where there is none. */
  tile(shard: number, level: number, index: number): Promise<Uint8Array | undefined>;
  /** Stores tiles and record keys, then, only from where it was, the edge. */
  grow(growth: Growth): Promise<GrowthOutcome>;
  /** Of every shard, in the order of shard and offset. */
  recordKeys(): Promise<RecordKey[]>;
  /** Keeps a head where there is none of as many events, with or without fingerprint as it is. */
  keepHead(head: KeptHead): Promise<void>;
  /** The last heads that were kept, the newest first; of as many events the one with the fingerprint first. */
  heads(limit: number): Promise<KeptHead[]>;
  /** Keeps a cosignature in the place of the witness's last one of that shard, unless that is of a tree as large. */
  keepCosignature(cosignature: KeptCosignature): Promise<void>;
  /** The last one of each witness of a shard, in the order of their keys. */
  cosignatures(shard: number): Promise<KeptCosignature[]>;
}

/** The trees of all elections of one installation. */
export interface LogTrees {
  of(election: ElectionId): ElectionTree;
  close(): Promise<void>;
}

export class TreeError extends Error {
  readonly code: 'tree-full' | 'tree-unavailable' | 'other-log' | 'no-key' | 'other-key';
  constructor(code: TreeError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TreeError';
    this.code = code;
  }
}
