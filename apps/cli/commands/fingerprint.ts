/** `tally fingerprint`: the fingerprint of all results, or of one contest (contracts §7). */
import type { Command } from 'commander';
import type { Session } from '../session.ts';

export function fingerprintCommand(program: Command, session: Session): void {
  program
    .command('fingerprint')
    .description('the fingerprint of all results: SHA-256 of `results --depth all --format csv`')
    .argument('<election>')
    .option('--contest <id>', 'of one contest')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tally fingerprint my-election\n  $ tally fingerprint my-election --contest mayor --json',
    )
    .action(async (id: string, { contest }: { contest?: string }) => {
      const election = await (await session.client()).election(id);
      const task = session.progress('adding up', 'units');
      const { fingerprint, position } = await election.fingerprint(contest, task.update).finally(task.end);
      if (session.json)
        return session.out.json({ election: id, ...(contest !== undefined && { contest }), fingerprint, position });
      await session.out.line(fingerprint);
    });
}
