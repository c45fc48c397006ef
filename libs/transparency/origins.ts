/** What the logs of an election, and its head, are called in signed notes. */
import type { ElectionId } from '#domain';

/** Of one shard's log. */
export function shardOrigin(election: ElectionId, shard: number): string {
  return `tally/${election}/${shard}`;
}

/** The election of a shard's name; null where it is none. */
export function electionOfShard(name: string): ElectionId | null {
  return /^tally\/([A-Za-z0-9._-]{1,64})\/(?:0|[1-9]\d{0,5})$/.exec(name)?.[1] ?? null;
}

/** Of the head over all shards. */
export function headOrigin(election: ElectionId): string {
  return `tally/${election}/head`;
}

/** The election of a head's name; null where it is none. */
export function electionOfHead(name: string): ElectionId | null {
  return /^tally\/([A-Za-z0-9._-]{1,64})\/head$/.exec(name)?.[1] ?? null;
}
