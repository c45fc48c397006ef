import type { ElectionAnswer } from '#wire';
import { ElectionPage } from '../components/election-page.tsx';
import { addresses } from '../live/addresses.ts';
import { eventsBefore, readPosition } from '../live/position.ts';
import { links } from '../route.ts';
import { auditWords } from '../text/audit.ts';
import type { Locale, UiLanguage } from '../text/locale.ts';

interface AboutPageProps {
  readonly language: UiLanguage;
  readonly election: string;
}

/** Where the figures come from, what is published when, and how anybody can check them. */
export function AboutPage({ language, election: id }: AboutPageProps) {
  return (
    <ElectionPage
      language={language}
      election={id}
      title={({ pages }) => pages.about}
      lead={({ pages }) => pages.aboutLead}
    >
      {(locale, election) => <About locale={locale} election={election} />}
    </ElectionPage>
  );
}

function About({ locale, election }: { locale: Locale; election: ElectionAnswer }) {
  const { t, pages } = locale;
  const position = readPosition(election.position);
  return (
    <div class="prose">
      <h2>{pages.from}</h2>
      <p>{pages.fromText}</p>
      <h2>{pages.position}</h2>
      <p>{pages.positionText}</p>
      <p>
        {t.asOf.position}: <code>{election.position}</code>
        {position && ` (${t.asOf.event(eventsBefore(position))})`}
      </p>
      <h2>{pages.published}</h2>
      <Published locale={locale} election={election} />
      <h2>{pages.check}</h2>
      <p>{pages.checkText}</p>
      <pre class="command">
        <code>tally verify DIR</code>
      </pre>
      <p>
        <a href={links.receipt(locale.language, election.id)}>{auditWords(locale).receipt.title}</a>
      </p>
      <h2>{pages.downloads}</h2>
      <ul class="downloads">
        <li>
          <a href={addresses.csvOfEverything(election.id)} download>
            {pages.csv}
          </a>
        </li>
        <li>
          <a href={`${addresses.election(election.id)}/results/${encodeURIComponent(election.root)}`}>{pages.json}</a>
        </li>
        <li>
          <a href={addresses.fingerprint(election.id)}>{pages.fingerprintNow}</a>
        </li>
        <li>
          <a href="/api/docs">{pages.api}</a>
        </li>
      </ul>
    </div>
  );
}

function Published({ locale, election }: { locale: Locale; election: ElectionAnswer }) {
  const { pages, moment, pick } = locale;
  const { publish, levels } = election;
  const words = (when: string): string => pages.moments[when] ?? moment(when);
  return (
    <>
      <dl class="facts">
        {(['progress', 'results', 'log'] as const).map((thing) => (
          <div key={thing}>
            <dt>{pages.things[thing]}</dt>
            <dd>{words(publish[thing])}</dd>
          </div>
        ))}
      </dl>
      <p>{pages.lowest(pick(levels.find(({ id }) => id === publish.lowestLevel)?.name, publish.lowestLevel))}</p>
    </>
  );
}
