/** `tally init`: a package to start from. */
import { type Command, Option } from 'commander';
import { TEMPLATES, type TemplateName, writeTemplate } from '#definition';
import { refused } from '../errors.ts';
import type { Session } from '../session.ts';

export function initCommand(program: Command, session: Session): void {
  program
    .command('init')
    .description('write an election package to start from')
    .argument('<dir>', 'a folder that is new or empty')
    .addOption(new Option('--template <name>', 'what to start from').choices(TEMPLATES).makeOptionMandatory())
    .addHelpText('after', '\nExample:\n  $ tally init my-election --template generic')
    .action(async (dir: string, { template }: { template: TemplateName }) => {
      const written = await writeTemplate(template, dir);
      if (!written.ok) throw refused(written.message);
      if (session.json) return session.out.json({ dir, template, files: written.files });
      await session.out.line(`wrote ${written.files.join(', ')} to ${dir}`);
      await session.out.line(`next: tally check ${dir}`);
    });
}
