/** `tally key show|rotate`: the key that signs an election's log. */
import type { Command } from 'commander';
import { formatVerifier, parseVerifier, shardOrigin } from '#transparency';
import type { ElectionAnswer } from '#wire';
import { refused } from '../errors.ts';
import type { Session } from '../session.ts';

export function keyCommand(program: Command, session: Session): void {
  const key = program.command('key').description("the key that signs an election's log");
  key
    .command('show')
    .description('the present key, and the signed notes of the rotations that led to it')
    .argument('<election>')
    .option('--shards', "the key under each shard's name instead, as witnesses of other makes want it")
    .addHelpText('after', '\nExample:\n  $ tally key show my-election')
    .action(async (id: string, { shards }: { readonly shards?: true }) => {
      const election = await (await session.client()).election(id);
      const keys = await election.keys();
      if (shards) return tellShards(session, keys.key, await election.summary());
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

async function tellShards(session: Session, key: string, { id, shards }: ElectionAnswer): Promise<void> {
  const verifier = parseVerifier(key);
  if (!verifier) throw refused(`The server names no key of an election: ${key}`);
  const { publicKey } = verifier;
  const keys = Array.from({ length: shards }, (_, shard) =>
    formatVerifier({ name: shardOrigin(id, shard), publicKey }),
  );
  if (session.json) return session.out.json(keys);
  await session.out.write(keys.map((one) => `${one}\n`).join(''));
}
