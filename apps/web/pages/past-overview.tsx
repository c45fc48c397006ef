import type { OverviewAnswer } from '#wire';
import { PastNotice } from '../components/past-notice.tsx';
import { addresses } from '../live/addresses.ts';
import { useLasting } from '../live/use-lasting.ts';
import { useSettled } from '../live/use-settled.ts';
import { links, type Route } from '../route.ts';
import { Overview, OverviewFrame } from './overview.tsx';

/** How far each count was at a position. */
export function PastOverviewPage({ language, election: id, at }: Extract<Route, { page: 'past-overview' }>) {
  const { answer, failure } = useLasting<OverviewAnswer>(addresses.overview(id, at));
  useSettled(at, answer?.position, (position) => links.overview(language, id, position));
  return (
    <OverviewFrame language={language} election={id}>
      {(locale, election) => (
        <>
          <PastNotice asOf={answer?.asOf} nowHref={links.overview(language, id)} />
          <Overview {...{ locale, election, answer, failure, at }} />
          <p class="section-foot">
            <a href={links.corrections(language, id, at)}>{locale.pages.corrections}</a>
          </p>
        </>
      )}
    </OverviewFrame>
  );
}
