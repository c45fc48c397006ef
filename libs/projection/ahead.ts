/** Reading ahead: a store that is asked for many things at once answers them together. */

/** So many readings under way at once. */
const WIDTH = 128;

/** What is read for each item, in their order; some are read before they are asked for. */
export async function* ahead<Item, Read>(
  items: readonly Item[],
  read: (item: Item) => Promise<Read>,
): AsyncGenerator<Read> {
  for (let from = 0; from < items.length; from += WIDTH)
    yield* await Promise.all(items.slice(from, from + WIDTH).map(read));
}
