import { useState } from 'preact/hooks';
import type { MinutesAnswer, MinutesRow, UnitAnswer } from '#wire';
import { addresses } from '../../live/addresses.ts';
import { getJson, RequestFailed } from '../../live/http.ts';
import { usePolled } from '../../live/polled.ts';
import { type BoardPlace, links } from '../../route.ts';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { type Column, DataTable } from '../data-table.tsx';
import { Failure } from '../failure.tsx';
import { StatusTag } from '../status-tag.tsx';

interface MinutesListProps {
  readonly election: string;
  readonly unit: UnitAnswer;
  readonly place: BoardPlace;
}

const EVERY_MS = 5_000;

/** The minutes in one state, each a link to its sheet. */
export function MinutesList({ election, unit, place }: MinutesListProps) {
  const { language, nameOf, minute } = useLocale();
  const words = deskWords(useLocale()).board;
  const query = { state: place.state, contest: place.contest };
  const { answer, failure } = usePolled<MinutesAnswer>(addresses.minutes(election, unit.code, query), EVERY_MS);
  const more = useMore(election, unit.code, query);
  const columns: Column<MinutesRow>[] = [
    {
      id: 'station',
      label: words.station,
      isHead: true,
      cell: (row) => (
        <a href={links.sheet(language, election, row.station, row.contest)}>
          {nameOf(row)} <span class="code">{row.station}</span>
        </a>
      ),
    },
    { id: 'contest', label: words.contest, cell: ({ contest }) => contestName(contest) },
    { id: 'state', label: words.state, cell: (row) => <StatusTag {...row} /> },
    { id: 'expected', label: words.expectedAt, kind: 'number', cell: (row) => minute(row.expectedAt) },
  ];
  const contestName = (id: string): string => {
    const contest = unit.contests.find((one) => one.id === id);
    return contest ? nameOf(contest) : id;
  };
  const rows = [...(answer?.minutes ?? []), ...more.rows];
  const next = more.next === undefined ? answer?.next : more.next;
  return (
    <div class="board-list">
      <h2 id="list">{words.list(words.states[place.state])}</h2>
      {place.state === 'late' && <p class="section-note">{words.lateNote}</p>}
      {(failure ?? more.failure) && !answer && <Failure failure={(failure ?? more.failure)!} />}
      {answer && rows.length === 0 && <p>{words.none}</p>}
      {rows.length > 0 && (
        <DataTable
          caption={words.list(words.states[place.state])}
          columns={columns}
          rows={rows}
          keyOf={({ station, contest }) => `${station}/${contest}`}
          isWide
        />
      )}
      {next && (
        <button type="button" class="button" onClick={() => more.ask(next)}>
          {words.more}
        </button>
      )}
    </div>
  );
}

/** The pages of the list after the first, as they were when asked for. `next`: undefined before any was. */
function useMore(election: string, unit: string, query: { state: string; contest: string | undefined }) {
  const [rows, setRows] = useState<readonly MinutesRow[]>([]);
  const [next, setNext] = useState<string | null>();
  const [failure, setFailure] = useState<RequestFailed>();
  const ask = (after: string): void => {
    getJson<MinutesAnswer>(addresses.minutes(election, unit, { ...query, after })).then(
      (answer) => {
        setRows((known) => [...known, ...answer.minutes]);
        setNext(answer.next);
      },
      (error: unknown) => setFailure(error instanceof RequestFailed ? error : new RequestFailed(0)),
    );
  };
  return { rows, next, failure, ask };
}
