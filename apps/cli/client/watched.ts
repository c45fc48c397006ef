/** Tells how far a long reading has come, and lets the process see to other things (Ctrl-C) on the way. */
import { setImmediate } from 'node:timers/promises';

export type OnProgress = (done: number, total: number) => void;

const EVERY_MS = 50;

/** The items as they are. `placeOf`: how many of `total` an item shows to be done. */
export async function* watched<T>(
  items: AsyncIterable<T>,
  placeOf: (item: T) => number,
  total: number,
  onProgress: OnProgress | undefined,
): AsyncGenerator<T> {
  let last = performance.now();
  for await (const item of items) {
    yield item;
    if (performance.now() - last < EVERY_MS) continue;
    onProgress?.(placeOf(item), total);
    await setImmediate();
    last = performance.now();
  }
}
