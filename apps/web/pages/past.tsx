import { useEffect, useState } from 'preact/hooks';
import type { Track } from '#domain';
import type { ContestSummary, HistoryAnswer, ResultsAnswer, SheetAnswer } from '#wire';
import { AtPosition } from '../components/at-position.tsx';
import { CandidateTable } from '../components/candidate-table.tsx';
import { ContestChooser } from '../components/contest-chooser.tsx';
import { type ContestFacts, ContestPage } from '../components/contest-page.tsx';
import { Exceptions } from '../components/exceptions.tsx';
import { Failure } from '../components/failure.tsx';
import { Findings } from '../components/findings.tsx';
import { FormFigures } from '../components/form-figures.tsx';
import { Heading } from '../components/heading.tsx';
import { NightPlayer } from '../components/night-player.tsx';
import { Notice } from '../components/notice.tsx';
import { PastNotice } from '../components/past-notice.tsx';
import { ProgressPair } from '../components/progress-pair.tsx';
import { StatusTag } from '../components/status-tag.tsx';
import { Tabs } from '../components/tabs.tsx';
import { Timeline } from '../components/timeline.tsx';
import { UnitTable } from '../components/unit-table.tsx';
import { stepAt } from '../figures/night.ts';
import { addresses } from '../live/addresses.ts';
import { type Part, partOfAnswer } from '../live/part.ts';
import { useInTurn, useLasting } from '../live/use-lasting.ts';
import { useMoving } from '../live/use-moving.ts';
import { useNight } from '../live/use-night.ts';
import { useRested } from '../live/use-rested.ts';
import { useSettled } from '../live/use-settled.ts';
import { links, type Route } from '../route.ts';
import { navigate } from '../router.ts';
import { publicationSentence } from '../text/publication.ts';

type PastRoute = Extract<Route, { page: 'past' }>;

/** A unit as it was at a position: what stands here never changes. */
export function PastPage(route: PastRoute) {
  const { language, election, track, at } = route;
  return (
    <ContestPage
      language={language}
      place={route}
      title={({ past }) => past.title}
      hrefOf={(code, { contest }) => links.unit(language, election, code, contest.id, track, at)}
    >
      {(facts) => <Past route={route} facts={facts} />}
    </ContestPage>
  );
}

/** The table of areas, and a sheet's history, are asked for once the slider has stood still for so long. */
const REST_MS = 400;

function Past({ route, facts }: { route: PastRoute; facts: ContestFacts }) {
  const { language, track } = route;
  const { locale, election, unit } = facts;
  const contest = asItWas(facts.contest);
  const [at, moveTo] = useMoving(route.at, (moved) => hrefOf({ at: moved }));
  const hrefOf = (change: { at?: string; contest?: string; track?: Track }): string =>
    links.unit(language, election.id, unit.code, change.contest ?? contest.id, change.track ?? track, change.at ?? at);
  const node = { election: election.id, unit: unit.code, contest: contest.id, track };
  const [isPlaying, setPlaying] = useState(false);
  const totals = useInTurn<ResultsAnswer>(addresses.totals(node, at));
  const restedAt = useRested(at, REST_MS);
  const isAtRest = restedAt === at && !isPlaying;
  const children = useLasting<ResultsAnswer>(isAtRest && !unit.isStation ? addresses.children(node, at) : null);
  const steps = useNight(facts, node);
  const { answer } = totals;
  useSettled(route.at, answer?.position, (position) => hrefOf({ at: position }));
  const isRefused = totals.failure?.status === 403 && track !== 'provisional';
  useEffect(() => {
    if (isRefused) navigate(hrefOf({ track: 'provisional' }), { replace: true });
  }, [isRefused]);

  const nowHref = links.unit(language, election.id, unit.code, contest.id, track);
  const compareHref = links.compare(language, election.id, unit.code, contest.id, track, { from: at });
  return (
    <>
      <Heading eyebrow={facts.words.past.title} text={locale.nameOf(unit)} />
      <PastNotice asOf={answer?.asOf} nowHref={nowHref} compareHref={compareHref} />
      <div class="night-place">
        {steps && steps.length > 1 && (
          <NightPlayer
            steps={steps}
            at={stepAt(steps, at)}
            isShown={!totals.isOfAnother}
            onMove={(to) => moveTo(steps[to]!.position)}
            onPlaying={setPlaying}
          />
        )}
      </div>
      <ContestChooser unit={unit} current={contest} hrefOf={(id) => hrefOf({ contest: id })} />
      {answer ? (
        <Figures
          facts={{ ...facts, contest }}
          route={{ ...route, at }}
          answer={answer}
          children={isAtRest && !children.isOfAnother ? children.answer : undefined}
          restedAt={restedAt}
          hrefOf={hrefOf}
        />
      ) : totals.failure ? (
        <Failure failure={totals.failure} />
      ) : (
        <p class="loading">{locale.t.loading}</p>
      )}
    </>
  );
}

