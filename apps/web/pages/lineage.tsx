import type { LineageAnswer, ResultsAnswer } from '#wire';
import { AreaSums } from '../components/area-sums.tsx';
import { AtPosition } from '../components/at-position.tsx';
import { type ContestFacts, ContestPage } from '../components/contest-page.tsx';
import { Failure } from '../components/failure.tsx';
import { FigureChooser, figureName } from '../components/figure-chooser.tsx';
import { Heading } from '../components/heading.tsx';
import { Notice } from '../components/notice.tsx';
import { PastNotice } from '../components/past-notice.tsx';
import { SheetSums } from '../components/sheet-sums.tsx';
import { figureAt, hasAreasBetween, keyOf, MOST_SHEETS } from '../figures/lineage.ts';
import { addresses, type NodeAddress } from '../live/addresses.ts';
import type { RequestFailed } from '../live/http.ts';
import { mayResultsBeOut } from '../live/publication.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useAnswerAt } from '../live/use-lasting.ts';
import { useSettled } from '../live/use-settled.ts';
import { type LineagePlace, links, type Route } from '../route.ts';
import { publicationSentence } from '../text/publication.ts';

type LineageRoute = Extract<Route, { page: 'lineage' }>;

/** What a figure is made of: the areas below with their sums, down to the sheets. */
export function LineagePage(route: LineageRoute) {
  const { language, election, unit, track, key, at } = route;
  return (
    <ContestPage
      language={language}
      place={route}
      title={({ lineage }) => lineage.title}
      hrefOf={(code, { contest }) => links.lineage(language, election, code, contest.id, track, { key, at })}
    >
      {(facts) => <Lineage key={unit} route={route} facts={facts} />}
    </ContestPage>
  );
}

function Lineage({ route, facts }: { route: LineageRoute; facts: ContestFacts }) {
  const { language, track, at } = route;
  const { locale, words, election, unit, contest } = facts;
  const key = keyOf(contest, route.key);
  const hrefOf = (changed: Partial<LineagePlace>): string =>
    links.lineage(language, election.id, unit.code, contest.id, track, { ...route, key, ...changed });
  if (key === undefined) return <Notice>{locale.t.missing.text}</Notice>;
  const figure = figureName(locale, contest, key);
  const shared = { route, facts, fieldKey: key, figure, hrefOf };
  return (
    <>
      <Heading eyebrow={words.lineage.title} text={words.lineage.of(figure, locale.nameOf(unit))} />
      <p class="section-note">
        {locale.nameOf(contest)} · {locale.t.tracks[track]}: {locale.t.tracks.notes[track]}
      </p>
      <FigureChooser contest={contest} current={key} hrefOf={(chosen) => hrefOf({ key: chosen })} />
      {hasAreasBetween(unit) && !route.isWhole ? <ByArea {...shared} /> : <BySheet {...shared} />}
      <p class="section-foot">
        <a href={links.unit(language, election.id, unit.code, contest.id, track, at)}>{words.lineage.unitPage}</a>
      </p>
    </>
  );
}

interface PartProps {
  readonly route: LineageRoute;
  readonly facts: ContestFacts;
  readonly fieldKey: string;
  readonly figure: string;
  readonly hrefOf: (changed: Partial<LineagePlace>) => string;
}

function nodeOf({ route, facts }: PartProps): NodeAddress {
  return { election: facts.election.id, unit: facts.unit.code, contest: facts.contest.id, track: route.track };
}

function ByArea(props: PartProps) {
  const { route, facts, fieldKey, hrefOf } = props;
  const { words, election, unit, contest } = facts;
  const { at, track } = route;
  const node = nodeOf(props);
  const isOut = mayResultsBeOut(election, unit.level, contest, Date.now());
  // At present one answer has all of it; of the past, two have the same position and cost less.
  const whole = useAnswerAt<ResultsAnswer>(
    isOut ? (at === undefined ? addresses.withChildren(node) : addresses.totals(node, at)) : null,
    at,
  );
  const below = useAnswerAt<ResultsAnswer>(isOut && at !== undefined ? addresses.children(node, at) : null, at);
  const nodes =
    whole.answer &&
    (at === undefined ? whole.answer.nodes : below.answer && [...whole.answer.nodes, ...below.answer.nodes]);
  const counted = whole.answer?.nodes.find(({ unit: code }) => code === unit.code)?.progress?.counted ?? 0;
  return (
    <Answered {...props} answer={nodes && whole.answer} failure={whole.failure ?? below.failure} isOut={isOut}>
      {nodes && (
        <>
          <AreaSums {...props} track={track} at={at} nodes={nodes} fieldKey={fieldKey} />
          <p class="section-foot">
            {counted > MOST_SHEETS ? (
              words.lineage.tooMany(MOST_SHEETS)
            ) : (
              <a href={hrefOf({ isWhole: true })}>{words.lineage.allSheets(counted)}</a>
            )}
          </p>
        </>
      )}
    </Answered>
  );
}

function BySheet(props: PartProps) {
  const { route, facts, fieldKey, hrefOf } = props;
  const { words, election, unit, contest } = facts;
  const { at, isWhole } = route;
  const node = nodeOf(props);
  const isOut = mayResultsBeOut(election, election.levels.at(-1)!.id, contest, Date.now());
  const { answer, failure } = useAnswerAt<LineageAnswer>(isOut ? addresses.lineage(node, fieldKey, at) : null, at);
  const present = useAnswer<LineageAnswer>(isOut && at !== undefined ? addresses.lineage(node, fieldKey) : null);
  return (
    <Answered {...props} answer={answer} failure={failure} isOut={isOut}>
      {answer && <SheetSums {...props} lineage={answer} present={present.answer} />}
      {isWhole && hasAreasBetween(unit) && (
        <p class="section-foot">
          <a href={hrefOf({ isWhole: false })}>{words.lineage.byArea}</a>
        </p>
      )}
    </Answered>
  );
}

interface AnsweredProps extends PartProps {
  readonly answer: LineageAnswer | ResultsAnswer | undefined;
  readonly failure: RequestFailed | undefined;
  readonly isOut: boolean;
  readonly children: preact.ComponentChildren;
}

/** The figure itself and of when it is; or why it is not shown. */
function Answered({ route, facts, fieldKey, hrefOf, answer, failure, isOut, children }: AnsweredProps) {
  const { locale, election, unit } = facts;
  const { at } = route;
  useSettled(at, answer?.position, (position) => hrefOf({ at: position }));
  if (!isOut || failure?.status === 403)
    return (
      <Notice title={facts.words.lineage.hidden}>
        {publicationSentence(locale, election, election.levels.at(-1)!.id)}
      </Notice>
    );
  if (!answer) return failure ? <Failure failure={failure} /> : <p class="loading">{locale.t.loading}</p>;
  const totals =
    'sheets' in answer ? answer.total : answer.nodes.find((node) => node.unit === unit.code)?.tracks[route.track];
  const value = totals && figureAt(totals, fieldKey);
  return (
    <>
      {at !== undefined && <PastNotice asOf={answer.asOf} nowHref={hrefOf({ at: undefined })} />}
      {value != null && <p class="big-figure">{locale.count(value)}</p>}
      {children}
      <AtPosition position={answer.position} asOf={answer.asOf} />
    </>
  );
}
