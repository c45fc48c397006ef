/** `tally reopen`: takes a certification back, with a reason. */
import type { Command } from 'commander';
import type { Session } from '../session.ts';

export function reopenCommand(program: Command, session: Session): void {
  program
    .command('reopen')
    .description("take a contest's certification back")
    .argument('<election>')
    .argument('<contest>')
    .requiredOption('--reason <text>', 'kept in the log, for all to read')
    .addHelpText('after', '\nExample:\n  $ tally reopen my-election mayor --reason "Recount ordered by the court"')
    .action(async (id: string, contest: string, { reason }: { reason: string }) => {
      const election = await (await session.client()).election(id);
      const { position } = await election.reopen(contest, reason);
      if (session.json) return session.out.json({ election: id, contest, position, certified: false });
      await session.out.line(`reopened ${contest}, at ${position} of the log`);
    });
}
