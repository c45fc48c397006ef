/** `tally lineage`: the sheets and corrections that make up one total. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { TRACKS, type Track } from '#domain';
import type { LineageAnswer } from '#wire';
import type { Session } from '../session.ts';
import { table } from '../table.ts';

export function lineageCommand(program: Command, session: Session): void {
  program
    .command('lineage')
    .description('the sheets and corrections that make up one total')
    .argument('<election>')
    .argument('<unit>')
    .argument('<contest>')
    .argument('[key]', 'field.<id> or votes.<number>: only sheets that state it', parseKey)
    .addOption(new Option('--track <track>', 'which total').choices(TRACKS).default('provisional'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ tally lineage my-election north mayor votes.2\n  $ tally lineage my-election north mayor --json',
    )
    .action(async (id: string, unit: string, contest: string, key: string | undefined, { track }: { track: Track }) => {
      const election = await (await session.client()).election(id);
      const lineage = await election.lineage({ unit, contest, track, key: key ?? null });
      if (session.json) return session.out.json(lineage);
      await session.out.write(lineageText(lineage));
    });
}

function parseKey(text: string): string {
  if (/^(field|votes)\../.test(text)) return text;
  throw new InvalidArgumentError('A key is field.<id> or votes.<number>, as in the CSV of results.');
}

function lineageText({ unit, contest, track, key, total, sheets, position }: LineageAnswer): string {
  const keys = key === null ? [] : [key];
  const columns = [
    { head: 'station' },
    { head: 'revision', align: 'right' as const },
    { head: 'status' },
    { head: 'corrections', align: 'right' as const },
    { head: 'brought by' },
    ...keys.map((head) => ({ head, align: 'right' as const })),
  ];
  const rows = sheets.map((sheet) => [
    sheet.station,
    String(sheet.revision),
    sheet.status,
    String(sheet.corrections),
    sheet.position,
    ...keys.map((one) => String(figureOf(sheet, one) ?? '–')),
  ]);
  const sum = key === null ? [] : [`${key} = ${(total && figureOf(total, key)) ?? '–'}\n`];
  return [
    `${unit} ${contest}, ${track}: ${sheets.length === 1 ? '1 sheet' : `${sheets.length} sheets`}\n`,
    table(columns, rows),
    ...sum,
    `at position ${position}\n`,
  ].join('');
}

type Figured = {
  readonly fields: Readonly<Record<string, number | string>>;
  readonly votes: Readonly<Record<string, number>>;
};

function figureOf({ fields, votes }: Figured, key: string): number | string | undefined {
  const name = key.slice(key.indexOf('.') + 1);
  return key.startsWith('votes.') ? votes[name] : fields[name];
}
