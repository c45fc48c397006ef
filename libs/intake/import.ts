/**
 * Imports the sheets of a file: batches, several in flight, in constant memory; every line settled or told (contracts §2).
 *
 * A line's id is kept for its own retries, so a line whose outcome is not known is sent again until it is. A sheet is in
 * flight at most once: lines about the same sheet are settled in the order of the file.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StructureProblem } from '#domain';
import type { SignedReceipt } from '#log-tree';
import type { SheetFileLine } from './sheet-line.ts';

export const SETTLED = ['accepted', 'held', 'unchanged', 'conflict', 'refused', 'awaiting', 'disputed'] as const;
export type SettledOutcome = (typeof SETTLED)[number];

/** What became of one sheet. */
export type SinkAnswer =
  | {
      readonly outcome: 'accepted' | 'held' | 'unchanged' | 'awaiting' | 'disputed';
      /** Where it was taken in and receipts are asked for. */
      readonly receipt?: SignedReceipt;
    }
  | { readonly outcome: 'conflict' | 'refused'; readonly problems: readonly StructureProblem[] }
  /** Not known yet: to be sent again with the same id. */
  | { readonly outcome: 'unknown'; readonly why: string };

/** Where sheets go. */
export interface SheetSink {
  /** One answer for each sheet, in order. */
  submit(sheets: readonly unknown[]): Promise<readonly SinkAnswer[]>;
  /** What became of a sheet when it was sent before, if it arrived; asked where sending it again was found `unchanged`. */
  earlier(sheet: unknown): Promise<SinkAnswer | undefined>;
}

export type ImportSummary = Readonly<Record<SettledOutcome | 'lines', number>>;

/** A line that was refused or in conflict. */
export interface ImportTrouble {
  readonly line: number;
  readonly outcome: 'conflict' | 'refused';
  readonly problems: readonly StructureProblem[];
}

/** A line that was taken in, and its receipt. */
export interface LineReceipt {
  readonly line: number;
  /** As it was sent. */
  readonly sheet: unknown;
  readonly receipt: SignedReceipt;
}

export interface ImportOptions {
  /** Bare name of the file: "import FILE" is the reason of lines without one. */
  readonly file: string;
  /** Sheets sent together; default 500. */
  readonly batch?: number;
  /** Batches in flight; default 3. */
  readonly inFlight?: number;
  /** How long one batch may stay unknown, milliseconds; default 60,000. */
  readonly deadlineMs?: number;
  /** Told of the lines that were taken in, of a batch at a time. */
  readonly onReceipts?: (receipts: readonly LineReceipt[]) => Promise<void>;
  readonly onTrouble?: (trouble: ImportTrouble) => Promise<void> | void;
  readonly onProgress?: (summary: ImportSummary) => void;
  /** Ends the import early: what is in flight is settled, nothing more is sent. */
  readonly signal?: AbortSignal;
  /** Waits between two tries; for tests. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** The store did not say in time what became of the lines sent; running the import again is harmless. */
export class ImportUnsettledError extends Error {
  readonly code = 'import-unsettled';
  /** What is known so far. */
  readonly summary: ImportSummary;

  constructor(why: string, summary: ImportSummary) {
    super(`no word on what became of the last lines (${why}); run the same import again, it doubles nothing`);
    this.name = 'ImportUnsettledError';
    this.summary = summary;
  }
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

interface Entry {
  readonly line: number;
  /** What is sent; undefined where the line states no sheet. */
  readonly sheet?: unknown;
  readonly problems?: readonly StructureProblem[];
}

/** Sends every line, settles every outcome. Throws `ImportUnsettledError` at the deadline, and what the sink throws. */
export async function importSheets(
  lines: AsyncIterable<SheetFileLine>,
  sink: SheetSink,
  options: ImportOptions,
): Promise<ImportSummary> {
  return new Importer(sink, options).run(lines);
}

class Importer {
  readonly #sink: SheetSink;
  readonly #options: ImportOptions;
  readonly #counts = Object.fromEntries([...SETTLED, 'lines'].map((name) => [name, 0])) as Record<
    SettledOutcome | 'lines',
    number
  >;
  #batch: Entry[] = [];
  #sheetsInBatch = new Set<string>();
  /** By sheet: the batch it is in flight with. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #inFlight = new Set<Promise<void>>();
  /** Outcomes are told in the order of the file. */
  #told: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  readonly #reason: string;

  constructor(sink: SheetSink, options: ImportOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#reason = `import ${options.file}`;
  }

