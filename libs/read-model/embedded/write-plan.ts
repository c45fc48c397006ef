/**
 * What a batch puts where.
 *
 * The guards ("a document gives way only to one of a larger offset") cost no reading: a shard's mark says which
 * offset all its stored documents lie before, and a batch of later ones needs no look at any. Only where a batch
 * reaches back before the mark (a worker that was overtaken, a repeated batch) each document is looked at.
 */
import {
  AT_START,
  type AttemptDoc,
  type Checkpoint,
  type ModelBatch,
  type NoteDoc,
  type SheetDoc,
  type SheetKey,
  type TotalsDoc,
  type WriteOutcome,
} from '../port.ts';
import { BLOCK_ATTEMPTS, writeBlock } from './attempt-blocks.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { ChangeLists, writeChangeList } from './change-lists.ts';
import { writeNote, writeSheet, writeTotalsDoc } from './document-codec.ts';
import { ShapeTable } from './sheet-shapes.ts';
import type { ModelStore, Table } from './store.ts';

/** Where a shard stands. */
export interface ShardState {
  readonly checkpoint: Checkpoint;
  /** Every document of the shard has a smaller offset. */
  readonly mark: number;
}

export const START: ShardState = { checkpoint: AT_START, mark: 0 };

const NOTHING = Buffer.alloc(0);
/** No code is empty. */
export const NO_SHEET: SheetKey = { station: '', contest: '' };

export interface Put {
  readonly table: Table;
  readonly key: (string | number)[];
  readonly value: Buffer;
}

/** How the stored checkpoint answers a batch (port, `WriteOutcome`). */
export function judge({ checkpoint }: ModelBatch, state: ShardState): WriteOutcome {
  if (!checkpoint) return { outcome: 'moved' };
  const at = state.checkpoint.offset;
  if (at < checkpoint.from) return { outcome: 'behind', at };
  return at > checkpoint.to.offset ? { outcome: 'ahead', at } : { outcome: 'moved' };
}

/** The shard's state once a batch that was not `behind` is written. */
export function stateAfter(batch: ModelBatch, state: ShardState, outcome: WriteOutcome): ShardState {
  const { attempts = [], notes = [], sheets = [], totals = [], states = [] } = batch;
  let mark = state.mark;
  for (const docs of [attempts, notes, sheets, totals, states])
    for (let i = 0; i < docs.length; i += 1) if (docs[i]!.offset >= mark) mark = docs[i]!.offset + 1;
  const moves = batch.checkpoint && outcome.outcome === 'moved';
  return { mark, checkpoint: moves ? batch.checkpoint.to : state.checkpoint };
}

/** Whether no document of the batch can meet one that is stored, or another of the batch. */
export function isAllNew(batch: ModelBatch, mark: number): boolean {
  const { shard, attempts = [], notes = [], sheets = [], totals = [], states = [] } = batch;
  if (!isAscending(attempts, shard, mark) || !isAscending(notes, shard, mark)) return false;
  const sheetsSeen = new Pairs();
  for (const doc of sheets)
    if (doc.shard !== shard || doc.offset < mark || !sheetsSeen.add(doc.contest, doc.station)) return false;
  const partsSeen = new Pairs();
  for (const doc of totals)
    if (doc.shard !== shard || doc.offset < mark || !partsSeen.add(doc.contest, doc.unit)) return false;
  const statesSeen = new Pairs();
  for (const doc of states)
    if (doc.shard !== shard || doc.offset < mark || !statesSeen.add(doc.contest, `${doc.offset} ${doc.unit}`))
      return false;
  return true;
}

function isAscending(docs: readonly (AttemptDoc | NoteDoc)[], shard: number, mark: number): boolean {
  let least = mark;
  for (const doc of docs) {
    if (doc.shard !== shard || doc.offset < least) return false;
    least = doc.offset + 1;
  }
  return true;
}

class Pairs {
  readonly #seen = new Map<string, Set<string>>();

