/**
 * Fuzzing of what reads sheets: seeded damage to files (NDJSON, CSV) and to JSON bodies. It holds that no reader ever
 * throws, that every line has one outcome, and that good lines before and after damage come through as they were.
 */
import { isDeepStrictEqual } from 'node:util';
import { checkSheet, decodeEvent, type Election, encodeEvent, makeEvent } from '#domain';
import { damaged, Random } from './fuzz-damage.ts';
import { columnsOf, type SheetColumns } from './sheet-columns.ts';
import { readSheets } from './sheet-files.ts';
import { parseSheetJson } from './sheet-json.ts';
import type { SheetFileLine } from './sheet-line.ts';

export interface FuzzOptions {
  /** Run n of a seed is run 0 of seed + n: a failure names the seed that shows it at once. */
  readonly seed: number;
  readonly runs: number;
  readonly election: Election;
}

export interface FuzzReport {
  readonly runs: number;
  /** Outcomes of lines and bodies: those that state a sheet, and those refused. */
  readonly sheets: number;
  readonly refused: number;
}

/** A law that did not hold. */
export class FuzzFailure extends Error {
  readonly seed: number;
  /** What was read. */
  readonly bytes: Buffer;

  constructor(seed: number, law: string, bytes: Buffer, options?: ErrorOptions) {
    super(`seed ${seed}: ${law}`, options);
    this.name = 'FuzzFailure';
    this.seed = seed;
    this.bytes = bytes;
  }
}

interface Sheet {
  readonly station: string;
  readonly contest: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, number | string>>;
  readonly votes: Readonly<Record<string, number>>;
  readonly reason?: string;
}

/** Throws `FuzzFailure` at the first law that does not hold. */
export async function fuzzSheets({ seed, runs, election }: FuzzOptions): Promise<FuzzReport> {
  const columns = columnsOf(election);
  let sheets = 0;
  let refused = 0;
  for (let run = 0; run < runs; run += 1) {
    const random = new Random(seed + run);
    const kind = random.pick(['ndjson', 'csv', 'body'] as const);
    const outcomes =
      kind === 'body'
        ? fuzzBody(seed + run, random, election)
        : await fuzzFile(seed + run, random, election, columns, kind);
    for (const outcome of outcomes) {
      if ('raw' in outcome) sheets += 1;
      else refused += 1;
    }
  }
  return { runs, sheets, refused };
}

/* ------------------------------------------------------------ files */

async function fuzzFile(
  seed: number,
  random: Random,
  election: Election,
  columns: SheetColumns,
  format: 'ndjson' | 'csv',
): Promise<SheetFileLine[]> {
  const sheets = Array.from({ length: 2 + random.below(7) }, () => goodSheet(random, election));
  const lines = format === 'csv' ? csvLines(sheets) : sheets.map((sheet) => JSON.stringify(sheet));
  // Of a CSV, now and then the header itself: then all that is asked for is that nothing throws.
  const hurt = random.below(40) === 0 ? 0 : (format === 'csv' ? 1 : 0) + random.below(sheets.length);
  const parts = lines.map((line, i) => (i === hurt ? damaged(Buffer.from(line), random) : Buffer.from(line)));
  const ending = random.pick(['\n', '\r\n']);
  const bytes = Buffer.concat(
    parts.map((part, i) => Buffer.concat([part, Buffer.from(i < parts.length - 1 || random.below(2) ? ending : '')])),
  );
  const outcomes: SheetFileLine[] = [];
  try {
    for await (const outcome of readSheets(chunksOf(bytes, random), { columns })) outcomes.push(outcome);
    for (const outcome of outcomes)
      if ('raw' in outcome) checkSheet(election, outcome.raw, { revisionRequired: false });
  } catch (error) {
    throw new FuzzFailure(seed, `a reader threw ${error instanceof Error ? error.message : error}`, bytes, {
      cause: error,
    });
  }
  const isHeaderHurt = format === 'csv' && hurt === 0;
  // Damage to the first line of two may make NDJSON look like anything; from the second line on it is told by the first.
  const law = isHeaderHurt ? undefined : brokenLaw(format, sheets, hurt - (format === 'csv' ? 1 : 0), outcomes, bytes);
  if (law) throw new FuzzFailure(seed, law, bytes);
  return outcomes;
}

