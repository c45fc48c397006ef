/** Writes a batch that reaches back: inside a write transaction, each document is compared with the one stored. */
import type { ModelBatch, TotalsDoc } from '../port.ts';
import { blockWith } from './attempt-reads.ts';
import { readSheet, readTotalsDoc } from './document-codec.ts';
import type { ModelStore } from './store.ts';
import type { Encoder, Put } from './write-plan.ts';

/** To be called inside a write transaction of the store. */
export function writeGuarded(store: ModelStore, encoder: Encoder, batch: ModelBatch): void {
  const { attempts = [], notes = [], sheets = [], totals = [], states = [] } = batch;
  for (const doc of attempts) {
    if (blockWith(store, doc.shard, doc.offset)) continue;
    const puts: Put[] = [];
    encoder.attempts([doc], puts);
    puts.forEach(putNow);
  }
  for (const doc of notes) insert(encoder.note(doc));
  for (const doc of sheets) {
    const put = encoder.sheet(doc);
    const there = put.table.get(put.key);
    if (!there || readSheet(there).offset < doc.offset) putNow(put);
  }
  for (const doc of totals) replaceOlder(encoder.totals(doc), doc);
  for (const doc of states) insert(encoder.state(doc));
}

function replaceOlder(put: Put, doc: TotalsDoc): void {
  const there = put.table.get(put.key);
  if (!there || readTotalsDoc(there).offset < doc.offset) putNow(put);
}

function insert(put: Put): void {
  if (!put.table.doesExist(put.key)) putNow(put);
}

function putNow({ table, key, value }: Put): void {
  table.putSync(key, value);
}
