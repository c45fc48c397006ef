import type { ComponentChildren } from 'preact';
import { runningSums } from '../figures/lineage.ts';
import { auditWords } from '../text/audit.ts';
import { useLocale } from '../text/locale.ts';
import { Notice } from './notice.tsx';

export interface SumRow {
  readonly key: string;
  readonly name: ComponentChildren;
  /** What is told of the row between its name and what it contributes. */
  readonly facts: readonly ComponentChildren[];
  /** undefined: nothing. */
  readonly value: number | undefined;
  /** Beneath what it contributes. */
  readonly note?: ComponentChildren;
}

interface SumTableProps {
  readonly caption: string;
  /** Of the name, then of each fact. */
  readonly heads: readonly string[];
  readonly rows: readonly SumRow[];
  readonly total: number;
}

/** Rows with their running sum, down to the total, so that anybody can add up for themselves; and whether it does. */
export function SumTable({ caption, heads, rows, total }: SumTableProps) {
  const locale = useLocale();
  const { count, t } = locale;
  const words = auditWords(locale).lineage;
  const sums = runningSums(rows.map(({ value }) => value));
  const sum = sums.at(-1) ?? 0;
  const [name, ...facts] = heads;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="table-frame" aria-label={caption} tabIndex={0}>
        <table class="table sum-table">
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{name}</th>
              {facts.map((fact) => (
                <th key={fact} scope="col">
                  {fact}
                </th>
              ))}
              <th scope="col" class="cell-number">
                {words.contribution}
              </th>
              <th scope="col" class="cell-number">
                {words.running}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={row.key}>
                <th scope="row">{row.name}</th>
                {row.facts.map((fact, i) => (
                  <td key={facts[i]}>{fact}</td>
                ))}
                <td class="cell-number">
                  {row.value === undefined ? t.none : count(row.value)}
                  {row.note}
                </td>
                <td class="cell-number sum-running">{count(sums[place]!)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.total}</th>
              {facts.map((fact) => (
                <td key={fact} />
              ))}
              <td class="cell-number" />
              <td class="cell-number sum-total">{count(total)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      {sum === total ? (
        <p class="adds-up">{words.addsUp(total)}</p>
      ) : (
        <Notice tone="danger">{words.doesNotAddUp(sum, total)}</Notice>
      )}
    </>
  );
}
