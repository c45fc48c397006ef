/** A contest at a unit without a page around it: for frames of other sites, and walls. Says what a page must: rehearsal, state, as of when. */
import { useEffect, useMemo } from 'preact/hooks';
import { resultState } from '../figures/standing.ts';
import { usePageHead } from '../head.ts';
import { UnitModel } from '../live/unit-model.ts';
import { links, type Slide, type Widget } from '../route.ts';
import { deskWords } from '../text/desk.ts';
import { LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';
import { publicationSentence } from '../text/publication.ts';
import { ArrivalChart } from './arrival-chart.tsx';
import { CandidateTable } from './candidate-table.tsx';
import { contestName } from './contest-chooser.tsx';
import { Failure } from './failure.tsx';
import { FreezeNotice } from './freeze-notice.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { ProgressPair } from './progress-pair.tsx';
import { StatusSentence } from './status-sentence.tsx';
import { UnitTable } from './unit-table.tsx';
import { Watermark } from './watermark.tsx';

interface FramedProps extends Slide {
  readonly language: UiLanguage;
  readonly election: string;
}

export function Framed({ language, election: id, unit: code, contest: wanted, widgets }: FramedProps) {
  const model = useMemo(() => new UnitModel({ election: id, unit: code, contest: wanted, track: 'provisional' }), []);
  useEffect(() => {
    model.start();
    return () => model.end();
  }, [model]);
  const election = model.election.value;
  const unit = model.unit.value;
  const contest = model.contest.value;
  const timezone = election?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const words = deskWords(locale).framed;
  const title = unit && contest ? `${locale.nameOf(unit)} – ${contestName(locale, contest)}` : 'Tally';
  usePageHead({ title: election?.rehearsal ? `[${locale.t.rehearsalMark}] ${title}` : title });
  const failure = model.failure.value;
  const node = model.node.value;
  if (!election || !unit || !contest)
    return (
      <LocaleContext.Provider value={locale}>
        {failure ? <Failure failure={failure} /> : <p class="loading">{locale.t.loading}</p>}
      </LocaleContext.Provider>
    );
  const { certified } = contest;
  const progress = node?.progress;
  const totals = node?.totals;
  const published = node?.published ?? false;
  const state = resultState({
    published,
    progress,
    hasFigures: totals !== undefined,
    certified,
    track: 'provisional',
  });
  const children = model.children.value;
  const shows = (widget: Widget): boolean => widgets.includes(widget);
  const isPair = (shows('progress') || shows('timeline')) && (shows('candidates') || shows('children'));
  const asOf = model.totals.value?.asOf;
  const href = links.unit(language, election.id, unit.code, contest.id);
  return (
    <LocaleContext.Provider value={locale}>
      {election.rehearsal && (
        <header>
          <p class="rehearsal-banner">
            <strong>{locale.t.rehearsal}</strong> {locale.t.rehearsalBanner}
          </p>
        </header>
      )}
      <main class={isPair ? 'framed-main is-pair' : 'framed-main'}>
        <p class="eyebrow">{locale.pick(election.name, election.id)}</p>
        <h1>{title}</h1>
        <div class="framed-side">
          {election.freeze && <FreezeNotice {...election.freeze} />}
          <OfflineNotice feed={model.feed} asOf={asOf} />
          {model.totals.value && (
            <StatusSentence
              state={state}
              progress={progress}
              track="provisional"
              hasFigures={totals !== undefined}
              certified={certified}
              publication={publicationSentence(locale, election, unit.level)}
            />
          )}
          {progress && shows('progress') && <ProgressPair progress={progress} />}
          {progress && shows('timeline') && (
            <ArrivalChart arrivals={model.arrivals.value} stations={progress.stations} />
          )}
        </div>
        <div class="framed-rest">
          {published && shows('candidates') && (
            <CandidateTable
              unitName={locale.nameOf(unit)}
              contest={contest}
              totals={totals}
              progress={progress}
              leaderThreshold={election.leaderThreshold}
              isCertified={certified.state === 'certified'}
            />
          )}
          {children && shows('children') && (
            <UnitTable
              election={election}
              unit={unit}
              contest={contest}
              track="provisional"
              part={children}
              totals={totals}
            />
          )}
        </div>
        <p class="framed-foot">
          <span>{asOf ? words.asOf(locale.clock(asOf)) : words.nothingYet}</span>{' '}
          <a href={href} target="_blank" rel="noopener">
            {words.source}
          </a>
        </p>
      </main>
      {election.rehearsal && <Watermark />}
    </LocaleContext.Provider>
  );
}
