import { type ComponentChildren, Fragment } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { keepOrder, nextOrder, type SortDirection, type SortOrder, type SortValue, sortRows } from '../figures/sort.ts';
import { useLocale } from '../text/locale.ts';

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** The header in full, where the label is short. */
  readonly long?: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What the column is sorted by; without it the column cannot be sorted. */
  readonly sortBy?: (row: Row) => SortValue;
  readonly natural?: SortDirection;
  readonly kind?: 'text' | 'number';
  /** Names the row: a row header. */
  readonly isHead?: boolean;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** In the package's order, which is the order as long as nobody sorts. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly className?: string;
  /** Wide tables scroll inside their own frame, the first column staying. */
  readonly isWide?: boolean;
  /** The order as long as nobody sorts, where it is another than the package's. */
  readonly defaultOrder?: SortOrder | undefined;
  readonly line?: TableLine | undefined;
}

/** A line of words under the first rows, as long as these stand first by a column, the largest above. */
export interface TableLine {
  readonly column: string;
  readonly below: number;
  readonly text: string;
}

/** A sortable table whose rows stay where they are while somebody points at it or has the focus in it. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  rowClass,
  className = '',
  isWide = false,
  defaultOrder,
  line,
}: DataTableProps<Row>) {
  const { compare } = useLocale();
  const [chosen, setOrder] = useState<SortOrder | null>(null);
  const [, leave] = useState(0);
  const presence = useRef({ pointer: false, focus: false });
  const shown = useRef<readonly string[]>([]);
  const shownOrder = useRef<SortOrder | null>(null);

  const order = chosen ?? defaultOrder ?? null;
  const column = order && columns.find(({ id }) => id === order.column);
  const sorted = order && column?.sortBy ? sortRows(rows, column.sortBy, order.direction, compare) : rows;
  const isHeldStill = (presence.current.pointer || presence.current.focus) && isSameOrder(shownOrder.current, order);
  const visible = isHeldStill ? keepOrder(rows, shown.current, keyOf) : sorted;
  shown.current = visible.map(keyOf);
  shownOrder.current = order;
  const above = visible.slice(0, line?.below);
  const hasLine =
    order?.column === line?.column &&
    order?.direction === 'descending' &&
    above.every((row) => sorted.indexOf(row) < above.length);

  const enter = (how: 'pointer' | 'focus') => (): void => {
    presence.current[how] = true;
  };
  const exit = (how: 'pointer' | 'focus') => (): void => {
    presence.current[how] = false;
    leave((count) => count + 1);
  };
  const table = (
    <table class={`table ${className}`}>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((head) => (
            <HeadCell key={head.id} column={head} order={order} onSort={setOrder} />
          ))}
        </tr>
      </thead>
      <tbody
        onPointerEnter={enter('pointer')}
        onPointerLeave={exit('pointer')}
        onFocusIn={enter('focus')}
        onFocusOut={exit('focus')}
      >
        {visible.map((row, place) => (
          <Fragment key={keyOf(row)}>
            <tr class={rowClass?.(row)}>
              {columns.map((cell) => (
                <Cell key={cell.id} column={cell} row={row} />
              ))}
            </tr>
            {hasLine && line?.below === place + 1 && (
              <tr class="table-line">
                <td colSpan={columns.length}>{line.text}</td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
  if (!isWide) return table;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="table-frame" aria-label={caption} tabIndex={0}>
      {table}
    </section>
  );
}

function isSameOrder(a: SortOrder | null, b: SortOrder | null): boolean {
  return a?.column === b?.column && a?.direction === b?.direction;
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly order: SortOrder | null;
  readonly onSort: (order: SortOrder | null) => void;
}

function HeadCell<Row>({ column, order, onSort }: HeadCellProps<Row>) {
  const { id, label, long, sortBy, natural = 'descending', kind = 'text' } = column;
  const direction = order?.column === id ? order.direction : undefined;
  const text = long ? (
    <>
      <span aria-hidden="true">{label}</span>
      <span class="unseen">{long}</span>
    </>
  ) : (
    label
  );
  const arrow = <span class={`sort-arrow ${direction ?? ''}`} aria-hidden="true" />;
  return (
    <th scope="col" class={`cell-${kind}`} aria-sort={sortBy ? (direction ?? 'none') : undefined} title={long}>
      {sortBy ? (
        <button type="button" class="sort" onClick={() => onSort(nextOrder(order, id, natural))}>
          {kind === 'number' && arrow}
          <span class="sort-label">{text}</span>
          {kind === 'text' && arrow}
        </button>
      ) : (
        text
      )}
    </th>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const className = `cell-${column.kind ?? 'text'}`;
  if (column.isHead)
    return (
      <th scope="row" class={className}>
        {column.cell(row)}
      </th>
    );
  return <td class={className}>{column.cell(row)}</td>;
}
