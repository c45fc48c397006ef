import type { CorrectionAnswer, CorrectionsAnswer } from '#wire';
import { ElectionPage } from '../components/election-page.tsx';
import { Failure } from '../components/failure.tsx';
import { PastNotice } from '../components/past-notice.tsx';
import { addresses } from '../live/addresses.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useSettled } from '../live/use-settled.ts';
import { links, type Route } from '../route.ts';
import type { Locale } from '../text/locale.ts';

/** Figures that were changed after they had been accepted, the newest first. */
export function CorrectionsPage({ language, election: id, at }: Extract<Route, { page: 'corrections' }>) {
  const { answer, failure } = useAnswer<CorrectionsAnswer>(addresses.corrections(id, at));
  useSettled(at, answer?.position, (position) => links.corrections(language, id, position));
  return (
    <ElectionPage
      language={language}
      election={id}
      title={({ pages }) => pages.corrections}
      lead={({ pages }) => pages.correctionsLead}
    >
      {(locale) => (
        <>
          {at && <PastNotice asOf={answer?.asOf} nowHref={links.corrections(language, id)} />}
          <p>
            <a href={links.correctionsFeed(language, id)} type="application/atom+xml" target="_self">
              {locale.pages.correctionsFeed}
            </a>
          </p>
          {failure && !answer && <Failure failure={failure} />}
          {answer && (
            <p class="section-foot">
              {answer.corrections.length === 0 ? locale.pages.correctionsNone : locale.pages.correctionsNewest}
            </p>
          )}
          <ol class="corrections">
            {answer?.corrections.map((correction) => (
              <li key={correction.attempt.position}>
                <Correction correction={correction} locale={locale} election={id} />
              </li>
            ))}
          </ol>
        </>
      )}
    </ElectionPage>
  );
}

interface CorrectionProps {
  readonly correction: CorrectionAnswer;
  readonly locale: Locale;
  readonly election: string;
}

function Correction({ correction, locale, election }: CorrectionProps) {
  const { history, language, nameOf, moment } = locale;
  const { station, path, contest, attempt } = correction;
  const what = attempt.type ? history.events[attempt.type as keyof typeof history.events] : history.unknownEvent;
  return (
    <article class="correction">
      <p class="attempt-time">
        <time dateTime={attempt.logTime}>{moment(attempt.logTime)}</time> · {what}
      </p>
      <h2>
        <a href={links.sheet(language, election, station.code, contest.id)}>{nameOf(station)}</a>
      </h2>
      <p class="section-note">{[nameOf(contest), ...path.slice(1).reverse().map(nameOf)].join(' · ')}</p>
      {attempt.reason && (
        <p class="attempt-reason">
          <q>{attempt.reason}</q>
        </p>
      )}
      {attempt.changed.length > 0 && <Changes attempt={attempt} locale={locale} />}
    </article>
  );
}

function Changes({ attempt, locale }: { attempt: CorrectionAnswer['attempt']; locale: Locale }) {
  const { history, t, count } = locale;
  const print = (value: number | string | null): string =>
    value === null ? t.none : typeof value === 'number' ? count(value) : value;
  return (
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">{t.figures.name}</th>
          <th scope="col" class="cell-number">
            {history.before}
          </th>
          <th scope="col" class="cell-number">
            {history.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {attempt.changed.map(({ key, before, after }) => (
          <tr key={key}>
            <th scope="row">{key.slice(key.indexOf('.') + 1)}</th>
            <td class="cell-number change-before">{print(before)}</td>
            <td class="cell-number change-after">{print(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
