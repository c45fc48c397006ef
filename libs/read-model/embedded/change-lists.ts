/**
 * Which attempts changed a node, as lists of offsets: one list a node and batch, so that an attempt does not cost a
 * put for each unit above its station.
 *
 * A list is filed under its first offset and covers fewer than 4,096 offsets, so that a reader knows how far before
 * its range it has to look. How offsets are spread over lists depends on the batches; lists may lie between the
 * offsets of another, but no offset is in two.
 */
import type { ContestId, UnitCode } from '#domain';
import type { AttemptDoc } from '../port.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';

export const LIST_SPAN = 4_096;

export interface ChangeList {
  readonly unit: UnitCode;
  readonly contest: ContestId;
  /** Ascending. */
  readonly offsets: number[];
}

/** The lists of one batch's attempts, given in ascending order of offsets. */
export class ChangeLists {
  readonly all: ChangeList[] = [];
  /** The list that still takes offsets, by contest, then unit. */
  readonly #open = new Map<ContestId, Map<UnitCode, ChangeList>>();

  add(doc: AttemptDoc): void {
    const { changes, units } = doc;
    for (let i = 0; i < changes.length; i += 1) {
      const { contest } = changes[i]!;
      let lists = this.#open.get(contest);
      if (!lists) {
        lists = new Map();
        this.#open.set(contest, lists);
      }
      for (let j = 0; j < units.length; j += 1) this.#addTo(lists, units[j]!, contest, doc.offset);
    }
  }

  #addTo(lists: Map<UnitCode, ChangeList>, unit: UnitCode, contest: ContestId, offset: number): void {
    const list = lists.get(unit);
    if (!list || offset - list.offsets[0]! >= LIST_SPAN) {
      const begun: ChangeList = { unit, contest, offsets: [offset] };
      lists.set(unit, begun);
      this.all.push(begun);
    } else if (list.offsets[list.offsets.length - 1] !== offset) list.offsets.push(offset);
  }
}

export function writeChangeList(to: ByteWriter, { offsets }: ChangeList): Buffer {
  let last = 0;
  for (const offset of offsets) {
    to.whole(offset - last);
    last = offset;
  }
  return to.take();
}

export function readChangeList(value: Buffer): number[] {
  const from = new ByteReader(value);
  const offsets: number[] = [];
  for (let last = 0; !from.done; offsets.push(last)) last += from.whole();
  return offsets;
}
