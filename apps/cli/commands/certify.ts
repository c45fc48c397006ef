/** `tally certify`: binds a contest's result to the fingerprint it has now. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Session } from '../session.ts';

export function certifyCommand(program: Command, session: Session): void {
  program
    .command('certify')
    .description("bind a contest's result to the fingerprint it has now; another fingerprint is refused")
    .argument('<election>')
    .argument('<contest>')
    .requiredOption(
      '--fingerprint <sha256>',
      'as `tally fingerprint ELECTION --contest CONTEST` prints it',
      parseFingerprint,
    )
    .requiredOption('--reason <text>', 'kept in the log, for all to read')
    .addHelpText(
      'after',
      '\nExample:\n  $ tally certify my-election mayor --fingerprint 9f86… --reason "Session of 8 June"',
    )
    .action(async (id: string, contest: string, { fingerprint, reason }: { fingerprint: string; reason: string }) => {
      const election = await (await session.client()).election(id);
      const { position } = await election.certify(contest, fingerprint, reason);
      if (session.json) return session.out.json({ election: id, contest, fingerprint, position, certified: true });
      await session.out.line(`certified ${contest} with fingerprint ${fingerprint}, at ${position} of the log`);
    });
}

function parseFingerprint(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('A fingerprint has 64 hex digits.');
}
