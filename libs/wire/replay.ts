/** A replay: how far it is, what it found, and what stands beside the live model. */
import type { ElectionId, Track } from '#domain';

export interface ReplayProgress {
  readonly stage: 'rebuilding' | 'comparing';
  readonly done: number;
  readonly total: number;
  /** While rebuilding: events that the rebuilt model is behind the live one. */
  readonly behind?: number;
}

export interface DifferentFigure {
  /** null: a figure of no track, as progress is. */
  readonly track: Track | null;
  /** `field.<id>`, `votes.<number>`, `progress.<name>`, or the name of what else is kept of a sheet or an attempt. */
  readonly key: string;
  /** null: none. */
  readonly live: number | string | null;
  readonly rebuilt: number | string | null;
}

export type ReplayCause =
  /** The live model took this event otherwise: the first from which on its attempts add up to something else. */
  | { readonly kind: 'event'; readonly at: string }
  /** The document is what it was before this event, the first that it lacks: an older one was put back, or a later one lost. */
  | { readonly kind: 'older'; readonly at: string }
  /** The attempts agree, but full states that are kept do not: from some event after `after` up to `at`. */
  | { readonly kind: 'between'; readonly after: string | null; readonly at: string }
  /** No event explains it: changed in the store. */
  | { readonly kind: 'store' };

export interface ReplayDifference {
  /** `unit/contest`, `state unit/contest SHARD:OFFSET`, `attempt SHARD:OFFSET` or `note KIND SHARD:OFFSET`. */
  readonly node: string;
  readonly live: unknown;
  readonly rebuilt: unknown;
  /** The unit and contest concerned, where they are known. */
  readonly unit: string | null;
  readonly contest: string | null;
  /** Which figures differ; none where only what is kept beside them does. */
  readonly figures: readonly DifferentFigure[];
  readonly cause: ReplayCause;
}

export interface ReplayReport {
  readonly election: ElectionId;
  readonly position: string;
  /** Nodes (a contest at a unit, of every level) that were compared. */
  readonly compared: number;
  readonly attempts: number;
  readonly different: number;
  /** The first hundred of them. */
  readonly differences: readonly ReplayDifference[];
  /** Fingerprints at that position. */
  readonly live: string;
  readonly rebuilt: string;
  readonly switched: boolean;
  /** Of the rebuilding alone. */
  readonly events: number;
  readonly seconds: number;
}

/**
 * `comparing` follows `rebuilding`; `compared`: the rebuilt model stands beside the live one; `switched`: it is live, the
 * former one beside; `ended`: only the live one is left; `failed`: it broke off, and the live one is as it was.
 */
export type ReplayStage = 'none' | 'rebuilding' | 'comparing' | 'compared' | 'switched' | 'ended' | 'failed';

/** `GET …/replay`: the replay under way, or the last one. */
export interface ReplayStateAnswer {
  readonly election: ElectionId;
  readonly stage: ReplayStage;
  /** RFC 3339; null where there was none. */
  readonly startedAt: string | null;
  /** Events, then units; of the present stage. */
  readonly done: number;
  readonly total: number;
  /** Of the present stage; null as long as that can't be said. */
  readonly perSecond: number | null;
  readonly secondsLeft: number | null;
  /** Events that the rebuilt model is behind the live one. */
  readonly behind: number;
  readonly report: ReplayReport | null;
  /** How long the model beside the live one is kept; null where none is. */
  readonly keptUntil: string | null;
  /** Why it broke off: the process that ran it ended, or met a fault. */
  readonly problem: 'interrupted' | 'failed' | null;
}
