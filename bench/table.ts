/** What the bench prints: a figure, the limit measured in the same run beside it, their ratio, and the aim. */
import type { Times } from './child.ts';

export interface Row {
  readonly figure: string;
  readonly measured: string;
  /** What bounds it, measured in the same run. */
  readonly limit?: string;
  /** Measured against limit: a share of a rate, a multiple of a time. */
  readonly ratio?: string;
  readonly aim?: string;
  /** Whether the aim is met; undefined where there is none. */
  readonly met?: boolean;
  /** Seconds of processor time, milliseconds of a wait, or MiB: for the table of how costs grow with the election. */
  readonly cost?: number;
  /** How it may grow at most; `linear` where not said. */
  readonly growth?: 'linear' | 'constant';
}

export function printTable(title: string, rows: readonly Row[]): void {
  const cells = rows.map(({ figure, measured, limit = '', ratio = '', aim = '', met }) => [
    figure,
    measured,
    limit,
    ratio,
    aim,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]);
  const all = [['figure', 'measured', 'limit (same run)', 'ratio', 'aim', ''], ...cells];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  console.log(`\n${title}`);
  for (const [i, row] of all.entries()) {
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
    if (i === 0) console.log(`  ${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  }
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(2)} ms` : `${whole(value)} ms`;
}

export function seconds(value: number): string {
  return value < 1 ? milliseconds(1_000 * value) : `${value.toFixed(1)} s`;
}

export function mebibytes(value: number): string {
  return `${whole(value)} MiB`;
}

/** Processor time for each of many, and how many a second the main thread could do with a core to itself. */
export function processorTime({ cpuSeconds, mainSeconds }: Times, count: number): string {
  const alone = mainSeconds > 0 ? `, alone ${whole(count / mainSeconds)}/s` : '';
  return `${micros(cpuSeconds, count)}, of which main thread ${micros(mainSeconds, count)}${alone}`;
}

/** Time for each of many. */
export function micros(spent: number, count: number): string {
  return `${((1e6 * spent) / count).toFixed(1)} µs`;
}

export function percent(part: number, of: number): string {
  return `${((100 * part) / of).toPrecision(2)} %`;
}

export function times(value: number, of: number): string {
  return `× ${(value / of).toPrecision(2)}`;
}
