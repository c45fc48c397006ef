/** A flat table kept up to date by asking for what changed since the last answer. */
import { useEffect, useState } from 'preact/hooks';
import type { TableAnswer } from '#wire';
import { addresses } from './addresses.ts';
import { keepAsking } from './asking.ts';
import { getJson, lastAnswer, type RequestFailed } from './http.ts';

export interface ChangingTable {
  readonly table: TableAnswer | undefined;
  readonly failure: RequestFailed | undefined;
  /** When rows changed last, and how many; null: none since the first answer. */
  readonly changed: { readonly at: number; readonly rows: number } | null;
}

const EVERY_MS = 5_000;

export function useChangingTable(election: string, contest: string, level: string): ChangingTable {
  const [state, setState] = useState(() => shownFirst(election, contest, level));
  useEffect(() => {
    setState(shownFirst(election, contest, level));
    let known: TableAnswer | undefined;
    return keepAsking({
      everyMs: EVERY_MS,
      ask: () =>
        getJson<TableAnswer>(addresses.table(election, contest, { level, ...(known && { since: known.position }) })),
      answered: (answer) => {
        const rows = known ? answer.rows.length : 0;
        const table = known ? joined(known, answer) : answer;
        known = table;
        setState(({ changed }) => ({
          table,
          failure: undefined,
          changed: rows > 0 ? { at: Date.now(), rows } : changed,
        }));
      },
      failed: (failure) => setState((before) => ({ ...before, failure })),
    });
  }, [election, contest, level]);
  return state;
}

function shownFirst(election: string, contest: string, level: string): ChangingTable {
  return { table: lastAnswer(addresses.table(election, contest, { level })), failure: undefined, changed: null };
}

function joined(table: TableAnswer, { rows: changed, ...head }: TableAnswer): TableAnswer {
  const byUnit = new Map(changed.map((row) => [row[0], row]));
  const rows = table.rows.map((row) => byUnit.get(row[0]) ?? row);
  const known = new Set(table.rows.map(([unit]) => unit));
  return { ...head, rows: [...rows, ...changed.filter(([unit]) => !known.has(unit))] };
}
