/** `tally export`: the definition, the log with its tiles and signed checkpoints, and the results, into a folder. */
import type { Command } from 'commander';
import type { Session } from '../session.ts';

export function exportCommand(program: Command, session: Session): void {
  program
    .command('export')
    .description('write definition, log with proofs, and results into a folder that anybody can verify')
    .argument('<election>')
    .argument('<dir>', 'a new folder, or one with an earlier or interrupted export of the same election')
    .option('--public', 'only what anybody may see now: before the log is published, its hashes without its events')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tally export my-election export\n  $ tally export my-election for-the-press --public\n  $ tally verify export',
    )
    .action(async (id: string, folder: string, options: { public?: boolean }) => {
      const election = await (await session.client()).election(id);
      const task = session.progress('exporting', 'events');
      const request = { folder, publicOnly: options.public === true };
      const { description, unpublished } = await election.export(request, task.update).finally(task.end);
      if (unpublished.length > 0)
        await session.complain(
          `tally: this export holds what is not published yet: ${unpublished.join(' and ')}. Hand out one made with --public.`,
        );
      if (session.json) return session.out.json(description);
      const { position, key, log, fingerprint } = description;
      await session.out.line(`exported ${id} at ${position} to ${folder}`);
      if (log === 'hashes')
        await session.out.line('the hashes of the events, not the events: these are not public now');
      await session.out.line(`fingerprint ${fingerprint ?? 'not told: not all results are public now'}`);
      await session.out.line(`key ${key}`);
    });
}
