import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { ContestSummary, ElectionAnswer, SheetAnswer, UnitAnswer } from '#wire';
import { AsOf } from '../components/as-of.tsx';
import { Breadcrumb } from '../components/breadcrumb.tsx';
import { ContestChooser, contestName } from '../components/contest-chooser.tsx';
import { ContributesTo } from '../components/contributes-to.tsx';
import { Failure } from '../components/failure.tsx';
import { Findings } from '../components/findings.tsx';
import { Heading } from '../components/heading.tsx';
import { LiveControl } from '../components/live-control.tsx';
import { Notice } from '../components/notice.tsx';
import { OfflineNotice } from '../components/offline-notice.tsx';
import { SheetFigures } from '../components/sheet-figures.tsx';
import { Shell } from '../components/shell.tsx';
import { Spoken } from '../components/spoken.tsx';
import { StatusTag } from '../components/status-tag.tsx';
import { Timeline } from '../components/timeline.tsx';
import { SheetModel, type SheetPlace } from '../live/sheet-model.ts';
import { links } from '../route.ts';
import { contentShown } from '../router.ts';
import { type Locale, LocaleContext, makeLocale, type UiLanguage, useLocale } from '../text/locale.ts';
import { publicationSentence } from '../text/publication.ts';
import { MissingPage } from './missing.tsx';
import { eyebrowOf } from './unit.tsx';

interface SheetPageProps extends SheetPlace {
  readonly language: UiLanguage;
}

/** One sheet: what counts of it now, what was found, and everything that was ever tried on it. */
export function SheetPage({ language, election: electionId, station, contest: contestId }: SheetPageProps) {
  const model = useMemo(() => new SheetModel({ election: electionId, station, contest: contestId }), []);
  useEffect(() => {
    model.start();
    return () => model.end();
  }, [model]);
  const election = model.election.value;
  const unit = model.unit.value;
  const contest = model.contest.value;
  const sheet = model.sheet.value;
  const timezone = election?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const isReady = sheet !== undefined;
  useLayoutEffect(() => {
    if (isReady) contentShown();
  }, [isReady]);
  const failure = model.failure.value;
  if (failure?.status === 404) return <MissingPage language={language} />;
  if (!election || !unit || !contest)
    return (
      <LocaleContext.Provider value={locale}>
        <Shell title={locale.t.sheet.title}>
          {failure ? <Failure failure={failure} /> : <p class="loading">{locale.t.loading}</p>}
        </Shell>
      </LocaleContext.Provider>
    );
  return (
    <LocaleContext.Provider value={locale}>
      <Shell
        title={`${locale.nameOf(unit)} – ${contestName(locale, contest)}`}
        election={election}
        footer={
          <AsOf
            position={sheet?.position}
            asOf={sheet?.asOf}
            feed={model.feed}
            node={{ election: election.id, unit: unit.code, contest: contest.id }}
          />
        }
      >
        <SheetContent model={model} election={election} unit={unit} contest={contest} locale={locale} />
      </Shell>
    </LocaleContext.Provider>
  );
}

interface SheetContentProps {
  readonly model: SheetModel;
  readonly election: ElectionAnswer;
  readonly unit: UnitAnswer;
  readonly contest: ContestSummary;
  readonly locale: Locale;
}

function SheetContent({ model, election, unit, contest, locale }: SheetContentProps) {
  const { t, language } = locale;
  const sheet = model.sheet.value;
  const history = model.history.value;
  return (
    <>
      <Breadcrumb
        crumbs={unit.path.map((above) => ({
          name: locale.nameOf(above),
          href: links.unit(language, election.id, above.code, contest.id),
        }))}
      />
      <div class="headline">
        <Heading
          eyebrow={`${t.sheet.title} · ${eyebrowOf(locale, election, unit)} ${unit.code}`}
          text={locale.nameOf(unit)}
        />
        <LiveControl feed={model.feed} />
      </div>
      <OfflineNotice feed={model.feed} asOf={sheet?.asOf} />
      <ContestChooser
        unit={unit}
        current={contest}
        hrefOf={(id) => links.sheet(language, election.id, unit.code, id)}
      />
      {!sheet && <p class="loading">{t.loading}</p>}
      {sheet && <SheetStatusSentence sheet={sheet} registered={unit.registered} />}
      {sheet && isKeptBack(sheet) && <Notice>{t.sheet.notPublic}</Notice>}
      {sheet && sheet.revision > 0 && !sheet.standing && !sheet.newest && !isKeptBack(sheet) && (
        <Notice>{publicationSentence(locale, election, unit.level)}</Notice>
      )}
      <div class="columns columns-sheet">
        <div>
          {sheet && <SheetFigures sheet={sheet} contest={contest} />}
          {sheet && <Findings sheet={sheet} />}
          {sheet && <ContributesTo election={election} unit={unit} contest={contest} sheet={sheet} />}
        </div>
        <div class="aside">{history && <Timeline history={history} contest={contest} />}</div>
      </div>
      <Spoken summary={sheet && t.sheet.status[sheet.status]} />
    </>
  );
}

/** Held, disputed or returned figures that the public does not see before the log is out. */
function isKeptBack({ newest, status, standing }: SheetAnswer): boolean {
  const isAside = status === 'held' || status === 'disputed' || status === 'awaiting-second' || status === 'returned';
  return isAside && (newest === null || newest.revision === standing?.revision);
}

function SheetStatusSentence({ sheet, registered }: { sheet: SheetAnswer; registered: number | undefined }) {
  const { t } = useLocale();
  const { status, sealed, closed, standing, revision, heldFor } = sheet;
  const more = [
    ...heldFor.map((reason) => t.sheet.heldFor[reason]),
    ...(standing !== null && standing.revision < revision ? [t.sheet.stillStanding(standing.revision)] : []),
    ...(sealed && status !== 'none' ? [t.sheet.sealed] : []),
    ...(closed ? [t.sheet.closed] : []),
  ];
  return (
    <div class="status">
      <StatusTag status={status} sealed={sealed} closed={closed} />
      <p class="status-sentence">{sealed && status === 'none' ? t.sheet.sealed : t.sheet.status[status]}</p>
      {more.length > 0 && <p class="status-more">{more.join(' ')}</p>}
      <p class="status-note">
        {[revision > 0 && t.sheet.revision(revision), registered !== undefined && t.sheet.registered(registered)]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
}
