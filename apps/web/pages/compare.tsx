import type { ContestSummary, ResultNode, ResultsAnswer } from '#wire';
import { AtPosition } from '../components/at-position.tsx';
import { type ContestFacts, ContestPage } from '../components/contest-page.tsx';
import { Failure } from '../components/failure.tsx';
import { formLines } from '../components/form-figures.tsx';
import { Heading } from '../components/heading.tsx';
import { NightSlider } from '../components/night-slider.tsx';
import { Notice } from '../components/notice.tsx';
import { dated } from '../components/past-notice.tsx';
import { type Difference, differencesOf, differs, progressDifferences } from '../figures/differences.ts';
import { figureAt, figureKeysOf } from '../figures/lineage.ts';
import { startOf, stepAt } from '../figures/night.ts';
import { addresses } from '../live/addresses.ts';
import { isNotBeyond, readPosition } from '../live/position.ts';
import { useAnswerAt, useInTurn } from '../live/use-lasting.ts';
import { useMoving } from '../live/use-moving.ts';
import { useNight } from '../live/use-night.ts';
import { useSettled } from '../live/use-settled.ts';
import { type ComparedPlace, links, type Route } from '../route.ts';
import type { Locale } from '../text/locale.ts';
import { publicationSentence } from '../text/publication.ts';

type CompareRoute = Extract<Route, { page: 'compare' }>;

/** What changed at a unit between two positions. */
export function ComparePage(route: CompareRoute) {
  const { language, election, track, from, to } = route;
  return (
    <ContestPage
      language={language}
      place={route}
      title={({ compare }) => compare.title}
      hrefOf={(code, { contest }) => links.compare(language, election, code, contest.id, track, { from, to })}
    >
      {(facts) => <Compare route={route} facts={facts} />}
    </ContestPage>
  );
}

/** Stands for no position: what is, as it changes. */
const NOW = '';

function Compare({ route, facts }: { route: CompareRoute; facts: ContestFacts }) {
  const { language, track } = route;
  const { locale, words, election, unit, contest } = facts;
  const hrefOf = (change: Partial<ComparedPlace>): string =>
    links.compare(language, election.id, unit.code, contest.id, track, { from: route.from, to: route.to, ...change });
  const [from, moveFrom] = useMoving(route.from ?? startOf(election.shards), (moved) => hrefOf({ from: moved }));
  const [moved, moveTo] = useMoving(route.to ?? NOW, (at) => hrefOf({ to: at }));
  const to = moved === NOW ? undefined : moved;
  const node = { election: election.id, unit: unit.code, contest: contest.id, track };
  const before = useInTurn<ResultsAnswer>(addresses.totals(node, from));
  const after = useAnswerAt<ResultsAnswer>(addresses.totals(node, to), to);
  const steps = useNight(facts, node);
  useSettled(route.from, before.answer?.position, (position) => hrefOf({ from: position }));
  useSettled(route.to, after.answer?.position, (position) => hrefOf({ to: position }));
  const moment = (asOf: string | null): string => (asOf === null ? words.past.start : dated(locale, asOf));
  const failure = before.failure ?? after.failure;
  const last = steps ? steps.length - 1 : 0;
  return (
    <>
      <Heading eyebrow={words.compare.title} text={locale.nameOf(unit)} />
      <p class="section-note">
        {locale.nameOf(contest)} · {locale.t.tracks[track]}
      </p>
      {before.answer && after.answer && (
        <p class="lead">{words.compare.lead(moment(before.answer.asOf), moment(after.answer.asOf))}</p>
      )}
      <div class="night-place">
        {steps && steps.length > 1 && (
          <div class="night">
            <NightSlider
              label={words.compare.from}
              steps={steps}
              at={stepAt(steps, from)}
              onMove={(step) => moveFrom(steps[step]!.position)}
            />
            <NightSlider
              label={words.compare.to}
              steps={steps}
              at={to === undefined ? last : stepAt(steps, to)}
              onMove={(step) => moveTo(steps[step]!.position)}
            />
          </div>
        )}
      </div>
      {before.answer && after.answer ? (
        <Differences facts={facts} route={route} before={before.answer} after={after.answer} />
      ) : failure ? (
        <Failure failure={failure} />
      ) : (
        <p class="loading">{locale.t.loading}</p>
      )}
      <p class="past-links">
        <a href={links.unit(language, election.id, unit.code, contest.id, track, from)}>
          {words.past.asOf(moment(before.answer?.asOf ?? null))}
        </a>
        <a href={links.unit(language, election.id, unit.code, contest.id, track, to)}>
          {to === undefined ? words.past.now : words.past.asOf(moment(after.answer?.asOf ?? null))}
        </a>
      </p>
    </>
  );
}

