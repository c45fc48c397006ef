import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { ContestSummary, ElectionAnswer, UnitAnswer } from '#wire';
import { ArrivalChart } from '../components/arrival-chart.tsx';
import { AsOf } from '../components/as-of.tsx';
import { Breadcrumb } from '../components/breadcrumb.tsx';
import { CandidateTable } from '../components/candidate-table.tsx';
import { ContestChooser, contestName } from '../components/contest-chooser.tsx';
import { plainText } from '../components/emphasis.tsx';
import { Exceptions } from '../components/exceptions.tsx';
import { Failure } from '../components/failure.tsx';
import { FormFigures } from '../components/form-figures.tsx';
import { Heading } from '../components/heading.tsx';
import { LiveControl } from '../components/live-control.tsx';
import { Notice } from '../components/notice.tsx';
import { OfflineNotice } from '../components/offline-notice.tsx';
import { ProgressPair } from '../components/progress-pair.tsx';
import { Shell } from '../components/shell.tsx';
import { Spoken } from '../components/spoken.tsx';
import { progressSentence, StatusSentence } from '../components/status-sentence.tsx';
import { StillOutSection } from '../components/still-out.tsx';
import { Tabs } from '../components/tabs.tsx';
import { levelName, UnitTable } from '../components/unit-table.tsx';
import { startOf } from '../figures/night.ts';
import { resultState } from '../figures/standing.ts';
import { printPosition } from '../live/position.ts';
import { UnitModel, type UnitPlace } from '../live/unit-model.ts';
import { links } from '../route.ts';
import { contentShown, navigate } from '../router.ts';
import { type Locale, LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';
import { publicationSentence } from '../text/publication.ts';
import { MissingPage } from './missing.tsx';

interface UnitPageProps extends UnitPlace {
  readonly unit: string;
  readonly language: UiLanguage;
}

/** The live page of a unit: totals of one contest there, and the units below. */
export function UnitPage({ language, election: electionId, unit: code, contest: contestId, track }: UnitPageProps) {
  const model = useMemo(() => new UnitModel({ election: electionId, unit: code, contest: contestId, track }), []);
  useEffect(() => {
    model.start();
    return () => model.end();
  }, [model]);
  const election = model.election.value;
  const unit = model.unit.value;
  const contest = model.contest.value;
  const timezone = election?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const isReady = model.totals.value !== null;
  useLayoutEffect(() => {
    if (isReady) contentShown();
  }, [isReady]);
  // A station has one sheet a contest: its page is the sheet's.
  const sheetHref =
    unit?.isStation && contest && election ? links.sheet(language, election.id, unit.code, contest.id) : undefined;
  useEffect(() => {
    if (sheetHref !== undefined) navigate(sheetHref, { replace: true });
  }, [sheetHref]);

  const failure = model.failure.value;
  // A track that is not public (yet): the page of the one that is.
  const otherTrackHref =
    failure?.status === 403 && track !== 'provisional' && election
      ? links.unit(language, election.id, code, contestId)
      : undefined;
  useEffect(() => {
    if (otherTrackHref !== undefined) navigate(otherTrackHref, { replace: true });
  }, [otherTrackHref]);
  if (failure?.status === 404) return <MissingPage language={language} />;
  if (!election || !unit)
    return (
      <LocaleContext.Provider value={locale}>
        <Shell title={locale.t.results}>
          {failure ? <Failure failure={failure} /> : <p class="loading">{locale.t.loading}</p>}
        </Shell>
      </LocaleContext.Provider>
    );
  return (
    <LocaleContext.Provider value={locale}>
      <Shell
        title={[locale.nameOf(unit), contest && contestName(locale, contest)].filter(Boolean).join(' – ')}
        election={election}
        footer={<Footer model={model} unit={unit} contest={contest} />}
      >
        {contest ? (
          <UnitContent model={model} election={election} unit={unit} contest={contest} locale={locale} />
        ) : (
          <>
            <Heading eyebrow={eyebrowOf(locale, election, unit)} text={locale.nameOf(unit)} />
            <Notice>{locale.t.missing.text}</Notice>
          </>
        )}
      </Shell>
    </LocaleContext.Provider>
  );
}

export function eyebrowOf({ pick }: Locale, election: ElectionAnswer, unit: UnitAnswer): string {
  return pick(election.levels.find(({ id }) => id === unit.level)?.name, unit.level);
}

interface UnitContentProps {
  readonly model: UnitModel;
  readonly election: ElectionAnswer;
  readonly unit: UnitAnswer;
  readonly contest: ContestSummary;
  readonly locale: Locale;
}

function UnitContent({ model, election, unit, contest, locale }: UnitContentProps) {
  const { language } = locale;
  const { track } = model.place;
  const node = model.node.value;
  const children = model.children.value;
  const progress = node?.progress;
  const totals = node?.totals;
  const { certified } = contest;
  const state = resultState({
    published: node?.published ?? false,
    progress,
    hasFigures: totals !== undefined,
    certified,
    track,
  });
  const asOf = model.totals.value?.asOf;
  const figureHref = (key: string): string =>
    links.lineage(language, election.id, unit.code, contest.id, track, { key });
  const nightHref = links.unit(language, election.id, unit.code, contest.id, track, startOf(election.shards));
  return (
    <>
      <Breadcrumb
        crumbs={unit.path.map((above) => ({
          name: locale.nameOf(above),
          href: links.unit(language, election.id, above.code, contest.id, track),
        }))}
      />
      <div class="headline">
        <Heading eyebrow={eyebrowOf(locale, election, unit)} text={locale.nameOf(unit)} />
        <LiveControl feed={model.feed} />
      </div>
      <OfflineNotice feed={model.feed} asOf={asOf} />
      <ContestChooser
        unit={unit}
        current={contest}
        hrefOf={(id) => links.unit(language, election.id, unit.code, id, track)}
      />
      {node ? (
        <>
          <StatusSentence
            state={state}
            progress={progress}
            track={track}
            hasFigures={totals !== undefined}
            certified={certified}
            publication={publicationSentence(locale, election, unit.level)}
          />
          {progress && <ProgressPair progress={progress} />}
          {progress && <Exceptions progress={progress} />}
          {node.published && (
            <TrackSwitch model={model} election={election} unit={unit} contest={contest} locale={locale} />
          )}
          <div class="columns">
            <CandidateTable
              unitName={locale.nameOf(unit)}
              contest={contest}
              totals={totals}
              progress={progress}
              leaderThreshold={election.leaderThreshold}
              isCertified={certified.state === 'certified'}
              figureHref={figureHref}
            />
            <div class="aside">
              {totals && <FormFigures contest={contest} totals={totals} figureHref={figureHref} />}
              {progress && (
                <ArrivalChart arrivals={model.arrivals.value} stations={progress.stations} nightHref={nightHref} />
              )}
            </div>
          </div>
          {progress && (
            <StillOutSection
              election={election}
              unit={unit}
              contest={contest}
              node={{ ...node, progress }}
              part={children}
              isProvisional={track === 'provisional'}
            />
          )}
        </>
      ) : (
        <NoNode model={model} election={election} unit={unit} locale={locale} />
      )}
      {children && (
        <UnitTable election={election} unit={unit} contest={contest} track={track} part={children} totals={totals} />
      )}
      {children &&
        unit.children.length > 0 &&
        unit.level === election.publish.lowestLevel &&
        children.nodes.size === 0 && (
          <p class="section-foot">{locale.t.units.notBelow(levelName(locale, election, unit.level))}</p>
        )}
      <Spoken
        summary={progress && `${plainText(progressSentence(locale, progress, track, totals !== undefined, state))}`}
      />
    </>
  );
}

/** Nothing public about this contest here: still loading, or kept back. */
function NoNode({ model, election, unit, locale }: Omit<UnitContentProps, 'contest'>) {
  const failure = model.failure.value;
  if (failure) return <Failure failure={failure} />;
  if (!model.totals.value) return <p class="loading">{locale.t.loading}</p>;
  return <Notice title={locale.t.states.unpublished}>{publicationSentence(locale, election, unit.level)}</Notice>;
}

function TrackSwitch({ model, election, unit, contest, locale }: UnitContentProps) {
  const { t, language } = locale;
  const { track } = model.place;
  const tracks = [
    'provisional',
    'verified',
    ...(model.hasTrackAll.value || track === 'all' ? ['all'] : []),
  ] as (typeof track)[];
  return (
    <div class="track-switch">
      <Tabs
        look="quiet"
        label={t.tracks.title}
        current={track}
        tabs={tracks.map((id) => ({
          id,
          label: t.tracks[id],
          href: links.unit(language, election.id, unit.code, contest.id, id),
        }))}
      />
      <p class="track-note">{t.tracks.notes[track]}</p>
    </div>
  );
}

function Footer({ model, unit, contest }: { model: UnitModel; unit: UnitAnswer; contest: ContestSummary | undefined }) {
  const totals = model.totals.value;
  const children = model.children.value;
  return (
    <AsOf
      position={totals ? printPosition(totals.position) : undefined}
      asOf={totals?.asOf}
      tablePosition={children ? printPosition(children.position) : undefined}
      feed={model.feed}
      node={{ election: model.place.election, unit: unit.code, contest: contest?.id ?? '' }}
      fingerprint={contest?.certified.state === 'certified' ? contest.certified.fingerprint : undefined}
    />
  );
}
