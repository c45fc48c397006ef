/** For those who work with figures further: the flat table of a contest, its downloads, and how to ask for changes only. */
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { ContestSummary, ElectionAnswer, TableAnswer, UnitAnswer } from '#wire';
import { contestName } from '../components/contest-chooser.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Failure } from '../components/failure.tsx';
import { Heading } from '../components/heading.tsx';
import { Shell } from '../components/shell.tsx';
import { addresses } from '../live/addresses.ts';
import { useChangingTable } from '../live/changing-table.ts';
import { usePolled } from '../live/polled.ts';
import { links } from '../route.ts';
import { contentShown, navigate } from '../router.ts';
import { deskWords } from '../text/desk.ts';
import { type Locale, LocaleContext, makeLocale, type UiLanguage, useLocale } from '../text/locale.ts';
import { MissingPage } from './missing.tsx';

interface NewsroomPageProps {
  readonly language: UiLanguage;
  readonly election: string;
  readonly contest: string | undefined;
  readonly level: string | undefined;
}

const SELDOM_MS = 300_000;

export function NewsroomPage({ language, election: id, contest: wanted, level: wantedLevel }: NewsroomPageProps) {
  const election = usePolled<ElectionAnswer>(addresses.election(id), SELDOM_MS);
  const root = election.answer?.root;
  const unit = usePolled<UnitAnswer>(root === undefined ? undefined : addresses.unit(id, root, wanted), SELDOM_MS);
  const timezone = election.answer?.timezone;
  const locale = useMemo(() => makeLocale(language, timezone), [language, timezone]);
  const words = deskWords(locale).newsroom;
  const contests = unit.answer?.contests;
  const contest = contests?.find((one) => one.id === wanted) ?? (wanted === undefined ? contests?.[0] : undefined);
  const failure = election.failure ?? unit.failure;
  if (failure?.status === 404 || (contests && !contest)) return <MissingPage language={language} />;
  return (
    <LocaleContext.Provider value={locale}>
      <Shell title={words.title} election={election.answer}>
        <Heading text={words.title} />
        <p class="lead">{words.lead}</p>
        {election.answer && contests && contest ? (
          <Tables
            locale={locale}
            election={election.answer}
            contests={contests}
            contest={contest}
            level={wantedLevel}
          />
        ) : failure ? (
          <Failure failure={failure} />
        ) : (
          <p class="loading">{locale.t.loading}</p>
        )}
      </Shell>
    </LocaleContext.Provider>
  );
}

interface TablesProps {
  readonly locale: Locale;
  readonly election: ElectionAnswer;
  readonly contests: readonly ContestSummary[];
  readonly contest: ContestSummary;
  readonly level: string | undefined;
}

function Tables({ locale, election, contests, contest, level: wanted }: TablesProps) {
  const words = deskWords(locale).newsroom;
  const level = wanted ?? (election.levels[1] ?? election.levels[0])!.id;
  const { table, failure, changed } = useChangingTable(election.id, contest.id, level);
  const isReady = table !== undefined;
  useLayoutEffect(() => {
    if (isReady) contentShown();
  }, [isReady]);
  const go = (toContest: string, toLevel: string): void =>
    navigate(links.newsroom(locale.language, election.id, toContest, toLevel));
  return (
    <>
      <form class="newsroom-choice">
        <label>
          {words.contest}{' '}
          <select name="contest" value={contest.id} onChange={(event) => go(event.currentTarget.value, level)}>
            {contests.map((one) => (
              <option key={one.id} value={one.id}>
                {contestName(locale, one)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.level}{' '}
          <select name="level" value={level} onChange={(event) => go(contest.id, event.currentTarget.value)}>
            {election.levels.map((one) => (
              <option key={one.id} value={one.id}>
                {locale.pick(one.name, one.id)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="quiet-button without-script">
          {words.show}
        </button>
      </form>
      <Downloads
        title={words.download}
        hrefOf={(format) => addresses.table(election.id, contest.id, { level, format })}
      />
      <Downloads title={words.everything} hrefOf={(format) => addresses.table(election.id, contest.id, { format })} />
      {failure && <Failure failure={failure} />}
      {table && (
        <>
          <p>{changed ? words.changedAt(locale.clock(changed.at), changed.rows) : words.noChange}</p>
          <Rows table={table} contest={contest} />
          <h2>{words.changes}</h2>
          <p class="section-note">{words.changesNote(table.position)}</p>
          <p>
            <code>{addresses.table(election.id, contest.id, { level, since: table.position })}</code>
          </p>
        </>
      )}
    </>
  );
}

const FORMATS = ['csv', 'xlsx', 'json'] as const;

function Downloads({ title, hrefOf }: { title: string; hrefOf: (format: string) => string }) {
  return (
    <p class="newsroom-downloads">
      {title}:{' '}
      {FORMATS.map((format) => (
        <a key={format} href={hrefOf(format)} download aria-label={`${title}, ${format.toUpperCase()}`}>
          {format.toUpperCase()}
        </a>
      ))}
    </p>
  );
}

const SHOWN = 200;
type Row = TableAnswer['rows'][number];

function Rows({ table, contest }: { table: TableAnswer; contest: ContestSummary }) {
  const locale = useLocale();
  const { t, count } = locale;
  const words = deskWords(locale).newsroom;
  const place = (name: string): number => table.columns.indexOf(name);
  const text = (name: string) => (row: Row) => String(row[place(name)] ?? '');
  const number = (name: string, label: string, long?: string): Column<Row> => ({
    id: name,
    label,
    ...(long && { long }),
    kind: 'number',
    cell: (row) => print(row[place(name)], count),
    sortBy: (row) => Number(row[place(name)] ?? -1),
  });
  const columns: Column<Row>[] = [
    { id: 'name', label: words.area, isHead: true, cell: text('name'), sortBy: text('name'), natural: 'ascending' },
    { id: 'unit', label: words.code, cell: text('unit'), sortBy: text('unit'), natural: 'ascending' },
    number('progress.received', t.progress.sheets),
    number('progress.stations', words.stations),
    ...contest.candidates.map(({ number: ballot, name }) =>
      number(`votes.${ballot}`, `${ballot}`, `${ballot} ${name}`),
    ),
  ];
  return (
    <>
      <DataTable
        caption={words.table(table.rows.length)}
        columns={columns}
        rows={table.rows.slice(0, SHOWN)}
        keyOf={(row) => String(row[0])}
        isWide
      />
      {table.rows.length > SHOWN && <p class="section-note">{words.firstOnly(SHOWN)}</p>}
      <p class="section-note">{words.empty}</p>
    </>
  );
}

function print(value: string | number | null | undefined, count: (value: number) => string): string {
  return typeof value === 'number' ? count(value) : '';
}
