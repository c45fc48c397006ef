/** `tally history`: every attempt on a station's sheets, accepted or not. */
import type { Command } from 'commander';
import type { AttemptAnswer, HistoryAnswer } from '#wire';
import type { ElectionClient } from '../client/client.ts';
import type { Session } from '../session.ts';

export function historyCommand(program: Command, session: Session): void {
  program
    .command('history')
    .description('every attempt on a sheet, accepted or not: position, time, who, what changed, findings, why rejected')
    .argument('<election>')
    .argument('<station>')
    .argument('[contest]', 'default: every contest of the station')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tally history my-election 0042\n  $ tally history my-election 0042 mayor --json',
    )
    .action(async (id: string, station: string, contest: string | undefined) => {
      const election = await (await session.client()).election(id);
      const histories = await historiesOf(election, station, contest);
      if (session.json) return session.out.json(contest === undefined ? histories : histories[0]);
      for (const history of histories) await session.out.write(historyText(history));
    });
}

async function historiesOf(
  election: ElectionClient,
  station: string,
  contest: string | undefined,
): Promise<HistoryAnswer[]> {
  if (contest !== undefined) return [await election.history(station, contest)];
  const histories: HistoryAnswer[] = [];
  for (const { id } of (await election.place(station)).contests) histories.push(await election.history(station, id));
  return histories;
}

function historyText({ station, contest, attempts }: HistoryAnswer): string {
  const head = `${station} ${contest}: ${attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`}\n`;
  return head + attempts.map(attemptText).join('');
}

function attemptText(attempt: AttemptAnswer): string {
  const { position, logTime, type, outcome, rejection, detail, revision, status, actor, id } = attempt;
  const what = type?.replace(/^tally\./, '').replace(/\.v1$/, '') ?? 'unreadable';
  const became =
    outcome === 'accepted' ? `revision ${revision ?? '–'}, ${status ?? '–'}` : `rejected: ${rejection ?? ''}`;
  const who = actor ? `${actor.role} for ${actor.unit}${actor.id === undefined ? '' : ` (${actor.id})`}` : 'unknown';
  const lines = [
    `${position}  ${logTime}  ${what}  ${became}${detail === undefined ? '' : ` (${detail})`}`,
    `  by ${who}, id ${id ?? '–'}`,
  ];
  if (attempt.reason !== undefined) lines.push(`  reason: ${oneLine(attempt.reason)}`);
  const more = [attempt.cause && `cause ${attempt.cause}`, attempt.via && `via ${attempt.via}`].filter(Boolean);
  if (more.length > 0) lines.push(`  ${more.join(', ')}`);
  if (attempt.changed.length > 0)
    lines.push(
      `  changed: ${attempt.changed.map(({ key, before, after }) => `${key} ${before ?? '–'} → ${after ?? '–'}`).join(', ')}`,
    );
  if (attempt.findings.length > 0)
    lines.push(`  findings: ${attempt.findings.map(({ rule, severity }) => `${rule} (${severity})`).join(', ')}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** A reason may hold line breaks and control characters; on a terminal it is one line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}/gu, '');
}
