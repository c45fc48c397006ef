/** `tally verify`: checks an export, or a copy taken from a server, and says in plain words what that proves and what not. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { COSIGNATURE, parseVerifier, type Verifier } from '#transparency';
import { type KeptNote, type KeptReceipt, type VerifyReport, verifyExport } from '#verification';
import { HttpLog, mirrorFrom, placeOf } from '../client/http-log.ts';
import { wrongUsage } from '../errors.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly key?: Verifier;
  readonly head?: readonly string[];
  readonly receipt?: readonly string[];
  readonly cosigned?: readonly string[];
  readonly witness?: readonly Verifier[];
  readonly election?: string;
}

export function verifyCommand(program: Command, session: Session): void {
  program
    .command('verify')
    .description('check an election: definition, signatures, every tree, and all results counted anew from the events')
    .argument('<dir|url>', 'a folder written by `tally export` or `tally mirror`; or the address of a server')
    .addOption(keyOption())
    .option('--head <file>', 'an election head kept from earlier: the log must go on from it; repeatable', addFile)
    .option(
      '--receipt <file>',
      'a receipt that was kept, or many, one a line: their events must lie in the log; repeatable',
      addFile,
    )
    .option(
      '--cosigned <file>',
      'a checkpoint that a witness cosigned: the log must go on from it; repeatable',
      addFile,
    )
    .option(
      '--witness <key>',
      'the key of a witness that you know, for what it cosigned of this log; repeatable',
      addWitness,
    )
    .option('--election <id>', 'of several on a server, where the address does not name it')
    .addHelpText(
      'after',
      '\nOf a server, everything that is public is copied and then checked here; `tally mirror` keeps the copy.\nEnds with 1 if anything is wrong.\n\nExamples:\n  $ tally verify export\n  $ tally verify https://results.example.org/vi/my-election\n  $ tally verify export --key tally/my-election/head+… --head head-of-monday --receipt receipt.json',
    )
    .action(async (place: string, { election, ...options }: Options) => {
      if (!/^https?:\/\//.test(place)) return verify(session, place, options);
      const folder = await mkdtemp(join(tmpdir(), 'tally-verify-'));
      try {
        const { server, election: id } = await placeOf(place, election);
        const task = session.progress('copying', 'events');
        const { key } = options;
        const source = new HttpLog(server, id);
        await mirrorFrom(source, { folder, newest: true, ...(key && { key }), onProgress: task.update }).finally(
          task.end,
        );
        await verify(session, folder, options);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

async function verify(session: Session, folder: string, options: Options): Promise<void> {
  const { key, head = [], receipt = [], cosigned = [], witness = [] } = options;
  const notes = (option: string, files: readonly string[]): Promise<KeptNote[]> =>
    Promise.all(files.map(async (from) => ({ from, note: await readKept(option, from) })));
  const receipts = (await Promise.all(receipt.map(readReceipts))).flat();
  const kept = {
    heads: await notes('--head', head),
    cosigned: await notes('--cosigned', cosigned),
    witnesses: witness,
    receipts,
  };
  const task = session.progress('verifying', 'events');
  const report = await verifyExport(folder, { ...(key && { key }), ...kept, onProgress: task.update }).finally(
    task.end,
  );
  if (report.faults.length > 0) session.exitCode = 1;
  if (session.json) return session.out.json(report);
  await tellFaults(session, report);
  for (const line of wordsOf(report)) await session.out.line(line);
}

/** `--key`, of every command that holds a log against the key it is known by. */
export function keyOption(): Option {
  return new Option('--key <key>', 'the key that the election is known by (tally/ID/head+…)').argParser(readKey);
}

function readKey(text: string): Verifier {
  const key = parseVerifier(text);
  if (!key) throw new InvalidArgumentError('It is no verifier key: <name>+<eight hex digits>+<base64>.');
  return key;
}

function addWitness(text: string, before: readonly Verifier[] = []): readonly Verifier[] {
  const witness = parseVerifier(text, COSIGNATURE);
  if (!witness) throw new InvalidArgumentError('It is no key of a witness: <name>+<eight hex digits>+<base64>.');
  return [...before, witness];
}

function addFile(file: string, before: readonly string[] = []): readonly string[] {
  return [...before, file];
}

/** One receipt, or one a line (`import --receipts`). */
async function readReceipts(file: string): Promise<KeptReceipt[]> {
  const text = await readKept('--receipt', file);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2 || !lines.every((line) => line.startsWith('{') && line.endsWith('}')))
    return [{ from: file, text }];
  return lines.map((line, i) => ({ from: `${file}:${i + 1}`, text: line }));
}

async function readKept(option: string, from: string): Promise<string> {
  try {
    return await readFile(from, 'utf8');
  } catch (error) {
    throw wrongUsage(`${option} ${from} can't be read: ${(error as Error).message}`);
  }
}

