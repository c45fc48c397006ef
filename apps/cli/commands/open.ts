/** `tally open`: opens an election; again with the same package is a no-op. */
import type { Command } from 'commander';
import { readPackage } from '#definition';
import { refused } from '../errors.ts';
import type { Session } from '../session.ts';
import { problemLine, problemsFound, summaryLine } from './check.ts';

export function openCommand(program: Command, session: Session): void {
  program
    .command('open')
    .description('open an election; again with the same package: nothing to do; with another one: refused')
    .argument('<package>', 'a folder or a zip')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tally open my-election\n  $ tally open my-election.zip --data /var/lib/tally',
    )
    .action(async (path: string) => {
      const result = await readPackage(path);
      if (!result.ok) {
        for (const problem of result.problems) await session.complain(problemLine(problem));
        throw refused(`${path} has ${problemsFound(result.problems.length)} and was not opened.`);
      }
      const { definition, digest, bytes, summary } = result;
      const rootUnit = definition.units.find(({ parent }) => parent === null)!.code;
      const client = await session.client({ create: true });
      const { opened } = await client.open({
        path,
        id: definition.id,
        shards: definition.shards,
        rootUnit,
        digest,
        bytes,
      });
      if (session.json) return session.out.json({ ...summary, digest, shards: definition.shards, opened });
      await session.out.line(
        opened ? `opened ${summaryLine(summary)}` : `${definition.id} is open already with this very package`,
      );
      await session.out.line(`definition ${digest}`);
      if (definition.rehearsal) await session.out.line('this is a rehearsal');
    });
}
