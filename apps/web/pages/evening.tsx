import type { AttemptAnswer, ContestSummary, HistoryAnswer } from '#wire';
import { AtPosition } from '../components/at-position.tsx';
import { contestName } from '../components/contest-chooser.tsx';
import { type ContestFacts, ContestPage } from '../components/contest-page.tsx';
import { Heading } from '../components/heading.tsx';
import { Notice } from '../components/notice.tsx';
import { Attempt } from '../components/timeline.tsx';
import { addresses } from '../live/addresses.ts';
import { mayResultsBeOut } from '../live/publication.ts';
import { useAnswers } from '../live/use-answers.ts';
import { useIsHydrated } from '../live/use-is-hydrated.ts';
import { links, type Route } from '../route.ts';

type EveningRoute = Extract<Route, { page: 'evening' }>;

/** Everything that was sent for one station, in all contests, in time order; made to be printed. */
export function EveningPage({ language, election, station }: EveningRoute) {
  return (
    <ContestPage
      language={language}
      place={{ election, unit: station, contest: undefined }}
      title={({ evening }) => evening.title}
      hrefOf={(code) => links.unit(language, election, code)}
    >
      {(facts) => <Evening facts={facts} />}
    </ContestPage>
  );
}

function Evening({ facts }: { facts: ContestFacts }) {
  const { locale, words, election, unit } = facts;
  const isHydrated = useIsHydrated();
  const shown = unit.contests.filter((contest) => mayResultsBeOut(election, unit.level, contest, Date.now()));
  const histories = useAnswers<HistoryAnswer>(shown.map(({ id }) => addresses.history(election.id, unit.code, id)));
  const entries = inOrder(shown, histories);
  const newest = histories.find((history) => history !== undefined);
  const isWhole = histories.every((history) => history !== undefined);
  return (
    <>
      <Heading eyebrow={`${words.evening.title} · ${unit.code}`} text={locale.nameOf(unit)} />
      <p class="lead">{words.evening.lead}</p>
      {isHydrated && (
        <p class="print-button">
          <button type="button" class="solid-button" onClick={() => print()}>
            {words.evening.print}
          </button>
        </p>
      )}
      {unit.contests
        .filter((contest) => !shown.includes(contest))
        .map((contest) => (
          <Notice key={contest.id}>{words.evening.hidden(contestName(locale, contest))}</Notice>
        ))}
      {!isWhole && <p class="loading">{locale.t.loading}</p>}
      {isWhole && shown.length > 0 && entries.length === 0 && <Notice>{words.evening.empty}</Notice>}
      <ol class="evening">
        {entries.map(({ attempt, contest }) => (
          <li key={`${contest.id} ${attempt.position}`} class="evening-entry">
            <h2 class="evening-contest">
              <a href={links.sheet(locale.language, election.id, unit.code, contest.id)}>
                {contestName(locale, contest)}
              </a>
            </h2>
            <Attempt attempt={attempt} contest={contest} election={election.id} isOpen />
          </li>
        ))}
      </ol>
      <AtPosition position={newest?.position} asOf={newest?.asOf} />
    </>
  );
}

interface Entry {
  readonly attempt: AttemptAnswer;
  readonly contest: ContestSummary;
}

/** By log time; within one moment as they lie in the log. */
function inOrder(contests: readonly ContestSummary[], histories: readonly (HistoryAnswer | undefined)[]): Entry[] {
  const entries = contests.flatMap((contest, i) =>
    (histories[i]?.attempts ?? []).map((attempt): Entry => ({ attempt, contest })),
  );
  const offset = ({ attempt }: Entry): number => Number(attempt.position.split(':')[1]);
  return entries.sort((a, b) => Date.parse(a.attempt.logTime) - Date.parse(b.attempt.logTime) || offset(a) - offset(b));
}
