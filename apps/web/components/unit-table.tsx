import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { SheetStatus, Track } from '#domain';
import type { ContestSummary, ElectionAnswer, UnitAnswer } from '#wire';
import { shareHundredths } from '../figures/share.ts';
import type { LiveNode, Part } from '../live/part.ts';
import { links } from '../route.ts';
import { type Locale, useLocale } from '../text/locale.ts';
import { Bar } from './bar.tsx';
import { Count } from './count.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { EXCEPTION_KINDS } from './exceptions.tsx';
import { Segments } from './segments.tsx';
import { StatusTag } from './status-tag.tsx';
import { UnitTiles } from './unit-tiles.tsx';

interface UnitTableProps {
  readonly election: ElectionAnswer;
  readonly unit: UnitAnswer;
  readonly contest: ContestSummary;
  readonly track: Track;
  readonly part: Part;
  readonly totals: LiveNode['totals'];
  /** Of the past: the units below are then shown as they were too. */
  readonly at?: string;
}

type Child = UnitAnswer['children'][number];
interface Row {
  readonly child: Child;
  readonly node: LiveNode;
}

const CANDIDATES_AT_FIRST = 6;

/** Kept from unit to unit. */
const view = signal<'table' | 'tiles'>('table');

/** The units directly below, one row each, down to the sheets. */
export function UnitTable(props: UnitTableProps) {
  const locale = useLocale();
  const { t, pages } = locale;
  const { election, unit, contest, part, totals } = props;
  const [figure, setFigure] = useState<'votes' | 'shares'>('votes');
  const [all, setAll] = useState(false);
  const rows = unit.children.flatMap((child): Row[] => {
    const node = part.nodes.get(child.code);
    return node ? [{ child, node }] : [];
  });
  if (rows.length === 0) return null;
  const levels = [...new Set(rows.map(({ child }) => child.level))];
  // Once they may be there, their columns are: the first figure then moves nothing.
  const hasVotes = rows.some(({ node }) => node.totals || node.published);
  const candidates = all ? contest.candidates : firstCandidates(contest, totals);
  const elsewhere = unit.children.length - rows.length;
  return (
    <section class="units" aria-labelledby="units">
      <header class="section-head">
        <h2 id="units">
          {t.units.title(levels.map((level) => levelName(locale, election, level)).join(t.listSeparator))}
        </h2>
        <div class="choices">
          {hasVotes && view.value === 'table' && (
            <Segments
              legend={t.units.showWhat}
              choices={[
                ['votes', t.units.showVotes],
                ['shares', t.units.showShares],
              ]}
              chosen={figure}
              onChoose={setFigure}
            />
          )}
          <Segments
            legend={pages.tiles.view}
            choices={[
              ['table', pages.tiles.table],
              ['tiles', pages.tiles.tiles],
            ]}
            chosen={view.value}
            onChoose={(choice) => {
              view.value = choice;
            }}
          />
        </div>
      </header>
      {view.value === 'tiles' ? (
        <UnitTiles
          caption={t.units.tableOf(locale.nameOf(unit))}
          contest={contest}
          leaderThreshold={election.leaderThreshold}
          tiles={rows.map(({ child, node }) => ({
            code: child.code,
            name: locale.nameOf(child),
            href: hrefOf(locale, props, child),
            node,
          }))}
        />
      ) : (
        <DataTable
          isWide
          className="unit-table"
          caption={t.units.tableOf(locale.nameOf(unit))}
          columns={[
            ...headColumns(
              locale,
              props,
              levels.length > 1,
              rows.every(({ child }) => child.isStation),
            ),
            ...(hasVotes ? candidates.map((candidate) => candidateColumn(locale, candidate, figure)) : []),
          ]}
          rows={rows}
          keyOf={({ child }) => child.code}
        />
      )}
      <p class="section-foot">
        {view.value === 'tiles' && <span>{pages.tiles.note(locale.fraction(election.leaderThreshold))}</span>}
        {view.value === 'table' && hasVotes && contest.candidates.length > CANDIDATES_AT_FIRST && (
          <button type="button" class="link" onClick={() => setAll(!all)}>
            {all ? t.units.fewer : t.units.more(contest.candidates.length)}
          </button>
        )}
        {elsewhere > 0 && <span>{t.units.elsewhere(elsewhere)}</span>}
      </p>
    </section>
  );
}

/** The candidates with most votes here, in ballot order; all of them where they are few. */
function firstCandidates({ candidates }: ContestSummary, totals: LiveNode['totals']): ContestSummary['candidates'] {
  if (candidates.length <= CANDIDATES_AT_FIRST) return candidates;
  const votesOf = (number: string): number => totals?.votes[number] ?? 0;
  const most = [...candidates].sort((a, b) => votesOf(b.number) - votesOf(a.number)).slice(0, CANDIDATES_AT_FIRST);
  return candidates.filter((candidate) => most.includes(candidate));
}