interface DifferencesProps {
  readonly facts: ContestFacts;
  readonly route: CompareRoute;
  readonly before: ResultsAnswer;
  readonly after: ResultsAnswer;
}

function Differences({ facts, route, before, after }: DifferencesProps) {
  const { locale, words, election, unit, contest } = facts;
  const [was, is] = [before, after].map(({ nodes }) => nodes.find((node) => node.contest === contest.id)) as [
    ResultNode | undefined,
    ResultNode | undefined,
  ];
  if (!was?.published || !is?.published)
    return <Notice title={locale.t.states.unpublished}>{publicationSentence(locale, election, unit.level)}</Notice>;
  const all = differencesOf(figureKeysOf(contest), figureAt, was.tracks[route.track], is.tracks[route.track]);
  const figures = all.filter((one) => one.difference !== null);
  const changed = figures.filter(differs).length;
  const names = namesOf(locale, contest);
  const groups = [
    {
      name: words.compare.progress,
      rows: progressDifferences(was.progress, is.progress).filter((one) => one.difference !== null),
    },
    { name: words.compare.votes, rows: figures.filter(({ key }) => key.startsWith('votes.')) },
    { name: words.compare.fields, rows: figures.filter(({ key }) => key.startsWith('field.')) },
  ];
  const nameOf = (key: string): string =>
    names.get(key) ?? words.compare[PROGRESS_WORDS[key as keyof typeof PROGRESS_WORDS]];
  const [first, second] = [readPosition(before.position), readPosition(after.position)];
  return (
    <>
      {first && second && !isNotBeyond(first, second) && <Notice tone="attention">{words.compare.goes}</Notice>}
      <p class="sum-lead">{changed === 0 ? words.compare.same : words.compare.changed(changed, figures.length)}</p>
      <table class="table figures-table compare-table">
        <caption class="unseen">{words.compare.tableOf(locale.nameOf(unit))}</caption>
        <thead>
          <tr>
            <th scope="col">{words.compare.figure}</th>
            {[words.compare.before, words.compare.after, words.compare.difference].map((head) => (
              <th key={head} scope="col" class="cell-number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(
          ({ name, rows }) =>
            rows.length > 0 && (
              <tbody key={name}>
                <tr class="group">
                  <th scope="rowgroup" colSpan={4}>
                    {name}
                  </th>
                </tr>
                {rows.map((row) => (
                  <DifferenceRow key={row.key} row={row} name={nameOf(row.key)} locale={locale} />
                ))}
              </tbody>
            ),
        )}
      </table>
      <AtPosition position={after.position} asOf={after.asOf} />
    </>
  );
}

const PROGRESS_WORDS = {
  received: 'received',
  counted: 'counted',
  verified: 'verified',
  registeredCounted: 'voters',
} as const;

function DifferenceRow({ row, name, locale }: { row: Difference; name: string; locale: Locale }) {
  const print = (value: number | undefined): string => (value === undefined ? locale.t.none : locale.count(value));
  return (
    <tr class={differs(row) ? 'differs' : undefined}>
      <th scope="row">{name}</th>
      <td class="cell-number">{print(row.before)}</td>
      <td class="cell-number">{print(row.after)}</td>
      <td class="cell-number">{differs(row) ? locale.difference(row.difference ?? 0) : ''}</td>
    </tr>
  );
}

function namesOf(locale: Locale, contest: ContestSummary): Map<string, string> {
  return new Map([
    ...contest.candidates.map((one) => [`votes.${one.number}`, `${one.number}. ${locale.nameOf(one)}`] as const),
    ...formLines(locale, contest).map(({ id, name }) => [`field.${id}`, `${id}. ${name}`] as const),
  ]);
}