  async run(lines: AsyncIterable<SheetFileLine>): Promise<ImportSummary> {
    const size = this.#options.batch ?? 500;
    try {
      for await (const line of lines) {
        if (this.#failure || this.#options.signal?.aborted) break;
        if ('raw' in line) {
          const key = sheetKey(line.raw);
          if (key !== null && this.#isUnderWay(key)) await this.#settled(key);
          this.#take(line.line, line.raw, key);
        } else this.#batch.push(line);
        if (this.#batch.length >= size) await this.#send();
      }
      await this.#send();
    } finally {
      await Promise.all(this.#inFlight);
      await this.#told;
    }
    if (this.#failure) throw this.#failure.error;
    return this.#counts;
  }

  #isUnderWay(key: string): boolean {
    return this.#sheetsInBatch.has(key) || this.#busy.has(key);
  }

  async #settled(key: string): Promise<void> {
    if (this.#sheetsInBatch.has(key)) await this.#send();
    await this.#busy.get(key);
  }

  #take(line: number, raw: unknown, key: string | null): void {
    if (key !== null) this.#sheetsInBatch.add(key);
    this.#batch.push({ line, sheet: this.#toSend(raw) });
  }

  /** The sheet with an id of its own and a reason, where the line has none; what a device signed stays as it is. */
  #toSend(raw: unknown): unknown {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || 'signature' in raw) return raw;
    return { id: randomUUID(), reason: this.#reason, ...raw };
  }

  async #send(): Promise<void> {
    const entries = this.#batch;
    const keys = this.#sheetsInBatch;
    if (entries.length === 0) return;
    this.#batch = [];
    this.#sheetsInBatch = new Set();
    while (this.#inFlight.size >= (this.#options.inFlight ?? 3)) await Promise.race(this.#inFlight);
    const settling = this.#settle(entries);
    const before = this.#told;
    this.#told = settling
      .then(async (answers) => {
        await before;
        await this.#tell(entries, answers);
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      });
    const settled = (): void => {
      this.#inFlight.delete(flight);
      for (const key of keys) if (this.#busy.get(key) === flight) this.#busy.delete(key);
    };
    const flight: Promise<void> = settling.then(settled, settled);
    this.#inFlight.add(flight);
    for (const key of keys) this.#busy.set(key, flight);
  }

  async #settle(entries: readonly Entry[]): Promise<(SinkAnswer | undefined)[]> {
    const answers = new Array<SinkAnswer | undefined>(entries.length);
    let open = entries.flatMap(({ problems }, i) => (problems ? [] : [i]));
    const { deadlineMs = 60_000, wait = delay } = this.#options;
    const deadline = Date.now() + deadlineMs;
    for (
      let tries = 0, pause = FIRST_WAIT_MS;
      open.length > 0;
      tries += 1, pause = Math.min(LONGEST_WAIT_MS, pause * 2)
    ) {
      if (tries > 0) await wait(pause);
      const sheets = open.map((i) => entries[i]!.sheet);
      const got = await this.#sink.submit(sheets);
      for (const [k, i] of open.entries()) {
        const answer = got[k] ?? { outcome: 'unknown', why: 'no answer' };
        const wasSentBefore = tries > 0 && answer.outcome === 'unchanged';
        answers[i] = wasSentBefore ? ((await this.#sink.earlier(sheets[k])) ?? answer) : answer;
      }
      open = open.filter((i) => answers[i]?.outcome === 'unknown');
      const last = answers[open[0] ?? -1];
      if (last?.outcome === 'unknown' && Date.now() >= deadline)
        throw new ImportUnsettledError(last.why, { ...this.#counts });
    }
    return answers;
  }

  async #tell(entries: readonly Entry[], answers: readonly (SinkAnswer | undefined)[]): Promise<void> {
    const receipts: LineReceipt[] = [];
    for (const [i, { line, sheet, problems }] of entries.entries()) {
      const answer: SinkAnswer = problems ? { outcome: 'refused', problems } : answers[i]!;
      if (answer.outcome === 'unknown') continue;
      this.#counts.lines += 1;
      this.#counts[answer.outcome] += 1;
      if ('receipt' in answer && answer.receipt !== undefined) receipts.push({ line, sheet, receipt: answer.receipt });
      if ('problems' in answer)
        await this.#options.onTrouble?.({ line, outcome: answer.outcome, problems: answer.problems });
    }
    if (receipts.length > 0) await this.#options.onReceipts?.(receipts);
    this.#options.onProgress?.({ ...this.#counts });
  }
}

/** Names the sheet that a line is about; null where it names none. */
function sheetKey(raw: unknown): string | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { station, contest } = raw as { station?: unknown; contest?: unknown };
  return typeof station === 'string' && typeof contest === 'string' ? `${station}/${contest}` : null;
}
