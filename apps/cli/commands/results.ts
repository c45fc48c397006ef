/** `tally results`: totals as a table, CSV or JSON (contracts §4). */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isTimestamp, TRACKS, type Track } from '#domain';
import type { ResultsAnswer } from '#wire';
import type { ResultsRequest } from '../client/client.ts';
import { wrongUsage } from '../errors.ts';
import type { Session } from '../session.ts';
import { resultsTable } from './results-table.ts';

interface ResultsOptions extends Omit<ResultsRequest, 'tracks'> {
  readonly track?: readonly Track[];
  readonly format?: 'table' | 'csv' | 'json';
}

export function resultsCommand(program: Command, session: Session): void {
  program
    .command('results')
    .description('totals of a unit, or of the tree below it')
    .argument('<election>')
    .option('--unit <code>', 'where to start (default: the root)')
    .option('--depth <n>', 'steps down the tree: a number or "all" (default: 0)', parseDepth)
    .option('--level <id>', 'only units of this level')
    .option('--contest <id>', 'only this contest')
    .addOption(new Option('--body <id>', 'fields and progress over the contests of a body').conflicts('contest'))
    .option(
      '--track <track>',
      `${TRACKS.join(', ')}; repeatable (default: provisional, in csv and json also verified)`,
      addTrack,
    )
    .option('--at <position|time>', 'as of a position (0:120,1:99) or a log time (RFC 3339)', parseAt)
    .addOption(
      new Option('--format <format>', 'table, csv (long form) or json (default: table)').choices([
        'table',
        'csv',
        'json',
      ]),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ tally results my-election --depth 1
  $ tally results my-election --unit north --contest mayor --track provisional --track all
  $ tally results my-election --at 2027-06-06T22:00:00+02:00
  $ tally results my-election --depth all --format csv | sha256sum   # = tally fingerprint my-election`,
    )
    .action(async (id: string, { track, format, ...request }: ResultsOptions) => {
      const wanted = format ?? (session.json ? 'json' : 'table');
      const election = await (await session.client()).election(id);
      if (wanted === 'table') return resultsTable(session, election, { ...request, tracks: track ?? ['provisional'] });
      const asked: ResultsRequest = { ...request, ...(track && { tracks: track }) };
      if (wanted === 'json') return writeJson(session, await election.results(asked));
      const task = session.progress('adding up', 'units');
      try {
        for await (const chunk of election.resultsCsv(asked, task.update)) await session.out.write(chunk);
      } finally {
        task.end();
      }
    });
}

/** A node a line: as one text, a nation would be longer than a string may be. */
async function writeJson({ out }: Session, { nodes, ...head }: ResultsAnswer): Promise<void> {
  await out.write(`${JSON.stringify(head).slice(0, -1)},"nodes":[`);
  for (const [i, node] of nodes.entries()) await out.write(`${i === 0 ? '' : ','}\n${JSON.stringify(node)}`);
  await out.line('\n]}');
}

function parseDepth(text: string): number | 'all' {
  if (text === 'all') return text;
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number of steps, or "all".');
}

function addTrack(text: string, before: readonly Track[] = []): readonly Track[] {
  const track = TRACKS.find((one) => one === text);
  if (!track) throw new InvalidArgumentError(`Tracks are ${TRACKS.join(', ')}.`);
  return before.includes(track) ? before : [...before, track];
}

/** A position or a time by its looks; whether it is one of this election is for the installation to say. */
export function parseAt(text: string): string {
  if (isTimestamp(text) || /^\d+:\d+(,\d+:\d+)*$/.test(text)) return text;
  throw wrongUsage(`--at ${text}: give a position such as 0:120,1:99, or a time such as 2027-06-06T22:00:00+02:00.`);
}
