/** `tally import`: sheets from files or standard input. */
import { createReadStream } from 'node:fs';
import { access, constants, type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import {
  type ImportSummary,
  type ImportTrouble,
  ImportUnsettledError,
  importSheets,
  type LineReceipt,
  readSheets,
  SETTLED,
} from '#intake';
import type { ElectionClient } from '../client/client.ts';
import { refused } from '../errors.ts';
import { Output } from '../io.ts';
import { INTERRUPTED, type Session } from '../session.ts';

/** Files that are written beside. */
interface Outputs {
  readonly report?: string;
  readonly receipts?: string;
}

const STANDARD_INPUT = '-';

export function importCommand(program: Command, session: Session): void {
  program
    .command('import')
    .description('take in sheets from NDJSON or CSV; running it again loses and doubles nothing')
    .argument('<election>')
    .argument('<files...>', 'files of sheets; - is standard input')
    .option('--report <file>', 'write refused and conflicting lines there, not to stderr')
    .option('--receipts <file>', 'write the signed receipt of each line that was taken in there, as NDJSON')
    .addHelpText(
      'after',
      `
Prints: accepted A, held H, unchanged U, conflict C, refused R
Ends with 1 if any line was refused.

Examples:
  $ tally import my-election sheets.csv
  $ tally import my-election north.ndjson south.ndjson --report troubles.txt
  $ tally import my-election sheets.csv --receipts receipts.ndjson
  $ zcat sheets.csv.gz | tally import my-election -`,
    )
    .action(async (id: string, files: string[], options: Outputs) => {
      const sizes = await sizesOf(files);
      const client = await session.client();
      const election = await client.election(id);
      session.endsOnSignal = true;
      const total = await importFiles(session, election, files, sizes, options);
      await tellSummary(session, election, total);
      if (total.refused > 0) session.exitCode = 1;
      if (session.io.signal?.aborted) {
        await session.complain('tally: stopped before the end; run the same import again to go on');
        session.exitCode = INTERRUPTED;
      }
    });
}

/** Bytes of each file, undefined for standard input. Nothing is taken in where one of them can't be read. */
async function sizesOf(files: readonly string[]): Promise<(number | undefined)[]> {
  return Promise.all(
    files.map(async (file) => {
      if (file === STANDARD_INPUT) return undefined;
      try {
        const found = await stat(file);
        await access(file, constants.R_OK);
        if (!found.isDirectory()) return found.size;
      } catch (error) {
        throw refused(
          `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}. Nothing was taken in.`,
        );
      }
      throw refused(`${file} is a folder, not a file of sheets. Nothing was taken in.`);
    }),
  );
}

async function importFiles(
  session: Session,
  election: ElectionClient,
  files: readonly string[],
  sizes: readonly (number | undefined)[],
  { report, receipts: file }: Outputs,
): Promise<ImportSummary> {
  const reporter = await openReport(session, report);
  const receipts = file === undefined ? null : await openReport(session, file);
  const task = session.progress('importing', 'lines');
  const bytes = { read: 0, total: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) };
  const columns = await election.columns();
  const sink = await election.sink({ withReceipts: receipts !== null });
  let total = addUp([]);
  try {
    for (const file of files) {
      if (session.io.signal?.aborted) break;
      const before = total;
      const lines = readSheets(counted(sourceOf(session, file), bytes, session.io.signal), { columns });
      const done = await importSheets(lines, sink, {
        file: basename(file),
        ...(session.io.signal && { signal: session.io.signal }),
        ...(receipts && {
          onReceipts: async (taken) => {
            for (const one of taken) await receipts.tell(receiptLine(file, one));
          },
        }),
        onTrouble: (trouble) => reporter.tell(`${file}:${troubleLine(trouble)}`),
        onProgress: (summary) =>
          task.update(bytes.read, Math.max(bytes.total, bytes.read), before.lines + summary.lines),
      });
      total = addUp([before, done]);
    }
  } catch (error) {
    if (error instanceof ImportUnsettledError) await tellSummary(session, election, addUp([total, error.summary]));
    throw error;
  } finally {
    task.end();
    await reporter.close();
    await receipts?.close();
  }
  return total;
}

function sourceOf(session: Session, file: string): AsyncIterable<Uint8Array> {
  return file === STANDARD_INPUT ? session.io.stdin : createReadStream(file, { highWaterMark: 262_144 });
}

/** The chunks of a source, counted; none after Ctrl-C, also where the source has nothing to say for long. */
async function* counted(
  source: AsyncIterable<Uint8Array>,
  bytes: { read: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const stopped = new Promise<'stopped'>((resolve) => {
    signal?.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  let isWaiting = false;
  try {
    for (;;) {
      isWaiting = true;
      const next = await Promise.race([chunks.next(), stopped]);
      if (next === 'stopped') return;
      isWaiting = false;
      if (next.done) return;
      bytes.read += next.value.length;
      yield next.value;
    }
  } finally {
    // A source that is being waited for can't be ended before it says something; the process ends it.
    if (!isWaiting) await chunks.return?.();
  }
}

function troubleLine({ line, outcome, problems }: ImportTrouble): string {
  const reasons = problems.map(({ pointer, message }) => (pointer === '' ? message : `${message} (${pointer})`));
  return `${line}: ${outcome}: ${reasons.join(' ')}`;
}

function addUp(summaries: readonly ImportSummary[]): ImportSummary {
  const names = [...SETTLED, 'lines'] as const;
  return Object.fromEntries(
    names.map((name) => [name, summaries.reduce((sum, one) => sum + one[name], 0)]),
  ) as ImportSummary;
}

async function tellSummary(session: Session, election: ElectionClient, summary: ImportSummary): Promise<void> {
  if (session.json) return session.out.json({ election: election.id, ...summary });
  const { accepted, held, unchanged, conflict, refused: no, awaiting, disputed } = summary;
  const twice = (await election.summary()).entry === 'double' ? `, awaiting ${awaiting}, disputed ${disputed}` : '';
  await session.out.line(
    `accepted ${accepted}, held ${held}, unchanged ${unchanged}, conflict ${conflict}, refused ${no}${twice}`,
  );
}

/** As the answer to a sheet that is sent by itself: what was sent, and its receipt. */
function receiptLine(file: string, { line, sheet, receipt }: LineReceipt): string {
  const { id, station, contest } = sheet as { id: string; station: string; contest: string };
  return JSON.stringify({ file, line, id, station, contest, receipt });
}

interface Reporter {
  tell(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Where refused and conflicting lines are told: a file, or stderr. */
async function openReport(session: Session, file: string | undefined): Promise<Reporter> {
  if (file === undefined) return { tell: (line) => session.complain(line), close: async () => undefined };
  const stream = (await openToWrite(file)).createWriteStream();
  const output = new Output(stream);
  return {
    tell: (line) => output.line(line),
    async close() {
      await output.end();
      stream.end();
      await finished(stream);
    },
  };
}

async function openToWrite(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w');
  } catch (error) {
    throw refused(
      `Cannot write ${file}: ${error instanceof Error ? error.message : String(error)}. Nothing was taken in.`,
    );
  }
}
