/** `tally findings`: every finding on a standing or held sheet. */
import { type Command, Option } from 'commander';
import { FINDING_COLUMNS, type FindingRow } from '#projection';
import type { FindingsRequest } from '../client/client.ts';
import type { Session } from '../session.ts';
import { table } from '../table.ts';

interface FindingsOptions extends FindingsRequest {
  readonly format?: 'table' | 'csv' | 'json';
}

export function findingsCommand(program: Command, session: Session): void {
  program
    .command('findings')
    .description('every finding on a standing or held sheet')
    .argument('<election>')
    .option('--unit <code>', 'of stations at or below it')
    .option('--rule <id>', 'of this rule')
    .addOption(new Option('--severity <severity>', 'of this severity').choices(['error', 'warning', 'info']))
    .addOption(new Option('--format <format>', 'default: table').choices(['table', 'csv', 'json']))
    .addHelpText(
      'after',
      '\nExamples:\n  $ tally findings my-election --severity error\n  $ tally findings my-election --unit north --format csv',
    )
    .action(async (id: string, { format, ...request }: FindingsOptions) => {
      const election = await (await session.client()).election(id);
      const task = session.progress('looking', 'stations');
      const rows = election.findings(request, task.update);
      switch (format ?? (session.json ? 'json' : 'table')) {
        case 'csv':
          return writeCsv(session, rows).finally(task.end);
        case 'json': {
          const findings = await all(rows).finally(task.end);
          const { position } = await election.summary();
          return session.out.json({ election: id, position, findings });
        }
        case 'table':
          return writeTable(session, await all(rows).finally(task.end));
      }
    });
}

async function writeCsv(session: Session, rows: AsyncIterable<FindingRow>): Promise<void> {
  let chunk = `${FINDING_COLUMNS.join(',')}\n`;
  for await (const row of rows) {
    chunk += `${FINDING_COLUMNS.map((name) => row[name]).join(',')}\n`;
    if (chunk.length < 65_536) continue;
    await session.out.write(chunk);
    chunk = '';
  }
  await session.out.write(chunk);
}

async function writeTable(session: Session, rows: readonly FindingRow[]): Promise<void> {
  if (rows.length === 0) return session.out.line('no findings');
  const columns = FINDING_COLUMNS.map((head) => ({
    head,
    align: head === 'revision' ? ('right' as const) : ('left' as const),
  }));
  await session.out.write(
    table(
      columns,
      rows.map((row) => FINDING_COLUMNS.map((name) => String(row[name]))),
    ),
  );
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