  /** false where the pair was added before. */
  add(first: string, second: string): boolean {
    let seconds = this.#seen.get(first);
    if (!seconds) {
      seconds = new Set();
      this.#seen.set(first, seconds);
    }
    const { size } = seconds;
    return seconds.add(second).size > size;
  }
}

/** Turns documents into puts. Everything is written out before lmdb is given anything, so a failure here leaves nothing. */
export class Encoder {
  readonly #store: ModelStore;
  readonly #to = new ByteWriter();
  readonly #shapes = new ShapeTable();

  constructor(store: ModelStore) {
    this.#store = store;
  }

  /** Puts for attempts in ascending order, none of which is stored yet, with the lists that lead to them. */
  attempts(docs: readonly AttemptDoc[], puts: Put[]): void {
    const lists = new ChangeLists();
    for (let from = 0; from < docs.length; ) {
      const to = endOfRun(docs, from);
      const { shard, offset } = docs[from]!;
      const value = writeBlock(this.#to, docs.slice(from, to), this.#shapes);
      puts.push({ table: this.#store.attempts, key: [shard, offset], value });
      from = to;
    }
    for (const doc of docs) {
      lists.add(doc);
      const { station, contest } = fileOf(doc);
      puts.push({ table: this.#store.attemptsOn, key: [station, contest, doc.shard, doc.offset], value: NOTHING });
    }
    for (const list of lists.all) {
      const key = [list.unit, list.contest, docs[0]!.shard, list.offsets[0]!];
      puts.push({ table: this.#store.changesOf, key, value: writeChangeList(this.#to, list) });
    }
  }

  note(doc: NoteDoc): Put {
    writeNote(this.#to, doc);
    return { table: this.#store.notes, key: [doc.kind, doc.shard, doc.offset, doc.subject], value: this.#to.take() };
  }

  sheet(doc: SheetDoc): Put {
    writeSheet(this.#to, doc);
    return { table: this.#store.sheets, key: [doc.station, doc.contest], value: this.#to.take() };
  }

  totals(doc: TotalsDoc): Put {
    writeTotalsDoc(this.#to, doc);
    return { table: this.#store.totals, key: [doc.unit, doc.contest, doc.shard], value: this.#to.take() };
  }

  state(doc: TotalsDoc): Put {
    writeTotalsDoc(this.#to, doc);
    return { table: this.#store.states, key: [doc.unit, doc.contest, doc.shard, doc.offset], value: this.#to.take() };
  }

  shard(shard: number, { checkpoint, mark }: ShardState): Put {
    this.#to.whole(checkpoint.offset);
    this.#to.double(checkpoint.logTime);
    this.#to.text(checkpoint.log);
    this.#to.whole(mark);
    return { table: this.#store.shards, key: [shard], value: this.#to.take() };
  }

  /** Puts for a batch that is all new. */
  all({ attempts = [], notes = [], sheets = [], totals = [], states = [] }: ModelBatch, puts: Put[]): void {
    this.attempts(attempts, puts);
    for (const doc of notes) puts.push(this.note(doc));
    for (const doc of sheets) puts.push(this.sheet(doc));
    for (const doc of totals) puts.push(this.totals(doc));
    for (const doc of states) puts.push(this.state(doc));
  }
}

export function readShard(value: Buffer): ShardState {
  const from = new ByteReader(value);
  return { checkpoint: { offset: from.whole(), logTime: from.double(), log: from.text() }, mark: from.whole() };
}

/** The sheet an attempt is filed under; where none is concerned, one that cannot be. */
function fileOf({ station, contest }: AttemptDoc): SheetKey {
  return station !== undefined && contest !== undefined ? { station, contest } : NO_SHEET;
}

function endOfRun(docs: readonly AttemptDoc[], from: number): number {
  const { offset } = docs[from]!;
  let to = from + 1;
  while (to < docs.length && to - from < BLOCK_ATTEMPTS && docs[to]!.offset === offset + to - from) to += 1;
  return to;
}
