/** `tally check`: every problem of a package, or a summary. */
import type { Command } from 'commander';
import { type PackageSummary, type Problem, readPackage } from '#definition';
import type { Session } from '../session.ts';

export function checkCommand(program: Command, session: Session): void {
  program
    .command('check')
    .description('tell every problem in an election package, with file, line and column; or sum it up')
    .argument('<package>', 'a folder or a zip')
    .addHelpText('after', '\nExamples:\n  $ tally check my-election\n  $ tally check my-election.zip --json')
    .action(async (path: string) => {
      const result = await readPackage(path);
      if (!result.ok) {
        session.exitCode = 1;
        if (session.json) return session.out.json({ ok: false, problems: result.problems });
        for (const problem of result.problems) await session.out.line(problemLine(problem));
        return session.complain(`tally: ${path} has ${problemsFound(result.problems.length)}`);
      }
      const { summary, digest } = result;
      if (session.json) return session.out.json({ ok: true, ...summary, digest });
      await session.out.line(summaryLine(summary));
      await session.out.line(`definition ${digest}`);
    });
}

export function problemLine({ file, line, column, code, message }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${message} [${code}]`;
}

export function problemsFound(count: number): string {
  return count === 1 ? '1 problem' : `${count} problems`;
}

export function summaryLine({
  election,
  units,
  stations,
  contests,
  candidates,
  rules,
  registered,
}: PackageSummary): string {
  return `${election}: ${units} units, ${stations} stations, ${contests} contests, ${candidates} candidates, ${rules} rules, ${registered} registered voters`;
}
