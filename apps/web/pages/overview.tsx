import type { BodyInOverview, ContestInOverview, ElectionAnswer, OverviewAnswer } from '#wire';
import { Bar } from '../components/bar.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { ElectionPage, type ElectionPageProps } from '../components/election-page.tsx';
import { Failure } from '../components/failure.tsx';
import { ProgressPair } from '../components/progress-pair.tsx';
import { Tag, type Tone } from '../components/tag.tsx';
import { shareHundredths } from '../figures/share.ts';
import { addresses } from '../live/addresses.ts';
import type { RequestFailed } from '../live/http.ts';
import { useAnswer } from '../live/use-answer.ts';
import { links } from '../route.ts';
import type { Locale, UiLanguage } from '../text/locale.ts';

interface OverviewPageProps {
  readonly language: UiLanguage;
  readonly election: string;
}

/** Everything that is elected, and how far each count is. */
export function OverviewPage({ language, election: id }: OverviewPageProps) {
  const { answer, failure } = useAnswer<OverviewAnswer>(addresses.overview(id));
  return (
    <OverviewFrame language={language} election={id}>
      {(locale, election) => <Overview {...{ locale, election, answer, failure }} />}
    </OverviewFrame>
  );
}

type OverviewFrameProps = Pick<ElectionPageProps, 'language' | 'election' | 'children'>;

export function OverviewFrame(props: OverviewFrameProps) {
  return (
    <ElectionPage
      {...props}
      title={({ pages }) => pages.overview}
      heading={({ pick }, { name }) => pick(name, props.election)}
      lead={({ t, day, pages }, { date, contests, stations }) =>
        `${t.home.pollingDay(day(date))}. ${pages.overviewLead(contests, stations)}`
      }
    />
  );
}

interface OverviewProps {
  readonly locale: Locale;
  readonly election: ElectionAnswer;
  readonly answer: OverviewAnswer | undefined;
  readonly failure: RequestFailed | undefined;
  /** A position; left out: now. */
  readonly at?: string;
}

export function Overview({ locale, election, answer, failure, at }: OverviewProps) {
  return (
    <>
      <p>
        <a href={links.unit(locale.language, election.id, election.root, undefined, undefined, at)}>
          {locale.pages.allResults}
        </a>
      </p>
      {failure && !answer && <Failure failure={failure} />}
      {answer?.bodies.map((body) => (
        <Body key={body.body ?? body.listed[0]?.id} body={body} locale={locale} election={election} at={at} />
      ))}
    </>
  );
}

interface BodyProps {
  readonly body: BodyInOverview;
  readonly locale: Locale;
  readonly election: ElectionAnswer;
  readonly at: string | undefined;
}

function Body({ body, locale, election, at }: BodyProps) {
  const { t, pages, nameOf } = locale;
  const first = body.listed[0];
  const name =
    body.body === null
      ? first
        ? nameOf(first)
        : pages.otherContest
      : (t.contests.bodies[body.body] ?? (first && body.contests === 1 ? nameOf(first) : body.body));
  const id = `body-${body.body ?? first?.id}`;
  const more = body.contests - body.listed.length;
  return (
    <section class="body-overview" aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id}>{name}</h2>
        <p class="section-note">{pages.contestsOf(body.contests, body.seats, body.certified)}</p>
      </header>
      {body.progress && <ProgressPair progress={body.progress} of={name} />}
      <DataTable
        className="overview-table"
        caption={pages.tableOf(name)}
        columns={columnsOf(locale, election, at)}
        rows={body.listed}
        keyOf={({ id }) => id}
      />
      {more > 0 && <p class="section-foot">{pages.moreContests(more)}</p>}
    </section>
  );
}

function columnsOf(locale: Locale, election: ElectionAnswer, at: string | undefined): Column<ContestInOverview>[] {
  const { t, pages, language, nameOf, count, share } = locale;
  return [
    {
      id: 'contest',
      label: pages.contest,
      isHead: true,
      natural: 'ascending',
      sortBy: nameOf,
      cell: (contest) => {
        const kind = t.contests.kinds[contest.kind];
        const [state, tone] = stateOf(contest);
        return (
          <>
            <a href={links.unit(language, election.id, contest.unit, contest.id, undefined, at)}>{nameOf(contest)}</a>
            <span class="contest-state">
              <Tag tone={tone}>{t.states[state]}</Tag>
              {kind && <span class="unit-code">{kind}</span>}
            </span>
          </>
        );
      },
    },
    {
      id: 'seats',
      label: pages.seats,
      kind: 'number',
      sortBy: ({ seats }) => seats,
      cell: ({ seats }) => count(seats),
    },
    {
      id: 'sheets',
      label: pages.sheets,
      kind: 'number',
      sortBy: ({ progress }) => (progress?.stations ? progress.received / progress.stations : null),
      cell: ({ progress }) =>
        progress ? (
          <span class="sheets-received">
            {share(progress.received, progress.stations)}
            <span class="unit-code">
              {count(progress.received)}/{count(progress.stations)}
            </span>
            <Bar value={shareHundredths(progress.received, progress.stations)} />
          </span>
        ) : (
          t.none
        ),
    },
  ];
}

function stateOf({ published, progress, isCertified }: ContestInOverview): [keyof Locale['t']['states'], Tone] {
  if (!published) return ['unpublished', 'neutral'];
  if (isCertified) return ['certified', 'good'];
  if (!progress || progress.counted === 0) return ['nothing', 'neutral'];
  return progress.counted >= progress.stations ? ['complete', 'accent'] : ['incomplete', 'attention'];
}
