import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { ElectionAnswer } from '#wire';
import { addresses } from '../live/addresses.ts';
import { useAnswer } from '../live/use-answer.ts';
import { MissingPage } from '../pages/missing.tsx';
import { contentShown } from '../router.ts';
import { type Locale, LocaleContext, makeLocale, type UiLanguage } from '../text/locale.ts';
import { Failure } from './failure.tsx';
import { Heading } from './heading.tsx';
import { Shell } from './shell.tsx';

export interface ElectionPageProps {
  readonly language: UiLanguage;
  readonly election: string;
  readonly title: (locale: Locale) => string;
  readonly heading?: (locale: Locale, election: ElectionAnswer) => string;
  readonly lead?: (locale: Locale, election: ElectionAnswer) => string;
  readonly children: (locale: Locale, election: ElectionAnswer) => ComponentChildren;
}

/** A page about a whole election: its frame, and what it says once the election is known. */
export function ElectionPage({ language, election: id, title, heading = title, lead, children }: ElectionPageProps) {
  const { answer: election, failure } = useAnswer<ElectionAnswer>(addresses.election(id));
  const timezone = election?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const isReady = election !== undefined;
  useLayoutEffect(() => {
    if (isReady) contentShown();
  }, [isReady]);
  if (failure?.status === 404) return <MissingPage language={language} />;
  return (
    <LocaleContext.Provider value={locale}>
      <Shell
        title={title(locale)}
        description={lead && election ? lead(locale, election) : undefined}
        election={election}
      >
        {!election && (failure ? <Failure failure={failure} /> : <p class="loading">{locale.t.loading}</p>)}
        {election && (
          <>
            <Heading text={heading(locale, election)} />
            {lead && <p class="lead">{lead(locale, election)}</p>}
            {children(locale, election)}
          </>
        )}
      </Shell>
    </LocaleContext.Provider>
  );
}
