/** `tally verify`: checks an export without any server, and says in plain words what that proves and what not. */
import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { parseVerifier, type Verifier } from '#transparency';
import { type VerifyReport, verifyExport } from '#verification';
import { wrongUsage } from '../errors.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly key?: Verifier;
  readonly head?: readonly string[];
}

export function verifyCommand(program: Command, session: Session): void {
  program
    .command('verify')
    .description('check an export: definition, signatures, every tree, and all results counted anew from the events')
    .argument('<dir>', 'a folder written by `tally export`')
    .option('--key <key>', 'the key that the election is known by (tally/ID/head+…)', readKey)
    .option('--head <file>', 'an election head kept from earlier: the log must go on from it; repeatable', addFile)
    .addHelpText(
      'after',
      '\nEnds with 1 if anything is wrong.\n\nExamples:\n  $ tally verify export\n  $ tally verify export --key tally/my-election/head+… --head head-of-monday',
    )
    .action(async (folder: string, { key, head = [] }: Options) => {
      if (/^https?:/.test(folder))
        throw wrongUsage('verify reads a folder: take a copy of the export first, then verify that.');
      const heads = await Promise.all(head.map(readHead));
      const task = session.progress('verifying', 'events');
      const report = await verifyExport(folder, { ...(key && { key }), heads, onProgress: task.update }).finally(
        task.end,
      );
      if (report.faults.length > 0) session.exitCode = 1;
      if (session.json) return session.out.json(report);
      await tellFaults(session, report);
      for (const line of wordsOf(report)) await session.out.line(line);
    });
}

function readKey(text: string): Verifier {
  const key = parseVerifier(text);
  if (!key) throw new InvalidArgumentError('It is no verifier key: <name>+<eight hex digits>+<base64>.');
  return key;
}

function addFile(file: string, before: readonly string[] = []): readonly string[] {
  return [...before, file];
}

async function readHead(from: string): Promise<{ from: string; note: string }> {
  try {
    return { from, note: await readFile(from, 'utf8') };
  } catch (error) {
    throw wrongUsage(`--head ${from} can't be read: ${(error as Error).message}`);
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

function proved({
  definition,
  events,
  log,
  counted,
  accepted,
  rejected,
  keyWasGiven,
  key,
  headsKept,
}: VerifyReport): string[] {
  const who = keyWasGiven ? 'the key you gave' : `the key ${key}`;
  const refusals = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  const lines = [
    `- The definition is the one that was signed: ${definition}.`,
    log === 'entries'
      ? `- The ${events} events are exactly those that ${who} signed, in that order; none was changed, added or left out.`
      : `- The hashes of ${events} events are exactly those that ${who} signed, in that order.`,
  ];
  if (headsKept > 0)
    lines.push(`- The log goes on from the ${headsKept} earlier heads given: nothing was rewritten since.`);
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

function notProved({ keyWasGiven, counted, recordKeys, headsKept, log }: VerifyReport): string[] {
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
  if (recordKeys > 0)
    lines.push(
      `- That ${recordKeys} records lay under a wrong key, for which they were rejected: the operator says so.`,
    );
  if (headsKept === 0)
    lines.push('- That everybody is shown this same log: compare the file `head` with others, and keep it for --head.');
  lines.push(
    '- That the rules were applied rightly when sheets came in: their findings are taken from the events.',
    '- That the figures are those on the paper sheets of the stations.',
  );
  return lines;
}
