/** How sheets, totals and notes are written: all that the document says, also what stands in its key. */
import type { HoldReason } from '#domain';
import type { NoteDoc, SheetDoc, TotalsDoc } from '../port.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readEntered, readTotals, readView, writeEntered, writeTotals, writeView } from './view-codec.ts';
import { readWord, writeWord } from './words.ts';

const NEWEST = 1;
const SECOND = 2;
const STANDING = 4;
/** What stands is the newest revision: mostly so, and then written once. */
const STANDING_IS_NEWEST = 8;

export function writeSheet(to: ByteWriter, doc: SheetDoc): void {
  const { newest, second, standing } = doc;
  const standingIsNewest = standing !== null && standing === newest;
  to.text(doc.station);
  to.text(doc.contest);
  to.whole(doc.shard);
  to.whole(doc.offset);
  to.byte(
    (newest ? NEWEST : 0) |
      (second ? SECOND : 0) |
      (standing ? STANDING : 0) |
      (standingIsNewest ? STANDING_IS_NEWEST : 0),
  );
  if (newest) writeEntered(to, newest);
  if (second) writeEntered(to, second);
  if (standing && !standingIsNewest) writeEntered(to, standing);
  writeView(to, doc.view, newest?.figures);
  to.whole(doc.heldFor.length);
  for (const reason of doc.heldFor) writeWord(to, reason);
}

export function readSheet(value: Buffer): SheetDoc {
  const from = new ByteReader(value);
  const station = from.text();
  const contest = from.text();
  const shard = from.whole();
  const offset = from.whole();
  const flags = from.byte();
  const newest = flags & NEWEST ? readEntered(from) : null;
  const second = flags & SECOND ? readEntered(from) : null;
  const ownStanding = flags & STANDING && !(flags & STANDING_IS_NEWEST) ? readEntered(from) : null;
  const standing = flags & STANDING_IS_NEWEST ? newest : ownStanding;
  const view = readView(from, newest?.figures);
  const heldFor = Array.from({ length: from.whole() }, () => readWord<HoldReason>(from));
  return { station, contest, shard, offset, view, newest, second, standing, heldFor };
}

export function writeTotalsDoc(to: ByteWriter, doc: TotalsDoc): void {
  to.text(doc.unit);
  to.text(doc.contest);
  to.whole(doc.shard);
  to.whole(doc.offset);
  to.whole(doc.changes);
  writeTotals(to, doc.totals);
}

export function readTotalsDoc(value: Buffer): TotalsDoc {
  const from = new ByteReader(value);
  return {
    unit: from.text(),
    contest: from.text(),
    shard: from.whole(),
    offset: from.whole(),
    changes: from.whole(),
    totals: readTotals(from),
  };
}

export function writeNote(to: ByteWriter, doc: NoteDoc): void {
  to.json(doc);
}

export function readNote(value: Buffer): NoteDoc {
  return new ByteReader(value).json<NoteDoc>();
}
