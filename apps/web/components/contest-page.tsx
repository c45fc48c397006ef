import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { ContestSummary, ElectionAnswer, UnitAnswer } from '#wire';
import { addresses } from '../live/addresses.ts';
import { useLasting } from '../live/use-lasting.ts';
import { MissingPage } from '../pages/missing.tsx';
import type { NodePlace } from '../route.ts';
import { contentShown } from '../router.ts';
import { type AuditWords, auditWords } from '../text/audit.ts';
import { type Locale, LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { contestName } from './contest-chooser.tsx';
import { Failure } from './failure.tsx';
import { Shell } from './shell.tsx';

/** What such a page is about, once that is known. */
export interface ContestFacts {
  readonly locale: Locale;
  readonly words: AuditWords;
  readonly election: ElectionAnswer;
  readonly unit: UnitAnswer;
  readonly contest: ContestSummary;
}

interface ContestPageProps {
  readonly language: UiLanguage;
  readonly place: Omit<NodePlace, 'track'>;
  readonly title: (words: AuditWords) => string;
  /** The same page of a unit above. */
  readonly hrefOf: (unit: string, facts: ContestFacts) => string;
  readonly footer?: (facts: ContestFacts) => ComponentChildren;
  readonly children: (facts: ContestFacts) => ComponentChildren;
}

/** A page of the audit about one contest at a unit: its frame, and what it says once unit and contest are known. */
export function ContestPage({ language, place, title, hrefOf, footer, children }: ContestPageProps) {
  const election = useLasting<ElectionAnswer>(addresses.election(place.election));
  const unit = useLasting<UnitAnswer>(addresses.unit(place.election, place.unit, place.contest));
  const timezone = election.answer?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const words = useMemo(() => auditWords(locale), [locale]);
  const isReady = election.answer !== undefined && unit.answer !== undefined;
  useLayoutEffect(() => {
    if (isReady) contentShown();
  }, [isReady]);
  const failure = election.failure ?? unit.failure;
  const contests = unit.answer?.contests ?? [];
  const contest = contests.find(({ id }) => id === place.contest) ?? contests[0];
  if (failure?.status === 404 || (unit.answer && !contest)) return <MissingPage language={language} />;
  if (!election.answer || !unit.answer || !contest)
    return (
      <LocaleContext.Provider value={locale}>
        <Shell title={title(words)}>
          {failure ? <Failure failure={failure} /> : <p class="loading">{locale.t.loading}</p>}
        </Shell>
      </LocaleContext.Provider>
    );
  const facts: ContestFacts = { locale, words, election: election.answer, unit: unit.answer, contest };
  return (
    <LocaleContext.Provider value={locale}>
      <Shell
        title={[title(words), locale.nameOf(unit.answer), contestName(locale, contest)].join(' – ')}
        election={election.answer}
        footer={footer?.(facts)}
      >
        <Breadcrumb
          crumbs={unit.answer.path.map((above) => ({ name: locale.nameOf(above), href: hrefOf(above.code, facts) }))}
        />
        {children(facts)}
      </Shell>
    </LocaleContext.Provider>
  );
}
