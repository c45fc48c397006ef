import type { Progress } from '#domain';
import type { ContestSummary, SpelledTotals } from '#wire';
import { shareHundredths } from '../figures/share.ts';
import { coversThreshold, leaders, seatsLine } from '../figures/standing.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { Bar } from './bar.tsx';
import { type Column, DataTable, type TableLine } from './data-table.tsx';
import { Figure } from './figure.tsx';
import { Tag } from './tag.tsx';

interface CandidateTableProps {
  readonly unitName: string;
  readonly contest: ContestSummary;
  readonly totals: SpelledTotals | undefined;
  readonly progress: Progress | undefined;
  readonly leaderThreshold: number;
  /** Certified results name nobody as merely leading. */
  readonly isCertified: boolean;
  /** Where it is told what a figure is made of. */
  readonly figureHref?: (key: string) => string;
}

type Candidate = ContestSummary['candidates'][number];

/** Candidates with votes and shares, in ballot order; once enough is counted by votes. Before that nobody stands out. */
export function CandidateTable(props: CandidateTableProps) {
  const locale = useLocale();
  const { t } = locale;
  const { contest, totals, progress, leaderThreshold, isCertified, unitName, figureHref } = props;
  const leading = isCertified ? new Set<string>() : leaders(contest, totals, progress, leaderThreshold);
  return (
    <section class="candidates" aria-labelledby="candidates">
      <header class="section-head">
        <h2 id="candidates">{t.candidates.title}</h2>
        <p class="section-note">
          {t.candidates.seats(contest.seats)} · {t.candidates.count(contest.candidates.length)}
        </p>
      </header>
      <DataTable
        className="candidate-table"
        caption={t.candidates.tableOf(unitName)}
        columns={columnsOf(locale, contest, totals, leading, figureHref)}
        rows={contest.candidates}
        keyOf={({ number }) => number}
        defaultOrder={
          totals && contest.decision !== 'none' && coversThreshold(progress, leaderThreshold) ? BY_VOTES : undefined
        }
        line={lineOf(locale, props)}
        rowClass={({ number, withdrawn }) =>
          withdrawn ? 'is-withdrawn' : leading.has(number) ? 'is-leading' : undefined
        }
      />
      <Notes {...props} hasLeaders={leading.size > 0} />
    </section>
  );
}

const BY_VOTES = { column: 'votes', direction: 'descending' } as const;

/** The line under the last place that would be taken; only over a whole contest, where places are decided. */
function lineOf(
  { pages }: Locale,
  { contest, totals, progress, leaderThreshold, isCertified }: CandidateTableProps,
): TableLine | undefined {
  if (!progress || progress.stations < contest.stations) return undefined;
  const line = seatsLine(contest, totals, progress, leaderThreshold);
  if (!line) return undefined;
  const words = pages.seatsLine;
  const text = (isCertified ? words.certified : words.now)(line.places, contest.seats);
  const why = line.why && words[line.why];
  return { column: 'votes', below: line.below, text: why ? `${text} ${why}` : text };
}

function columnsOf(
  locale: Locale,
  { decision }: ContestSummary,
  totals: SpelledTotals | undefined,
  leading: ReadonlySet<string>,
  figureHref: CandidateTableProps['figureHref'],
): Column<Candidate>[] {
  const { t } = locale;
  const votesOf = ({ number }: Candidate): number | null => totals?.votes[number] ?? null;
  const shareOf = (candidate: Candidate): number | null => shareHundredths(votesOf(candidate) ?? 0, totals?.shareOf);
  return [
    {
      id: 'number',
      label: t.candidates.number,
      long: t.candidates.numberLong,
      natural: 'ascending',
      sortBy: ({ number }) => number,
      cell: ({ number }) => number,
    },
    {
      id: 'name',
      label: t.candidates.name,
      isHead: true,
      natural: 'ascending',
      sortBy: (candidate) => locale.nameOf(candidate),
      cell: (candidate) => (
        <>
          <span class="candidate-name">
            {locale.nameOf(candidate)}
            {candidate.withdrawn && <Tag tone="attention">{t.candidates.withdrawn}</Tag>}
            {leading.has(candidate.number) && <Tag tone="accent">{t.candidates.leading}</Tag>}
          </span>
          {(candidate.party || candidate.list) && (
            <span class="candidate-party">
              <Swatch color={candidate.color} />
              {[candidate.party, candidate.list].filter(Boolean).join(' · ')}
            </span>
          )}
          <Bar
            value={totals ? shareOf(candidate) : null}
            tone={leading.has(candidate.number) ? 'accent' : 'quiet'}
            half={decision === 'majority-of-valid-ballots'}
          />
        </>
      ),
    },
    {
      id: 'votes',
      label: t.candidates.votes,
      kind: 'number',
      sortBy: votesOf,
      cell: (candidate) => {
        const votes = votesOf(candidate);
        return votes === null ? t.none : <Figure value={votes} href={figureHref?.(`votes.${candidate.number}`)} />;
      },
    },
    {
      id: 'share',
      label: t.candidates.share,
      kind: 'number',
      sortBy: votesOf,
      cell: (candidate) => <span class="share">{totals ? locale.percent(shareOf(candidate)) : t.none}</span>,
    },
  ];
}

function Swatch({ color }: { color: string | undefined }) {
  if (!color || !/^#[0-9a-f]{3,8}$/i.test(color)) return null;
  return (
    <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true" focusable="false">
      <rect width="8" height="8" rx="2" fill={color} />
    </svg>
  );
}

function Notes({
  contest,
  totals,
  progress,
  leaderThreshold,
  isCertified,
  hasLeaders,
}: CandidateTableProps & { hasLeaders: boolean }) {
  const { t, fraction } = useLocale();
  const notes = totals ? [basisOf(t, contest, totals)] : [];
  if (contest.seats > 1 && contest.fields.some(({ role }) => role === 'valid')) notes.push(t.candidates.severalVotes);
  if (contest.decision === 'majority-of-valid-ballots') notes.push(t.candidates.half);
  const isTooEarly = contest.decision !== 'none' && !coversThreshold(progress, leaderThreshold);
  if (!isCertified && isTooEarly) notes.push(t.candidates.threshold(fraction(leaderThreshold)));
  if (!isCertified && hasLeaders) notes.push(t.candidates.leadingNote);
  return <p class="section-foot">{notes.filter(Boolean).join(' ')}</p>;
}

/** What the shares are shares of, in the form's words where it can be told. */
function basisOf(t: Locale['t'], contest: ContestSummary, { shareOf, fields, votes }: SpelledTotals): string {
  if (!shareOf) return '';
  const valid = contest.fields.find(({ role }) => role === 'valid');
  if (valid && fields[valid.id] === shareOf) return t.candidates.shareOfValid(shareOf);
  const sum = Object.values(votes).reduce((total, value) => total + value, 0);
  return sum === shareOf ? t.candidates.shareOfVotes(shareOf) : t.candidates.shareOfOther(shareOf);
}
