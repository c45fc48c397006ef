import type { EventType } from '#domain';
import type { AttemptAnswer, ChangedFigure, ContestSummary, HistoryAnswer } from '#wire';
import { links } from '../route.ts';
import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';
import { formLines } from './form-figures.tsx';
import { StatusTag } from './status-tag.tsx';
import { Tag } from './tag.tsx';

interface TimelineProps {
  readonly history: HistoryAnswer;
  readonly contest: ContestSummary;
}

/** Every attempt on a sheet, newest first: accepted or rejected, by whom, what it changed and why. */
export function Timeline({ history, contest }: TimelineProps) {
  const { history: words } = useLocale();
  const attempts = [...history.attempts].reverse();
  // Accounts are named, and rejected attempts listed, once the log is public.
  const isLogOut = attempts.some(({ outcome, actor }) => outcome === 'rejected' || actor?.id !== undefined);
  return (
    <section class="history" aria-labelledby="history">
      <h2 id="history">{words.title}</h2>
      {attempts.length === 0 && <p class="section-foot">{words.empty}</p>}
      <ol class="timeline">
        {attempts.map((attempt) => (
          <li key={attempt.position} class={`attempt attempt-${attempt.outcome}`}>
            <Attempt attempt={attempt} contest={contest} election={history.election} />
          </li>
        ))}
      </ol>
      {attempts.length > 0 && !isLogOut && <p class="section-foot">{words.acceptedOnly}</p>}
    </section>
  );
}

interface AttemptProps {
  readonly attempt: AttemptAnswer;
  readonly contest: ContestSummary;
  readonly election: string;
  /** Whether first figures are shown at once, as on paper, where nothing can be opened. */
  readonly isOpen?: boolean;
}

export function Attempt({ attempt, contest, election, isOpen = false }: AttemptProps) {
  const { t, history: words, clock, moment } = useLocale();
  const { type, outcome, revision, status, actor, logTime, time, via, cause, reason, rejection, detail, findings } =
    attempt;
  const { device, signed } = attempt;
  const isFirst = attempt.changed.length > 0 && attempt.changed.every(({ before }) => before === null);
  const who = actor ? words.by(words.roles[actor.role]) : '';
  return (
    <>
      <p class="attempt-time">
        <time dateTime={logTime} title={moment(logTime)}>
          {clock(logTime)}
        </time>{' '}
        <span class="attempt-day">{moment(logTime).split(', ').at(-1)}</span>
      </p>
      <h3 class="attempt-title">
        {type === null ? words.unknownEvent : (words.events[type as EventType] ?? type)}{' '}
        {revision !== null && outcome === 'accepted' && (
          <span class="attempt-revision">{t.sheet.revision(revision)}</span>
        )}
      </h3>
      <p class="attempt-outcome">
        <Tag tone={outcome === 'accepted' ? 'neutral' : 'danger'}>
          {outcome === 'accepted' ? words.accepted : words.rejected}
        </Tag>
        {outcome === 'accepted' && status !== null && status !== 'none' && <StatusTag status={status} />}
        <span class="attempt-who">
          {[who, via && words.via[via as keyof typeof words.via]].filter(Boolean).join(', ')}
        </span>
      </p>
      {rejection !== undefined && (
        <p class="attempt-why">
          {words.rejections[rejection]} {detail && <span class="attempt-detail">{detail}</span>}
        </p>
      )}
      {(reason || cause) && (
        <p class="attempt-reason">
          {cause && <span class="attempt-cause">{words.causes[cause as keyof typeof words.causes] ?? cause}</span>}{' '}
          {reason && <q>{reason}</q>}
        </p>
      )}
      {attempt.changed.length > 0 &&
        (isFirst && !isOpen ? (
          <details class="attempt-first">
            <summary>{words.firstFigures(attempt.changed.length)}</summary>
            <Changes changes={attempt.changed} contest={contest} />
          </details>
        ) : (
          <Changes changes={attempt.changed} contest={contest} />
        ))}
      <p class="attempt-foot">
        {[
          findings.length > 0 && words.findings(findings.length),
          `${words.position} ${attempt.position}`,
          time && clock(time) !== clock(logTime) && words.sentAt(clock(time)),
          signed && words.signed,
        ]
          .filter(Boolean)
          .join(' · ')}
        {device !== undefined && (
          <>
            {' '}
            <code class="attempt-device">{device}</code>
          </>
        )}
        {attempt.receipt && <ReceiptLink election={election} id={attempt.receipt} />}
      </p>
    </>
  );
}

function ReceiptLink({ election, id }: { election: string; id: string }) {
  const locale = useLocale();
  return (
    <>
      {' · '}
      <a href={links.receipt(locale.language, election, id)}>{auditWords(locale).receiptLink(id)}</a>
    </>
  );
}

function Changes({ changes, contest }: { changes: readonly ChangedFigure[]; contest: ContestSummary }) {
  const locale = useLocale();
  const { t, history: words, count } = locale;
  const names = new Map<string, string>([
    ...formLines(locale, contest).map(({ id, name }) => [`field.${id}`, name] as const),
    ...contest.candidates.map((candidate) => [`votes.${candidate.number}`, locale.nameOf(candidate)] as const),
  ]);
  const print = (value: number | string | null): string =>
    typeof value === 'number' ? count(value) : (value ?? t.none);
  return (
    <table class="changes">
      <thead class="unseen">
        <tr>
          <th scope="col">{t.figures.letter}</th>
          <th scope="col">{t.figures.name}</th>
          <th scope="col">{words.before}</th>
          <th scope="col">{words.after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ key, before, after }) => (
          <tr key={key}>
            <td class="letter">{key.slice(key.indexOf('.') + 1)}</td>
            <th scope="row">{names.get(key) ?? key}</th>
            <td class="cell-number change-before">{before === null ? '' : print(before)}</td>
            <td class="cell-number change-after">{print(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
