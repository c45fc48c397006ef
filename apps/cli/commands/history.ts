/** `tally history`: every attempt on a station's sheets, accepted or not; without a station, all histories searched. */
import { type Command, Option } from 'commander';
import { EVENT_TYPES, type EventType, isTimestamp } from '#domain';
import { ATTEMPT_CSV_HEADER, attemptCsvLine } from '#projection';
import type { AttemptAnswer, AttemptMessage, HistoryAnswer } from '#wire';
import type { AttemptsRequest, ElectionClient, FoundAttempts } from '../client/client.ts';
import { wrongUsage } from '../errors.ts';
import type { Session } from '../session.ts';

interface HistoryOptions extends AttemptsRequest {
  readonly format?: 'table' | 'csv' | 'json';
}

export function historyCommand(program: Command, session: Session): void {
  program
    .command('history')
    .description('every attempt on a sheet, accepted or not: position, time, who, what changed, findings, why rejected')
    .argument('<election>')
    .argument('[station]', 'left out: all histories are searched, in order of log time')
    .argument('[contest]', 'default: every contest of the station')
    .option('--unit <code>', 'search: about it or something below it; default: all of your area')
    .option('--contest <id>', 'search: of this contest')
    .option('--actor <id>', 'search: by this account')
    .option('--device <id>', 'search: sent with this device')
    .option('--rule <id>', 'search: where this rule found something')
    .addOption(
      new Option('--cause <cause>', 'search: corrected for this cause').choices(['entry', 'paper', 'recount', 'order']),
    )
    .addOption(
      new Option('--via <way>', 'search: sent this way').choices(['paper', 'phone', 'photo', 'device', 'import']),
    )
    .addOption(new Option('--outcome <outcome>', 'search').choices(['accepted', 'rejected']))
    .addOption(new Option('--type <type>', 'search: such as sheet.submitted').argParser(eventType))
    .addOption(new Option('--from <time>', 'search: log time, not before (RFC 3339 with an offset)').argParser(moment))
    .addOption(new Option('--to <time>', 'search: log time, before').argParser(moment))
    .addOption(new Option('--format <format>', 'search; default: table').choices(['table', 'csv', 'json']))
    .addHelpText(
      'after',
      `
Examples:
  $ tally history my-election 0042
  $ tally history my-election 0042 mayor --json
  $ tally history my-election --unit north --outcome rejected
  $ tally history my-election --cause recount --from 2021-05-23T21:00:00+07:00 --format csv`,
    )
    .action(async (id: string, station: string | undefined, contest: string | undefined, options: HistoryOptions) => {
      const { format, ...request } = options;
      const [given] = Object.keys(options);
      if (station !== undefined && given !== undefined)
        throw wrongUsage(`--${given} searches all histories: leave out the station.`);
      const election = await (await session.client()).election(id);
      if (station === undefined)
        return writeFound(session, id, await election.attempts(request), format ?? (session.json ? 'json' : 'table'));
      const histories = await historiesOf(election, station, contest);
      if (session.json) return session.out.json(contest === undefined ? histories : histories[0]);
      for (const history of histories) await session.out.write(historyText(history));
    });
}

function eventType(text: string): EventType {
  const type = text.startsWith('tally.') ? text : `tally.${text}.v1`;
  const known = EVENT_TYPES.find((one) => one === type);
  if (known) return known;
  const short = EVENT_TYPES.map((one) => one.slice('tally.'.length, -'.v1'.length));
  throw wrongUsage(`--type ${text}: there are ${short.join(', ')}.`);
}

function moment(text: string): string {
  if (isTimestamp(text)) return text;
  throw wrongUsage(`"${text}" is no time: give RFC 3339 with an offset, such as 2021-05-23T21:00:00+07:00.`);
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

/* ------------------------------------------------------------ what a search found, as it comes */

async function writeFound(
  session: Session,
  election: string,
  { position, attempts }: FoundAttempts,
  format: 'table' | 'csv' | 'json',
): Promise<void> {
  if (format === 'csv') return writeParts(session, ATTEMPT_CSV_HEADER, attempts, attemptCsvLine, '');
  if (format === 'json') {
    const head = `${JSON.stringify({ election, position }).slice(0, -1)},"attempts":[`;
    const part = (attempt: AttemptMessage, i: number): string => `${i > 0 ? ',' : ''}\n${JSON.stringify(attempt)}`;
    return writeParts(session, head, attempts, part, ']}\n');
  }
  let count = 0;
  const part = (attempt: AttemptMessage): string => {
    count += 1;
    return `${oneLine(attempt.subject ?? '–')}\n${attemptText(attempt)}`;
  };
  await writeParts(session, '', attempts, part, '');
  await session.out.line(`${count === 1 ? '1 attempt' : `${count} attempts`} at position ${position}`);
}

async function writeParts(
  session: Session,
  head: string,
  attempts: AsyncIterable<AttemptMessage>,
  partOf: (attempt: AttemptMessage, place: number) => string,
  tail: string,
): Promise<void> {
  let chunk = head;
  let place = 0;
  for await (const attempt of attempts) {
    chunk += partOf(attempt, place);
    place += 1;
    if (chunk.length < 65_536) continue;
    await session.out.write(chunk);
    chunk = '';
  }
  await session.out.write(chunk + tail);
}

/* ------------------------------------------------------------ as text */

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
  const more = [
    attempt.cause && `cause ${attempt.cause}`,
    attempt.via && `via ${attempt.via}`,
    attempt.device && `device ${oneLine(attempt.device)}`,
  ].filter(Boolean);
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
