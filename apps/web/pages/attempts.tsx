import type { AttemptMessage, ElectionAnswer } from '#wire';
import { AccountNotice } from '../components/account-notice.tsx';
import { AttemptFilters } from '../components/attempt-filters.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { ElectionPage } from '../components/election-page.tsx';
import { Failure } from '../components/failure.tsx';
import { Notice } from '../components/notice.tsx';
import { Tag } from '../components/tag.tsx';
import { momentOf } from '../figures/wall-clock.ts';
import { addresses } from '../live/addresses.ts';
import type { RequestFailed } from '../live/http.ts';
import { useAttemptSearch } from '../live/use-attempt-search.ts';
import { type AttemptFilters as Filters, links } from '../route.ts';
import { deskWords } from '../text/desk.ts';
import { type Locale, type UiLanguage, useLocale } from '../text/locale.ts';

interface AttemptsPageProps {
  readonly language: UiLanguage;
  readonly election: string;
  readonly filters: Filters;
}

/** All histories of an area, searched; each attempt leads to its sheet. */
export function AttemptsPage({ language, election: id, filters }: AttemptsPageProps) {
  return (
    <ElectionPage
      language={language}
      election={id}
      title={(locale) => deskWords(locale).attempts.title}
      lead={(locale) => deskWords(locale).attempts.lead}
    >
      {(_, election) => (
        <>
          <AttemptFilters election={id} timezone={election.timezone} filters={filters} />
          <Found election={election} filters={filters} />
        </>
      )}
    </ElectionPage>
  );
}

function Found({ election, filters }: { election: ElectionAnswer; filters: Filters }) {
  const locale = useLocale();
  const words = deskWords(locale).attempts;
  const query = queryOf(filters, election.timezone);
  const address = addresses.search(election.id, query);
  const { attempts, position, next, isSearching, failure, more } = useAttemptSearch(address);
  if (failure && position === undefined) return <WhyNot failure={failure} />;
  return (
    <section class="found-attempts">
      <p role="status">
        {isSearching || position === undefined
          ? words.searching
          : words.found(attempts.length, next === null, position)}
      </p>
      {failure && <Failure failure={failure} />}
      {attempts.length > 0 && (
        <>
          <p class="newsroom-downloads">
            {words.download}
            {(['csv', 'ndjson'] as const).map((format) => (
              <a key={format} href={addresses.search(election.id, { ...query, format })} download>
                {format.toUpperCase()}
              </a>
            ))}
          </p>
          <DataTable
            caption={words.table}
            columns={columnsOf(locale, election.id)}
            rows={attempts}
            keyOf={(attempt) => attempt.position}
            className="attempt-table"
            isWide
          />
        </>
      )}
      {next !== null && !isSearching && (
        <button type="button" class="button" onClick={more}>
          {words.showMore}
        </button>
      )}
    </section>
  );
}

/** As the API is asked: moments for times on the wall; what is none is left for it to refuse. */
function queryOf(filters: Filters, timezone: string): Readonly<Record<string, string | undefined>> {
  const momentIn = (wall: string | undefined): string | undefined =>
    wall === undefined ? undefined : (momentOf(wall, timezone) ?? wall);
  return { ...filters, from: momentIn(filters.from), to: momentIn(filters.to) };
}

function columnsOf(locale: Locale, election: string): Column<AttemptMessage>[] {
  const { language, history, moment, clock } = locale;
  const words = deskWords(locale).attempts;
  return [
    {
      id: 'time',
      label: words.time,
      isHead: true,
      cell: ({ logTime, position }) => (
        <>
          <time dateTime={logTime} title={clock(logTime)}>
            {moment(logTime)}
          </time>{' '}
          <span class="code">{position}</span>
        </>
      ),
    },
    {
      id: 'sheet',
      label: words.sheet,
      cell: ({ station, contest, subject }) =>
        station !== null && contest !== null ? (
          <a href={links.sheet(language, election, station, contest)}>
            {station}/{contest}
          </a>
        ) : (
          subject
        ),
    },
    {
      id: 'what',
      label: words.what,
      cell: ({ type }) => history.events[type as keyof typeof history.events] ?? history.unknownEvent,
    },
    { id: 'became', label: words.became, cell: (attempt) => <Became attempt={attempt} /> },
    { id: 'why', label: words.why, cell: (attempt) => <Why attempt={attempt} /> },
    {
      id: 'who',
      label: words.who,
      cell: ({ actor }) =>
        actor && (
          <>
            {history.roles[actor.role] ?? actor.role} <span class="code">{actor.id}</span>
          </>
        ),
    },
  ];
}

function Became({ attempt: { outcome, status, revision } }: { attempt: AttemptMessage }) {
  const locale = useLocale();
  const { history, t } = locale;
  const words = deskWords(locale).attempts;
  const more = [revision !== null && words.revision(revision), status && t.sheet.statusShort[status]].filter(Boolean);
  return (
    <>
      <Tag tone={outcome === 'accepted' ? 'good' : 'danger'}>
        {outcome === 'accepted' ? history.accepted : history.rejected}
      </Tag>
      {outcome === 'accepted' && more.length > 0 && ` ${more.join(', ')}`}
    </>
  );
}

function Why({ attempt: { rejection, cause, via, device, reason, findings } }: { attempt: AttemptMessage }) {
  const { history } = useLocale();
  const parts = [
    rejection && history.rejections[rejection],
    cause && history.causes[cause as keyof typeof history.causes],
    via && history.via[via as keyof typeof history.via],
    device,
    findings.length > 0 && findings.map(({ rule }) => rule).join(', '),
  ].filter(Boolean);
  return (
    <>
      {parts.join(' · ')}
      {reason && <q>{reason}</q>}
    </>
  );
}

/** A search that cannot be made is answered in words; for anything else nothing is shown. */
function WhyNot({ failure }: { failure: RequestFailed }) {
  const words = deskWords(useLocale()).attempts;
  const { status, problem } = failure;
  if (status !== 400 && status !== 404) return <AccountNotice words={words} failure={failure} />;
  return <Notice tone="attention">{words.refused(problem?.errors?.[0]?.message ?? failure.message)}</Notice>;
}