export function levelName({ pick }: Locale, election: ElectionAnswer, level: string): string {
  const name = pick(election.levels.find(({ id }) => id === level)?.name, level);
  return name.charAt(0).toLocaleLowerCase() + name.slice(1);
}

/** The page of a unit below; a station's is that of its sheet, now or as it was. */
function hrefOf(
  { language }: Locale,
  { election, contest, track, at }: UnitTableProps,
  { code, isStation }: Child,
): string {
  return isStation && at === undefined
    ? links.sheet(language, election.id, code, contest.id)
    : links.unit(language, election.id, code, contest.id, track, at);
}

function headColumns(locale: Locale, props: UnitTableProps, isMixed: boolean, isOfStations: boolean): Column<Row>[] {
  const { t, nameOf } = locale;
  const { election } = props;
  const unit: Column<Row> = {
    id: 'unit',
    label: t.units.unit,
    isHead: true,
    natural: 'ascending',
    sortBy: ({ child }) => nameOf(child),
    cell: ({ child }) => (
      <>
        <a href={hrefOf(locale, props, child)}>{nameOf(child)}</a>
        <span class="unit-code">
          {isMixed ? `${levelName(locale, election, child.level)} · ${child.code}` : child.code}
        </span>
      </>
    ),
  };
  if (!isOfStations) return [unit, sheetsColumn(locale), votersColumn(locale)];
  return [
    unit,
    {
      ...sheetsColumn(locale),
      label: t.units.status,
      long: undefined,
      kind: 'text',
      natural: 'ascending',
      sortBy: ({ node: { progress } }) => (progress ? t.sheet.statusShort[stationStatus(progress)] : null),
    },
    { ...votersColumn(locale), label: t.units.registered, long: t.units.registeredLong },
  ];
}

/** Sheets of a unit as "12/20"; the one sheet of a station as its state in words. */
function sheetsColumn({ t, count }: Locale): Column<Row> {
  return {
    id: 'sheets',
    label: t.units.sheets,
    long: t.units.sheetsLong,
    kind: 'number',
    sortBy: ({ node: { progress } }) => (progress ? progress.received / Math.max(1, progress.stations) : null),
    cell: ({ child, node: { progress } }) => {
      if (!progress) return t.none;
      if (child.isStation)
        return <StatusTag status={stationStatus(progress)} sealed={progress.sealed > 0} closed={progress.closed > 0} />;
      const unsettled = EXCEPTION_KINDS.filter((kind) => progress[kind] > 0);
      return (
        <>
          <span class="fraction">
            {count(progress.received)}
            <span class="fraction-whole">/{count(progress.stations)}</span>
          </span>
          {unsettled.map((kind) => (
            <span key={kind} class="fraction-note">
              {t.exceptionsShort[kind](progress[kind])}
            </span>
          ))}
        </>
      );
    },
  };
}

/** A station's progress numbers are those of its one sheet. */
function stationStatus(progress: NonNullable<LiveNode['progress']>): SheetStatus {
  if (progress.held > 0) return 'held';
  if (progress.disputed > 0) return 'disputed';
  if (progress.awaiting > 0) return 'awaiting-second';
  if (progress.returned > 0) return 'returned';
  if (progress.annulled > 0) return 'annulled';
  if (progress.verified > 0) return 'verified';
  return progress.counted > 0 ? 'accepted' : 'none';
}

function votersColumn({ t, share, count }: Locale): Column<Row> {
  return {
    id: 'voters',
    label: t.units.voters,
    long: t.units.votersLong,
    kind: 'number',
    sortBy: ({ child, node: { progress } }) =>
      child.isStation
        ? (progress?.registered ?? null)
        : progress?.registered
          ? progress.registeredCounted / progress.registered
          : null,
    cell: ({ child, node: { progress } }) => {
      if (!progress?.registered) return t.none;
      if (child.isStation) return count(progress.registered);
      if (progress.counted === 0) return <span class="nothing">{t.none}</span>;
      return (
        <span class="voters">
          {share(progress.registeredCounted, progress.registered)}
          <Bar value={shareHundredths(progress.registeredCounted, progress.registered)} />
        </span>
      );
    },
  };
}

function candidateColumn(
  locale: Locale,
  candidate: ContestSummary['candidates'][number],
  figure: 'votes' | 'shares',
): Column<Row> {
  const name = locale.nameOf(candidate);
  const votesOf = ({ node }: Row): number | null => node.totals?.votes[candidate.number] ?? null;
  const shareOf = (row: Row): number | null => shareHundredths(votesOf(row) ?? 0, row.node.totals?.shareOf);
  return {
    id: `votes.${candidate.number}`,
    label: `${candidate.number}. ${name}`,
    kind: 'number',
    sortBy: figure === 'votes' ? votesOf : shareOf,
    cell: (row) => {
      const votes = votesOf(row);
      if (votes === null) return <span class="nothing">{locale.t.none}</span>;
      return figure === 'votes' ? <Count value={votes} /> : locale.percent(shareOf(row));
    },
  };
}
