/** How views of sheets, entered figures, totals and findings are written. */
import {
  type Entered,
  type Figures,
  type Finding,
  type NodeTotals,
  type SheetStatus,
  type SheetView,
  sameFigures,
  type TrackTotals,
} from '#domain';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { readWord, writeWord } from './words.ts';

const VERIFIED = 1;
const SEALED = 2;
const CLOSED = 4;
const STANDING = 8;
const HELD = 16;
/** The view's figures are the very ones of the entry that goes before it in a sheet's document. */
const STANDING_IS_NEWEST = 32;
const HELD_IS_NEWEST = 64;

/** `newest`: figures already written, that the view may share. */
export function writeView(to: ByteWriter, view: SheetView, newest?: Figures): void {
  const { standing, held } = view;
  const standingIsNewest = standing !== null && standing === newest;
  const heldIsNewest = held !== null && held === newest;
  to.byte(
    (view.verified ? VERIFIED : 0) |
      (view.sealed ? SEALED : 0) |
      (view.closed ? CLOSED : 0) |
      (standing ? STANDING : 0) |
      (held ? HELD : 0) |
      (standingIsNewest ? STANDING_IS_NEWEST : 0) |
      (heldIsNewest ? HELD_IS_NEWEST : 0),
  );
  to.whole(view.revision);
  writeWord(to, view.status);
  if (standing && !standingIsNewest) to.numbers(standing);
  if (held && !heldIsNewest) to.numbers(held);
}

export function readView(from: ByteReader, newest?: Figures): SheetView {
  const flags = from.byte();
  const revision = from.whole();
  const status = readWord<SheetStatus>(from);
  const figures = (has: number, isNewest: number): Figures | null => {
    if (!(flags & has)) return null;
    return flags & isNewest ? newest!.slice() : from.numbers();
  };
  return {
    revision,
    status,
    standing: figures(STANDING, STANDING_IS_NEWEST),
    verified: (flags & VERIFIED) !== 0,
    held: figures(HELD, HELD_IS_NEWEST),
    sealed: (flags & SEALED) !== 0,
    closed: (flags & CLOSED) !== 0,
  };
}

const HAS_TIMES = 1;
const HAS_FINDINGS = 2;

export function writeEntered(to: ByteWriter, entered: Entered): void {
  const hasTimes = hasKeys(entered.times);
  const hasFindings = entered.findings.length > 0;
  to.byte((hasTimes ? HAS_TIMES : 0) | (hasFindings ? HAS_FINDINGS : 0));
  to.whole(entered.revision);
  to.whole(entered.offset);
  to.numbers(entered.figures);
  writeTexts(to, entered.by);
  if (hasTimes) to.json(entered.times);
  if (hasFindings) to.json(entered.findings);
}

export function readEntered(from: ByteReader): Entered {
  const flags = from.byte();
  const revision = from.whole();
  const offset = from.whole();
  const figures = from.numbers();
  const by = readTexts(from);
  const times = flags & HAS_TIMES ? from.json<Entered['times']>() : {};
  const findings = flags & HAS_FINDINGS ? from.json<Finding[]>() : [];
  return { revision, figures, times, by, offset, findings };
}

export function writeTotals(to: ByteWriter, totals: NodeTotals): void {
  // Nothing held: then all that counts counts provisionally.
  const allIsProvisional = sameTrack(totals.all, totals.provisional);
  to.byte(allIsProvisional ? 1 : 0);
  writeTrack(to, totals.provisional);
  writeTrack(to, totals.verified);
  if (!allIsProvisional) writeTrack(to, totals.all);
  to.numbers(totals.progress);
}

export function readTotals(from: ByteReader): NodeTotals {
  const allIsProvisional = from.byte() === 1;
  const provisional = readTrack(from);
  const verified = readTrack(from);
  const all = allIsProvisional ? copyOf(provisional) : readTrack(from);
  return { provisional, verified, all, progress: from.numbers() };
}

function sameTrack(a: TrackTotals, b: TrackTotals): boolean {
  return a.sheets === b.sheets && sameFigures(a.sums, b.sums) && sameFigures(a.present, b.present);
}

function copyOf({ sheets, sums, present }: TrackTotals): TrackTotals {
  return { sheets, sums: sums.slice(), present: present.slice() };
}

function writeTrack(to: ByteWriter, track: TrackTotals): void {
  to.whole(track.sheets);
  to.numbers(track.sums);
  to.numbers(track.present);
}

function readTrack(from: ByteReader): TrackTotals {
  return { sheets: from.whole(), sums: from.numbers(), present: from.numbers() };
}

export function writeTexts(to: ByteWriter, texts: readonly string[]): void {
  to.whole(texts.length);
  for (const text of texts) to.text(text);
}

export function readTexts(from: ByteReader): string[] {
  return Array.from({ length: from.whole() }, () => from.text());
}

function hasKeys(object: object): boolean {
  for (const _key in object) return true;
  return false;
}
