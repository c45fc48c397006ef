/** The night as steps that a slider can stand at: the beginning, then each point of the timeline. */
import type { TimelinePoint } from '#wire';
import { isNotBeyond, readPosition } from '../live/position.ts';

/** A moment of the night. */
export interface Step {
  readonly position: string;
  /** RFC 3339; null: before the first sheet. */
  readonly time: string | null;
  readonly received: number;
}

export type NightPoint = Pick<TimelinePoint, 'position' | 'time' | 'received'>;

/** The position before anything. */
export function startOf(shards: number): string {
  return Array.from({ length: shards }, (_, shard) => `${shard}:0`).join(',');
}

export function stepsOf(points: readonly NightPoint[], shards: number): Step[] {
  return [{ position: startOf(shards), time: null, received: 0 }, ...points];
}

/** The last step that is not beyond the position: 0 where none is. */
export function stepAt(steps: readonly Step[], at: string): number {
  const position = readPosition(at);
  if (!position) return 0;
  let last = 0;
  for (const [i, step] of steps.entries()) {
    const own = readPosition(step.position);
    if (own && isNotBeyond(own, position)) last = i;
  }
  return last;
}

const WHOLE_NIGHT_STEPS = 120;
const CALM_STEPS = 12;

/** How the night is played: so many steps at a time, so long each; for those who want no motion few and long ones. */
export function tempo(steps: number, isCalm: boolean): { readonly stride: number; readonly everyMs: number } {
  const stride = Math.max(1, Math.ceil((steps - 1) / (isCalm ? CALM_STEPS : WHOLE_NIGHT_STEPS)));
  return { stride, everyMs: isCalm ? 2_000 : 350 };
}
