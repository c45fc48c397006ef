/** Holds the published results against those that were counted anew, row by row. */
import { createHash } from 'node:crypto';
import { type Contest, CSV_HEADER } from '#domain';
import { EXPORT_FILES } from '#transparency';
import type { Faults } from './faults.ts';
import { type ExportFiles, isMissing } from './files.ts';
import type { Recount } from './recount.ts';

export interface CheckedCertification {
  readonly contest: string;
  readonly at: string;
  readonly fingerprint: string;
  /** Whether the results counted anew have that fingerprint. */
  readonly stands: boolean;
}

export interface CheckedResults {
  readonly fingerprint: string;
  readonly rows: number;
  readonly certifications: readonly CheckedCertification[];
}

export async function checkResults(files: ExportFiles, faults: Faults, recount: Recount): Promise<CheckedResults> {
  const { fingerprint, rows, certifications } = addUp(recount);
  const found = createHash('sha256');
  try {
    for await (const chunk of files.stream(EXPORT_FILES.results)) found.update(chunk);
  } catch (error) {
    if (!isMissing(error)) throw error;
    faults.add('file-missing', EXPORT_FILES.results, `${EXPORT_FILES.results} is missing`);
    return { fingerprint, rows, certifications };
  }
  if (found.digest('hex') !== fingerprint) await tellRows(files, faults, recount);
  return { fingerprint, rows, certifications };
}

function addUp(recount: Recount): CheckedResults {
  const hash = createHash('sha256');
  const hashes = new Map([...recount.certified.keys()].map((contest) => [contest, createHash('sha256')]));
  for (const one of hashes.values()) one.update(CSV_HEADER);
  let rows = -1;
  const onLines = (contest: Contest, lines: string): void => {
    hashes.get(contest)?.update(lines);
  };
  for (const text of recount.csv(onLines)) {
    hash.update(text);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) rows += 1;
  }
  const certifications = [...recount.certified].map(([contest, { at, fingerprint }]) => ({
    contest: contest.id,
    at,
    fingerprint,
    stands: hashes.get(contest)!.digest('hex') === fingerprint,
  }));
  return { fingerprint: hash.digest('hex'), rows, certifications };
}

/** Both are sorted by `unit,contest,track,key`: rows of one that the other lacks come where they would stand. */
async function tellRows(files: ExportFiles, faults: Faults, recount: Recount): Promise<void> {
  const counted = linesOf(recount.csv());
  const published = asyncLinesOf(files.stream(EXPORT_FILES.results));
  const before = faults.list.length;
  const tell = (row: Row, message: string): void =>
    faults.add('results-differ', `${EXPORT_FILES.results}: ${row.key}`, `${row.key}: ${message}`);
  let a = rowOf(counted.next());
  let b = rowOf(await published.next());
  while (a || b) {
    if (a && b && a.key === b.key) {
      if (a.value !== b.value) tell(a, `published ${b.value}, counted anew ${a.value}`);
      a = rowOf(counted.next());
      b = rowOf(await published.next());
    } else if (a && (!b || a.key < b.key)) {
      tell(a, `not published, counted anew ${a.value}`);
      a = rowOf(counted.next());
    } else if (b) {
      tell(b, `published ${b.value}, and there is no such figure`);
      b = rowOf(await published.next());
    }
  }
  if (faults.list.length === before)
    faults.add(
      'results-differ',
      EXPORT_FILES.results,
      `${EXPORT_FILES.results} has the right rows, but not byte for byte`,
    );
}

interface Row {
  readonly key: string;
  readonly value: string;
}

function rowOf(line: IteratorResult<string>): Row | null {
  if (line.done) return null;
  const comma = line.value.lastIndexOf(',');
  return { key: line.value.slice(0, comma), value: line.value.slice(comma + 1) };
}

function* linesOf(chunks: Iterable<string>): Generator<string> {
  for (const chunk of chunks) if (chunk !== '') yield* chunk.slice(0, -1).split('\n');
}

async function* asyncLinesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
