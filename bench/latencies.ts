/** Moments by a clock that all processes of a machine share, and percentiles. */

/** Steady, and the same in every process; milliseconds. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The value that so many percent of all do not exceed; NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function p50p99(values: readonly number[]): string {
  return `${percentile(values, 50).toFixed(1)} / ${percentile(values, 99).toFixed(1)} ms`;
}
