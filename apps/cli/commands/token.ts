/** `tally token add|list|revoke`: accounts with a role for a unit and all below it. */
import { type Command, Option } from 'commander';
import { ROLES } from '#access';
import type { NewToken } from '../client/client.ts';
import { refused } from '../errors.ts';
import type { Session } from '../session.ts';
import { table } from '../table.ts';

export function tokenCommand(program: Command, session: Session): void {
  const token = program.command('token').description('accounts and their tokens');
  token
    .command('add')
    .description('make an account; its token is printed once and kept nowhere')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--unit <code>', 'the unit the role is for, and all below it')
    .option('--name <name>', 'for those who manage accounts; never in the log')
    .option('--election <id>', 'only in this election (default: in every election that has the unit)')
    .addHelpText('after', '\nExample:\n  $ tally token add --role clerk --unit north --name "Team north"')
    .action(
      async ({
        role,
        unit,
        name,
        election,
      }: Pick<NewToken, 'role' | 'unit'> & { name?: string; election?: string }) => {
        const client = await session.client();
        const added = await client.tokens.add({ role, unit, name: name ?? null, election: election ?? null });
        if (session.json) return session.out.json(added);
        await session.complain(`account ${added.id}: ${role} for ${unit}; the token below is shown this once`);
        await session.out.line(added.token);
      },
    );
  token
    .command('list')
    .description('accounts, without their tokens')
    .option('--election <id>', 'of this election')
    .addHelpText('after', '\nExample:\n  $ tally token list --json')
    .action(async ({ election }: { election?: string }) => {
      const accounts = await (await session.client()).tokens.list(election ?? null);
      if (session.json) return session.out.json(accounts);
      const heads = ['id', 'role', 'unit', 'election', 'name', 'created', 'revoked'].map((head) => ({ head }));
      const rows = accounts.map(({ id, role, unit, election, name, createdAt, revokedAt }) => [
        id,
        role,
        unit ?? 'all',
        election ?? 'all',
        name ?? '',
        createdAt,
        revokedAt ?? '',
      ]);
      await session.out.write(rows.length > 0 ? table(heads, rows) : 'no accounts\n');
    });
  token
    .command('revoke')
    .description('end an account; what it did stays in the log')
    .argument('<id>', 'as `tally token list` shows it')
    .option('--election <id>', 'on a server with several elections')
    .addHelpText('after', '\nExample:\n  $ tally token revoke 5f0c2f0e-7c53-4d8e-9d0f-0a9b0f1b2c3d')
    .action(async (id: string, { election }: { election?: string }) => {
      if (!(await (await session.client()).tokens.revoke(id, election ?? null)))
        throw refused(`There is no account ${id}; \`tally token list\` shows them.`);
      if (session.json) return session.out.json({ id, revoked: true });
      await session.out.line(`revoked ${id}`);
    });
}
