import type { BoardAnswer, BoardCounts, BoardUnit, UnitAnswer } from '#wire';
import { type BoardPlace, links } from '../../route.ts';
import { deskWords } from '../../text/desk.ts';
import { useLocale } from '../../text/locale.ts';
import { type Column, DataTable } from '../data-table.tsx';

interface AreasProps {
  readonly election: string;
  readonly place: BoardPlace;
  readonly unit: UnitAnswer;
  readonly board: BoardAnswer;
}

const toSettle = ({ held, disputed, awaiting, returned, sealed }: BoardCounts): number =>
  held + disputed + awaiting + returned + sealed;

/** The units directly below: as tiles that fill up, and as a table. */
export function Areas({ election, place, unit, board }: AreasProps) {
  const { language, count, nameOf } = useLocale();
  const words = deskWords(useLocale()).board;
  if (board.children.length === 0) return null;
  const children = new Map(unit.children.map((child) => [child.code, child]));
  const nameAt = ({ unit: code }: BoardUnit): string => {
    const child = children.get(code);
    return child ? nameOf(child) : code;
  };
  const hrefOf = ({ unit: code }: BoardUnit): string => links.board(language, election, { ...place, unit: code });
  const columns: Column<BoardUnit>[] = [
    {
      id: 'area',
      label: words.area,
      isHead: true,
      cell: (row) => <a href={hrefOf(row)}>{nameAt(row)}</a>,
      sortBy: nameAt,
      natural: 'ascending',
    },
    ...(
      [
        [
          'received',
          words.received,
          ({ received, stations }) => `${count(received)}/${count(stations)}`,
          ({ received, stations }) => received / stations,
        ],
        ['due', words.due, ({ due }) => count(due), ({ due }) => due],
        ['missing', words.states.missing, ({ missing }) => count(missing), ({ missing }) => missing],
        [
          'late',
          words.states.late,
          ({ due, received }) => count(Math.max(0, due - received)),
          ({ due, received }) => due - received,
        ],
        ['open', words.open, (counts) => count(toSettle(counts)), toSettle],
      ] as [string, string, (counts: BoardCounts) => string, (counts: BoardCounts) => number][]
    ).map(
      ([id, label, print, sortBy]): Column<BoardUnit> => ({
        id,
        label,
        ...(id === 'open' && { long: words.openLong }),
        kind: 'number',
        cell: ({ counts }) => print(counts),
        sortBy: ({ counts }) => sortBy(counts),
      }),
    ),
  ];
  return (
    <div class="board-areas">
      <h2 id="areas">{words.areas}</h2>
      <ul class="area-tiles">
        {board.children.map((child) => (
          <AreaTile key={child.unit} child={child} name={nameAt(child)} href={hrefOf(child)} />
        ))}
      </ul>
      <DataTable
        caption={words.areas}
        columns={columns}
        rows={board.children}
        keyOf={({ unit: code }) => code}
        isWide
      />
    </div>
  );
}

/** Filled as far as received; what is to settle is marked in words too. */
function AreaTile({ child: { counts }, name, href }: { child: BoardUnit; name: string; href: string }) {
  const { count } = useLocale();
  const words = deskWords(useLocale()).board;
  const open = toSettle(counts);
  return (
    <li>
      <a class={open > 0 ? 'area-tile has-open' : 'area-tile'} href={href}>
        <span class="area-name">{name}</span>
        <svg class="area-fill" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect class="area-fill-all" width="100" height="4" />
          <rect class="area-fill-received" width={(100 * counts.received) / counts.stations} height="4" />
        </svg>
        <span class="area-state">
          {counts.missing === 0 ? words.tileAll : `${count(counts.received)}/${count(counts.stations)}`}
          {open > 0 && ` · ${words.open}: ${count(open)}`}
        </span>
      </a>
    </li>
  );
}