async function tellFaults(session: Session, { faults, moreFaults }: VerifyReport): Promise<void> {
  for (const { code, message } of faults) await session.complain(`tally: ${message} [${code}]`);
  for (const { code, count } of moreFaults) await session.complain(`tally: and ${count} more [${code}]`);
}

function wordsOf(report: VerifyReport): string[] {
  if (report.faults.length > 0) return [`found wanting: see above what and where`];
  return [
    `verified ${report.election} at ${report.position}`,
    'proved:',
    ...proved(report),
    'not proved:',
    ...notProved(report),
  ];
}

/** More receipts than these are counted, not listed. */
const TOLD_RECEIPTS = 20;

function proved({
  definition,
  events,
  log,
  counted,
  accepted,
  rejected,
  rotations,
  keyWasGiven,
  key,
  devices,
  headsKept,
  receipts,
  witnessed,
}: VerifyReport): string[] {
  const who = keyWasGiven && rotations === 0 ? 'the key you gave' : `the key ${key}`;
  const refusals = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  const lines = [
    `- The definition is the one that was signed: ${definition}.`,
    log === 'entries'
      ? `- The ${events} events are exactly those that ${who} signed, in that order; none was changed, added or left out.`
      : `- The hashes of ${events} events are exactly those that ${who} signed, in that order.`,
  ];
  if (rotations > 0)
    lines.push(
      `- The key was rotated ${rotations === 1 ? 'once' : `${rotations} times`}: each key is named by the one before it${keyWasGiven ? ', and the key you gave is one of them' : ''}.`,
    );
  if (headsKept > 0)
    lines.push(`- The log goes on from the ${headsKept} earlier heads given: nothing was rewritten since.`);
  for (const { by, at, shard, size } of witnessed)
    lines.push(`- The log goes on from what ${by} saw at ${at}: ${size} events of shard ${shard}.`);
  if (receipts.length > TOLD_RECEIPTS)
    lines.push(`- The events of ${receipts.filter(({ isReached }) => isReached).length} receipts are in the log.`);
  else
    for (const { from, id, place, isReached } of receipts)
      if (isReached) lines.push(`- The event of the receipt ${id} (${from}) is in the log, at ${place}.`);
  if (devices && devices.signed > 0)
    lines.push(
      `- Of the sheets sent, ${devices.signed} are signed by devices: ${devices.verified} signatures are right, by keys enrolled in the log for their stations.`,
    );
  if (counted) {
    lines.push(
      `- Counting them anew (${accepted} accepted, ${refusals} rejected attempts) gives the results of this export, all ${counted.rows} rows.`,
      `- The fingerprint is ${counted.fingerprint}.`,
    );
    for (const { contest, stands } of counted.certifications)
      if (stands) lines.push(`- The results of ${contest} are those that were certified.`);
  }
  return lines;
}

function notProved({
  keyWasGiven,
  counted,
  devices,
  recordKeys,
  headsKept,
  receipts,
  witnessed,
  notWitnessed,
  log,
}: VerifyReport): string[] {
  const lines: string[] = [];
  if (!keyWasGiven)
    lines.push(
      '- That the key is that of the election: compare it with where it was published, and give it with --key.',
    );
  if (!counted)
    lines.push(
      log === 'hashes'
        ? '- That the results follow from the events: these are not published yet, only their hashes.'
        : '- That the results follow from the events: not all results are in this export.',
    );
  for (const { contest } of counted?.certifications.filter(({ stands }) => !stands) ?? [])
    lines.push(`- That the results of ${contest} are those that were certified: they have changed since.`);
  for (const { from, id, place, isReached } of receipts)
    if (!isReached)
      lines.push(`- That the event of the receipt ${id} (${from}) is in the log: this copy ends before ${place}.`);
  if (devices && devices.unknown > 0)
    lines.push(
      `- Who signed ${devices.unknown} sheets: their devices were enrolled neither for the station nor for a unit above it.`,
    );
  if (devices && devices.afterRevocation.length > 0)
    lines.push(
      `- Who signed ${devices.afterRevocation.length} sheets: their devices had been revoked before, that of ${devices.afterRevocation[0]} first.`,
    );
  if (recordKeys > 0)
    lines.push(
      `- That ${recordKeys} records lay under a wrong key, for which they were rejected: the operator says so.`,
    );
  for (const name of notWitnessed) lines.push(`- That ${name} saw this log: nothing here has its cosignature.`);
  if (headsKept === 0 && witnessed.length === 0)
    lines.push('- That everybody is shown this same log: compare the file `head` with others, and keep it for --head.');
  lines.push(
    '- That the rules were applied rightly when sheets came in: their findings are taken from the events.',
    '- That the figures are those on the paper sheets of the stations.',
  );
  return lines;
}
