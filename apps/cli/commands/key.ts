/** `tally key show|rotate`: the key that signs an election's log. */
import type { Command } from 'commander';
import type { Session } from '../session.ts';

export function keyCommand(program: Command, session: Session): void {
  const key = program.command('key').description("the key that signs an election's log");
  key
    .command('show')
    .description('the present key, and the signed notes of the rotations that led to it')
    .argument('<election>')
    .addHelpText('after', '\nExample:\n  $ tally key show my-election')
    .action(async (id: string) => {
      const keys = await (await (await session.client()).election(id)).keys();
      if (session.json) return session.out.json(keys);
      await session.out.write(`${keys.key}\n${keys.rotations}`);
    });
  key
    .command('rotate')
    .description('make a new key that signs from now on; the present one names it in a signed note, and is forgotten')
    .argument('<election>')
    .addHelpText(
      'after',
      '\nWhat older keys signed goes on being checked, and whoever pinned one can go on. There is no way back.\n\nExample:\n  $ tally key rotate my-election',
    )
    .action(async (id: string) => {
      const election = await (await session.client()).election(id);
      const before = await election.keys();
      const keys = await election.rotateKey(before.key);
      if (session.json) return session.out.json(keys);
      await session.complain(`the key ${before.key} named the one below, which signs from now on; publish it`);
      await session.out.line(keys.key);
    });
}
