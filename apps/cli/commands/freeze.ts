/** `tally freeze` and `tally lift`: the public's figures stand still, for a stated reason, and go on. */
import type { Command } from 'commander';
import type { Session } from '../session.ts';

export function freezeCommands(program: Command, session: Session): void {
  program
    .command('freeze')
    .description('let the public see figures as they are now until it is lifted; sheets go on coming in')
    .argument('<election>')
    .requiredOption('--reason <text>', 'shown on every page, and kept')
    .addHelpText(
      'after',
      '\nExample:\n  $ tally freeze my-election --reason "Figures of district 7 are checked against the minutes"',
    )
    .action(async (id: string, { reason }: { reason: string }) => {
      const record = await (await (await session.client()).election(id)).freeze(reason);
      if (session.json) return session.out.json(record);
      await session.out.line(`frozen since ${record.from}, at ${record.position}`);
    });
  program
    .command('lift')
    .description('lift a freeze: the public sees the newest figures again')
    .argument('<election>')
    .requiredOption('--reason <text>', 'kept, for all to read')
    .addHelpText('after', '\nExample:\n  $ tally lift my-election --reason "Checked; two sheets corrected"')
    .action(async (id: string, { reason }: { reason: string }) => {
      const record = await (await (await session.client()).election(id)).liftFreeze(reason);
      if (session.json) return session.out.json(record);
      await session.out.line(`lifted; it stood from ${record.from} to ${record.lifted?.at}`);
    });
}
