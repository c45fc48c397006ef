/**
 * Words that come up in every document, each written as one byte. The list is part of the format: words are added at
 * its end. A word that is not in it is written out, so the list never has to be complete.
 */
import type { ByteReader, ByteWriter } from './bytes.ts';

const WORDS = [
  'tally.election.opened.v1',
  'tally.sheet.submitted.v1',
  'tally.sheet.resolved.v1',
  'tally.sheet.released.v1',
  'tally.sheet.returned.v1',
  'tally.sheet.verified.v1',
  'tally.sheet.annulled.v1',
  'tally.count.sealed.v1',
  'tally.count.unsealed.v1',
  'tally.station.closed.v1',
  'tally.candidate.withdrawn.v1',
  'tally.minutes.recorded.v1',
  'tally.contest.certified.v1',
  'tally.contest.reopened.v1',
  'none',
  'awaiting-second',
  'disputed',
  'accepted',
  'held',
  'returned',
  'annulled',
  'verified',
  'rules',
  'sealed',
  'closed',
  'clerk',
  'reviewer',
  'verifier',
  'certifier',
  'manager',
  'observer',
  'repeat',
  'stale-revision',
  'precondition-failed',
  'unchanged',
  'not-allowed',
  'paper',
  'phone',
  'photo',
  'device',
  'import',
  'entry',
  'recount',
  'order',
] as const;

const WRITTEN_OUT = 255;
const codes: ReadonlyMap<string, number> = new Map(WORDS.map((word, code) => [word, code]));

export function writeWord(to: ByteWriter, word: string): void {
  const code = codes.get(word);
  if (code === undefined) {
    to.byte(WRITTEN_OUT);
    to.text(word);
  } else to.byte(code);
}

export function readWord<T extends string>(from: ByteReader): T {
  const code = from.byte();
  return (code === WRITTEN_OUT ? from.text() : WORDS[code]) as T;
}