function brokenLaw(
  format: 'ndjson' | 'csv',
  sheets: readonly Sheet[],
  hurt: number,
  outcomes: readonly SheetFileLine[],
  bytes: Buffer,
): string | undefined {
  if (outcomes.some(({ line }, i) => i > 0 && line <= outcomes[i - 1]!.line)) return 'a line has two outcomes';
  if (format === 'ndjson') {
    const lines = bytes
      .toString('latin1')
      .split('\n')
      .filter((line) => /[^\s\u00a0\u00ef\u00bb\u00bf]/.test(line)).length;
    if (outcomes.length < lines) return `${lines} lines have ${outcomes.length} outcomes`;
  }
  const read = outcomes.flatMap((outcome) => ('raw' in outcome ? [outcome.raw] : []));
  let from = 0;
  for (const [i, sheet] of sheets.entries()) {
    if (i === hurt) continue;
    const place = read.findIndex((raw, at) => at >= from && isDeepStrictEqual(raw, sheet));
    if (place < 0) return `good sheet ${i} beside damaged sheet ${hurt} did not come through as it was`;
    from = place + 1;
  }
  return undefined;
}

async function* chunksOf(bytes: Buffer, random: Random): AsyncGenerator<Buffer> {
  const most = random.pick([7, 100, 65_536]);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(bytes.length > 100_000 ? 65_536 : most);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/* ------------------------------------------------------------ bodies */

function fuzzBody(seed: number, random: Random, election: Election): SheetFileLine[] {
  const bytes = damaged(Buffer.from(JSON.stringify(goodSheet(random, election))), random);
  try {
    const parsed = parseSheetJson(bytes.toString('utf8'));
    if (!parsed.ok) return [{ line: 1, problems: parsed.problems }];
    const check = checkSheet(election, parsed.raw, { revisionRequired: false });
    if (!check.ok) return [{ line: 1, problems: check.problems }];
    const { sheet, station, contest, id } = check.value;
    const actor = { id: 'fuzz', role: 'clerk', unit: station.code } as const;
    const head = {
      id,
      election: election.definition.id,
      subject: `${station.code}/${contest.id}`,
      time: '2026-01-01T00:00:00Z',
      definition: election.digest,
    };
    const event = makeEvent('tally.sheet.submitted.v1', head, { actor, findings: [], sheet });
    const decoded = decodeEvent(encodeEvent(event));
    if (!decoded.ok) throw new FuzzFailure(seed, `a sound sheet makes an unreadable event: ${decoded.why}`, bytes);
    return [{ line: 1, raw: parsed.raw }];
  } catch (error) {
    if (error instanceof FuzzFailure) throw error;
    throw new FuzzFailure(seed, `reading a body threw ${error instanceof Error ? error.message : error}`, bytes, {
      cause: error,
    });
  }
}

/* ------------------------------------------------------------ good sheets */

const REASONS = ['import', 'Đếm lại "cả hai"', 'two\nlines', 'a, b; c', '"quoted"'] as const;

function goodSheet(random: Random, election: Election): Sheet {
  const contest = random.pick(election.contests.filter(({ stations }) => stations.length > 0));
  const station = random.pick(contest.stations);
  const fields: Record<string, number | string> = {};
  const votes: Record<string, number> = {};
  for (const { id, optional } of contest.layout.fields)
    if (!optional || random.below(2)) fields[id] = random.below(3_000);
  for (const { id } of contest.layout.times) fields[id] = '2026-01-01T20:00:00+07:00';
  for (const number of contest.layout.candidates) votes[number] = random.below(1_000);
  const hex = (length: number): string => Array.from({ length }, () => random.below(16).toString(16)).join('');
  const id = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
  return {
    fields,
    votes,
    station: station.code,
    contest: contest.id,
    id,
    ...(random.below(3) === 0 && { reason: random.pick(REASONS) }),
  };
}

function csvLines(sheets: readonly Sheet[]): string[] {
  const fields = [...new Set(sheets.flatMap((sheet) => Object.keys(sheet.fields)))];
  const votes = [...new Set(sheets.flatMap((sheet) => Object.keys(sheet.votes)))];
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [
    ['station', 'contest', ...fields, ...votes.map((number) => `votes.${number}`), 'id', 'reason'].join(','),
    ...sheets.map((sheet) =>
      [
        sheet.station,
        sheet.contest,
        ...fields.map((id) => sheet.fields[id] ?? ''),
        ...votes.map((number) => sheet.votes[number] ?? ''),
        sheet.id,
        quoted(sheet.reason ?? ''),
      ].join(','),
    ),
  ];
}