/** Without what came to be known of it only later. */
function asItWas({ candidates, ...contest }: ContestSummary): ContestSummary {
  return {
    ...contest,
    candidates: candidates.map(({ withdrawn: _later, ...candidate }) => candidate),
    certified: { state: 'open' },
  };
}

interface FiguresProps {
  readonly facts: ContestFacts;
  readonly route: PastRoute;
  readonly answer: ResultsAnswer;
  readonly children: ResultsAnswer | undefined;
  readonly restedAt: string;
  readonly hrefOf: (change: { track: Track }) => string;
}

function Figures({ facts, route, answer, children, restedAt, hrefOf }: FiguresProps) {
  const { locale, words, election, unit, contest } = facts;
  const { track, at, language } = route;
  const part = partOf(answer, facts, route);
  const below = children && partOf(children, facts, route);
  const node = part?.nodes.get(unit.code);
  if (!node?.published)
    return <Notice title={locale.t.states.unpublished}>{publicationSentence(locale, election, unit.level)}</Notice>;
  const { progress, totals } = node;
  const figureHref = (key: string): string =>
    links.lineage(language, election.id, unit.code, contest.id, track, { key, at });
  const isStation = unit.isStation;
  return (
    <>
      {progress && <ProgressPair progress={progress} />}
      {progress && <Exceptions progress={progress} />}
      <div class="track-switch">
        <Tabs
          look="quiet"
          label={locale.t.tracks.title}
          current={track}
          tabs={(['provisional', 'verified'] as const).map((id) => ({
            id,
            label: locale.t.tracks[id],
            href: hrefOf({ track: id }),
          }))}
        />
      </div>
      <div class="columns">
        <CandidateTable
          unitName={locale.nameOf(unit)}
          contest={contest}
          totals={totals}
          progress={progress}
          leaderThreshold={election.leaderThreshold}
          isCertified
          figureHref={figureHref}
        />
        <div class="aside">{totals && <FormFigures contest={contest} totals={totals} figureHref={figureHref} />}</div>
      </div>
      {below ? (
        <UnitTable
          election={election}
          unit={unit}
          contest={contest}
          track={track}
          part={below}
          totals={totals}
          at={at}
        />
      ) : (
        !isStation && <p class="section-foot">{words.past.wait}</p>
      )}
      {isStation && <PastSheet facts={facts} at={restedAt} />}
      <AtPosition position={answer.position} asOf={answer.asOf} />
    </>
  );
}

/** What a station's sheet was, what had been found, and every attempt on it until then. */
function PastSheet({ facts, at }: { facts: ContestFacts; at: string }) {
  const { locale, election, unit, contest } = facts;
  const sheet = useLasting<SheetAnswer>(addresses.sheet(election.id, unit.code, contest.id, at)).answer;
  const history = useLasting<HistoryAnswer>(addresses.history(election.id, unit.code, contest.id, at)).answer;
  return (
    <>
      {sheet && (
        <div class="status">
          <StatusTag status={sheet.status} sealed={sheet.sealed} closed={sheet.closed} />
          <p class="status-sentence">{locale.t.sheet.status[sheet.status]}</p>
        </div>
      )}
      <div class="columns columns-sheet">
        <div>{sheet && <Findings sheet={sheet} />}</div>
        <div class="aside">{history && <Timeline history={history} contest={contest} />}</div>
      </div>
    </>
  );
}

function partOf(answer: ResultsAnswer, { contest }: ContestFacts, { track }: PastRoute): Part | null {
  const validField = contest.fields.find(({ role }) => role === 'valid')?.id;
  return partOfAnswer(answer, { contest: contest.id, track, validField, includes: () => true });
}
