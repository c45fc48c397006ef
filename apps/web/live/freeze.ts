import type { Signal } from '@preact/signals';
import type { ElectionAnswer, FreezeAnswer } from '#wire';

/** Takes over that publication was frozen, or goes on. */
export function takeFreeze(election: Signal<ElectionAnswer | undefined>, freeze: FreezeAnswer | null): void {
  const known = election.peek();
  if (known && known.freeze?.since !== freeze?.since) election.value = { ...known, freeze };
}
