/** The projection as senders, readers and rebuilding see it, wherever its workers run. */
import type { ElectionId, Position } from '#domain';
import type { AttemptDoc, ReadModel } from '#read-model';
import type { ServedElection } from './elections.ts';
import type { Changes } from './shard-worker.ts';

export type ChangesListener = (changes: Changes) => void;

/** Where a record lies. */
export interface Place {
  readonly shard: number;
  readonly offset: number;
}

export interface Projection {
  /** Resolves once an election has a current version that is projected; again is a no-op. */
  serve(served: ServedElection): Promise<void>;
  /** The model that readers use; undefined where the election is not projected. */
  model(id: ElectionId): Promise<ReadModel | undefined>;
  /** How far a version is known to be written; the current version where none is named. */
  position(id: ElectionId, version?: number): Position;
  /**
   * Calls back after each batch of a current version, in order within a shard; returns what ends it. A batch that
   * begins beyond the end of the one before says that some are missing.
   */
  subscribe(listener: ChangesListener): () => void;
  /**
   * The fold's word on records, in their order: each one's attempt once the current version is past it; undefined for
   * those that it did not pass in time.
   */
  outcomes(id: ElectionId, places: readonly Place[], timeoutMs: number): Promise<(AttemptDoc | undefined)[]>;
  /** Resolves once the current version is at `position` or beyond in every shard; false at the deadline. */
  reached(id: ElectionId, position: Position, timeoutMs: number): Promise<boolean>;
  /** Has one version projected beside those there are. */
  project(served: ServedElection, model: ReadModel): Promise<void>;
  /** Resolves once a version has been written up to a position in every shard; rejects where the projection stops before. */
  caughtUp(
    id: ElectionId,
    version: number,
    to: Position,
    onProgress?: (at: Position) => void,
    deadline?: AbortSignal,
  ): Promise<void>;
  /**
   * Makes another projected version current; false where that fails, and all is as before. No figure goes back. The former
   * one is dropped, or with `keepsFormer` goes on beside.
   */
  switchTo(id: ElectionId, version: number, options?: { readonly keepsFormer?: boolean }): Promise<boolean>;
  /** Ends the projection of a version that is not current, and drops it. */
  retire(id: ElectionId, version: number): Promise<void>;
  stop(): Promise<void>;
}
