/** `tally replay`: rebuilds the read model beside the live one and compares every node. */
import type { Command } from 'commander';
import type { ReplayCause, ReplayDifference } from '#wire';
import type { Session } from '../session.ts';

export function replayCommand(program: Command, session: Session): void {
  program
    .command('replay')
    .description('rebuild the read model beside the live one from event 0 and compare every node at one position')
    .argument('<election>')
    .option('--switch', 'then put the new one in place')
    .addHelpText(
      'after',
      '\nEnds with 1 if anything differs.\n\nExamples:\n  $ tally replay my-election\n  $ tally replay my-election --switch',
    )
    .action(async (id: string, options: { switch?: boolean }) => {
      const election = await (await session.client()).election(id);
      const rebuilding = session.progress('rebuilding', 'events');
      const comparing = session.progress('comparing', 'units');
      const report = await election
        .replay({ switch: options.switch === true }, ({ stage, done, total }) => {
          if (stage === 'rebuilding') return rebuilding.update(done, total);
          rebuilding.end();
          comparing.update(done, total);
        })
        .finally(() => {
          rebuilding.end();
          comparing.end();
        });
      if (report.different > 0) session.exitCode = 1;
      if (session.json) return session.out.json(report);
      await session.out.line(`nodes compared ${report.compared}, different ${report.different}`);
      await session.out.line(`live     ${report.live}`);
      await session.out.line(`rebuilt  ${report.rebuilt}`);
      await session.out.line(`at position ${report.position}`);
      if (report.switched) await session.out.line('the rebuilt read model is in place');
      for (const difference of report.differences) for (const line of linesOf(difference)) await session.complain(line);
      if (options.switch && !report.switched) {
        session.exitCode = 1;
        await session.complain('tally: the rebuilt read model was not put in place');
      }
    });
}

/** What differs at a node, figure by figure, and since when. */
function linesOf({ node, live, rebuilt, figures, cause }: ReplayDifference): string[] {
  const told = (value: unknown): string => (value === null ? '–' : String(value));
  const rows = figures.map(
    (figure) =>
      `  ${[figure.track, figure.key].filter(Boolean).join(' ')}: live ${told(figure.live)}, rebuilt ${told(figure.rebuilt)}`,
  );
  const raw = `  live ${JSON.stringify(live)}, rebuilt ${JSON.stringify(rebuilt)}`;
  return [`${node}: ${causeText(cause)}`, ...(rows.length > 0 ? rows : [raw])];
}

function causeText(cause: ReplayCause): string {
  switch (cause.kind) {
    case 'event':
      return `since event ${cause.at}, which the live model took otherwise`;
    case 'older':
      return `an older document: event ${cause.at} is the first that it lacks`;
    case 'between':
      return `since an event ${cause.after === null ? '' : `after ${cause.after}, `}${cause.at} at the latest: full states kept from there on differ`;
    case 'store':
      return 'no event explains it: changed in the store';
  }
}
