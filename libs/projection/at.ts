/** `--at POSITION|TIME`: the position that a text names (contracts §4). */
import { isTimestamp, notBeyond, type Position, parsePosition } from '#domain';
import type { ReadModel } from '#read-model';
import type { ServedElection } from './elections.ts';
import { positionAtTime } from './view.ts';

export type At = { readonly position: Position; readonly isTime: boolean } | { readonly problem: string };

/** A printed position not beyond the model's, or a log time (RFC 3339 with an offset). */
export async function resolveAt(served: ServedElection, model: ReadModel, text: string): Promise<At> {
  const snapshot = await model.snapshot();
  try {
    const isTime: boolean = isTimestamp(text);
    if (isTime) return { position: await positionAtTime(snapshot, Date.parse(text)), isTime: true };
    const position = parsePosition(text, served.log.shards);
    const example = snapshot.position.map((offset, shard) => `${shard}:${offset}`).join(',');
    if (!position)
      return {
        problem: `"${text.slice(0, 80)}" is neither a position of this election (such as ${example}) nor a time (RFC 3339 with an offset).`,
      };
    if (!notBeyond(position, snapshot.position))
      return { problem: `Position ${text.slice(0, 80)} is beyond what has been counted so far, ${example}.` };
    return { position, isTime: false };
  } finally {
    snapshot.close();
  }
}
